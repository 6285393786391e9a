# SPDX-License-Identifier: Apache-2.0
"""The standard library's modules print what Node prints."""

from __future__ import annotations

import sqlite3
import sys
from importlib.util import find_spec
from pathlib import Path

import golden
import pytest

# What SQLite's errors are in detail, Python tells since 3.11.
NEEDS_ERROR_CODES = pytest.mark.skipif(
    not hasattr(sqlite3, "SQLITE_CONSTRAINT"), reason="this Python's sqlite3 tells no error codes"
)
# Of the extra `crypto`.
NEEDS_TLS = pytest.mark.skipif(find_spec("OpenSSL") is None, reason="pyOpenSSL is not installed")

NEEDS_ICU = pytest.mark.skipif(
    find_spec("icu4py") is None, reason="icu4py, with the ICU of Node 24, is not installed"
)


def marks(name: str) -> list[pytest.MarkDecorator]:
    """What a script needs."""
    if name == "sqlite-extended-error-codes":
        return [NEEDS_ERROR_CODES]
    if name.startswith("intl-"):
        return [NEEDS_ICU]
    return [NEEDS_TLS] if name.startswith(("tls-", "https-")) else []


NAMES = [pytest.param(name, marks=marks(name)) for name in golden.names()]


@pytest.mark.parametrize("name", NAMES)
def test_prints_what_node_prints(name: str, tmp_path: Path) -> None:
    assert golden.run([sys.executable, "-m", "edgejs"], name, tmp_path) == golden.expected(name)
