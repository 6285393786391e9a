# SPDX-License-Identifier: Apache-2.0
"""Programs of many files print what Node prints: modules, and the errors of those that cannot be loaded."""

from __future__ import annotations

import sys
from pathlib import Path

import golden
import pytest


@pytest.mark.parametrize("name", golden.names("loader"))
def test_prints_what_node_prints(name: str, tmp_path: Path) -> None:
    printed = golden.run([sys.executable, "-m", "edgejs"], name, tmp_path, "loader")
    assert printed == golden.expected(name, "loader")
