# SPDX-License-Identifier: Apache-2.0
"""Runtimes that come and go leave nothing behind, and many can be alive at once."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

import edgejs

LIMIT = 6000
LIMITS = resource.getrlimit(resource.RLIMIT_NOFILE)
SOAK = Path(__file__).parents[2] / "bench" / "soak.py"


@pytest.mark.skipif(not SOAK.exists(), reason="bench/ is not part of the source distribution")
def test_create_and_destroy():
    done = subprocess.run(
        [sys.executable, str(SOAK), "--cycles", "1000"], capture_output=True, text=True, timeout=110
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(LIMITS[1] < LIMIT, reason="may not open enough files")
def test_a_thousand_at_once():
    resource.setrlimit(resource.RLIMIT_NOFILE, (LIMIT, LIMITS[1]))
    try:
        runtimes = [edgejs.Runtime() for _ in range(1000)]
        assert sum(js.eval("1 + 1") for js in runtimes) == 2000
        for js in runtimes:
            js.close()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, LIMITS)


def test_one_dropped_without_close_is_freed_with_its_proxies():
    import gc
    import weakref

    js = edgejs.Runtime()
    thing = js.eval("({ a: 1 })")
    dead = weakref.ref(js._isolate)
    descriptors = len(os.listdir("/proc/self/fd"))
    del js
    gc.collect()
    assert thing.a == 1
    del thing
    gc.collect()
    assert dead() is None
    assert len(os.listdir("/proc/self/fd")) < descriptors
