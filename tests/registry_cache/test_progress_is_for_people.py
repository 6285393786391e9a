# SPDX-License-Identifier: Apache-2.0
"""The progress line: on a terminal only, at most ten redraws a second, gone when the install ends."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

COMMAND = [sys.executable, "-m", "edgejs.registry_cache", "install", "a"]


def _on_a_terminal(project: Path, *flags: str, **more: str) -> str:
    """What the command writes to stderr when that is a terminal."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", **more}
    process = subprocess.Popen([*COMMAND, *flags], cwd=project, stdout=subprocess.DEVNULL, stderr=follower,
                               env=environment)  # fmt: skip
    os.close(follower)
    written = b""
    while True:
        try:
            chunk = os.read(leader, 65536)
        except OSError:  # the terminal is gone with the process
            break
        if not chunk:
            break
        written += chunk
    os.close(leader)
    assert process.wait() == 0
    return written.decode()


@pytest.fixture(autouse=True)
def packages(registry: Any) -> None:
    registry.publish({"name": "a", "version": "1.0.0"})


def test_shown_on_a_terminal(project: Path) -> None:
    written = _on_a_terminal(project)
    assert "installing" in written and "1/1" in written
    assert written.rstrip().endswith("\x1b[2K")  # the line was erased


@pytest.mark.parametrize(
    ("flags", "environment"),
    [(["--no-progress"], {}), (["--json"], {}), ([], {"CI": "1"}), ([], {"EDGEJS_NO_PROGRESS": "1"}),
     ([], {"TERM": "dumb"}), (["--silent"], {})],
)  # fmt: skip
def test_not_shown(flags: list[str], environment: dict[str, str], project: Path) -> None:
    assert _on_a_terminal(project, *flags, **environment) == ""


def test_not_in_a_pipe(project: Path) -> None:
    done = subprocess.run(COMMAND, cwd=project, capture_output=True, text=True, check=True)
    assert done.stderr == ""
