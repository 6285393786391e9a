# SPDX-License-Identifier: Apache-2.0
"""Running scripts as a user would: through the installed command, in an empty folder."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

__all__ = ["Run", "run_edgejs", "write_files"]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run_edgejs(tmp_path: Path) -> Run:
    """run_edgejs(script, *arguments, env={}, stdin="", options=[]) -> CompletedProcess with text in stdout and stderr.

    `script` is a path, or the source of a script, which becomes `script.js` in the folder `tmp_path`, or None for options alone.
    """
    command = Path(sys.executable).with_name("edgejs")

    def run(
        script: "str | Path | None",
        *arguments: str,
        env: "Mapping[str, str] | None" = None,
        stdin: str = "",
        options: "Sequence[str]" = (),
    ) -> "subprocess.CompletedProcess[str]":
        if isinstance(script, str):
            (tmp_path / "script.js").write_text(script)
            script = tmp_path / "script.js"
        program = [] if script is None else [str(script)]
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **(env or {})}
        return subprocess.run(
            [str(command), *options, *program, *arguments],
            cwd=tmp_path,
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


def write_files(folder: Path, files: "Mapping[str, str]") -> None:
    """Write `files`, text by path below `folder`, making the folders they are in."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
