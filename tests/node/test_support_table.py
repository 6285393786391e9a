# SPDX-License-Identifier: Apache-2.0
"""docs/stdlib.md says of every export of Node 24 what becomes of it here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_is_up_to_date(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "node" / "support.py"), "--check"]
    outcome = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert outcome.returncode == 0, outcome.stderr


def test_a_refusing_export_throws_an_error_that_names_it(tmp_path: Path) -> None:
    script = "try { require('v8').takeCoverage(); } catch (error) { console.log(error.code, error.message); }"
    command = [sys.executable, "-m", "edgejs", "-e", script]
    outcome = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert outcome.stdout == "ERR_METHOD_NOT_IMPLEMENTED The v8.takeCoverage method is not implemented\n"
