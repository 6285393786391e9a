# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def edgejs_command(tmp_path: Path) -> Run:
    """Runs the installed command in an empty folder: edgejs_command("-e", "…") -> CompletedProcess."""
    command = Path(sys.executable).with_name("edgejs")

    def run(*arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(command), *arguments], cwd=tmp_path, input=stdin, capture_output=True, text=True, timeout=60
        )

    return run
