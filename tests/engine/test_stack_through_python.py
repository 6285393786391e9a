# SPDX-License-Identifier: Apache-2.0
"""A recursion of JavaScript that calls Python in each step ends with an error, as any other does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
const { readdirSync } = require('fs');
function recurse() {
  readdirSync('.');
  recurse();
}
try {
  recurse();
} catch (error) {
  console.log(error.name, error.message);
}
"""


def test_it_ends(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "edgejs", "-e", SCRIPT]
    outcome = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (outcome.returncode, outcome.stdout) == (0, "RangeError Maximum call stack size exceeded\n")
