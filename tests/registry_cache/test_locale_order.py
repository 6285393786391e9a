# SPDX-License-Identifier: Apache-2.0
"""Names are sorted as JavaScript's localeCompare sorts them, which lock files depend on."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from edgejs.registry_cache.order import locale_key

NAMES = [
    "b",
    "a",
    "B",
    "A",
    "a-b",
    "a_b",
    "a.b",
    "ab",
    "a/b",
    "@s/x",
    "a1",
    "a10",
    "a2",
    "aB",
    "Ab",
    "a~b",
    "z",
]
PLACES = ["", "node_modules/a/node_modules/b", "node_modules/a-b", "node_modules/a"]


def test_known_order() -> None:
    assert sorted(["b", "B", "a-b", "ab", "@s/x", "a1", "a"], key=locale_key) == [
        "@s/x", "a", "a-b", "a1", "ab", "b", "B"]  # fmt: skip


def test_node_agrees() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: nothing to compare with")
    script = (
        f"console.log(JSON.stringify({json.dumps(NAMES + PLACES)}.sort((a, b) => a.localeCompare(b, 'en'))))"
    )
    theirs = json.loads(
        subprocess.run([node, "-e", script], capture_output=True, text=True, check=True).stdout
    )
    assert sorted(NAMES + PLACES, key=locale_key) == theirs
