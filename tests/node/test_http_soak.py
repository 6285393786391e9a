# SPDX-License-Identifier: Apache-2.0
"""A server that many clients left in the middle of something has nothing left of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SOAK = Path(__file__).resolve().parents[2] / "bench" / "http_soak.py"


def test_nothing_is_left() -> None:
    done = subprocess.run([sys.executable, SOAK, "3000"], capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stdout + done.stderr
