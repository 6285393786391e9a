# SPDX-License-Identifier: Apache-2.0
"""The standard library's modules print what Node prints."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import golden
import pytest

# What SQLite's errors are in detail, Python tells since 3.11.
NEEDS_ERROR_CODES = pytest.mark.skipif(
    not hasattr(sqlite3, "SQLITE_CONSTRAINT"), reason="this Python's sqlite3 tells no error codes"
)
NAMES = [
    pytest.param(name, marks=NEEDS_ERROR_CODES) if name == "sqlite-extended-error-codes" else name
    for name in golden.names()
]


@pytest.mark.parametrize("name", NAMES)
def test_prints_what_node_prints(name: str, tmp_path: Path) -> None:
    assert golden.run([sys.executable, "-m", "edgejs"], name, tmp_path) == golden.expected(name)
