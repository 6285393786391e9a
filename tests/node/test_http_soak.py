# SPDX-License-Identifier: Apache-2.0
"""A server that many clients left in the middle of something has nothing left of them."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"


def leaves_nothing(script: str, requests: int) -> None:
    command = [sys.executable, BENCH / script, str(requests)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_is_left() -> None:
    leaves_nothing("http_soak.py", 3000)


@pytest.mark.skipif(find_spec("OpenSSL") is None, reason="pyOpenSSL is not installed")
def test_nothing_is_left_of_tls() -> None:
    leaves_nothing("https_soak.py", 2000)
