# SPDX-License-Identifier: Apache-2.0
"""The standard library's modules print what Node prints."""

from __future__ import annotations

import sys
from pathlib import Path

import golden
import pytest


@pytest.mark.parametrize("name", golden.names())
def test_prints_what_node_prints(name: str, tmp_path: Path) -> None:
    assert golden.run([sys.executable, "-m", "edgejs"], name, tmp_path) == golden.expected(name)
