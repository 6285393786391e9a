# SPDX-License-Identifier: Apache-2.0
"""Our edits of the engine's source apply whole, or the build stops."""

import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "engine" / "tools" / "adapt_quickjs.py"
SOURCE = "int one;\nint two;\n\nint three;\nint two;\n"


def adapt(tmp_path: Path, edits: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "in.c").write_text(SOURCE)
    (tmp_path / "edits").write_text(edits)
    command = [sys.executable, str(TOOL), "in.c", "edits", "out.c"]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)


def test_hunks_apply_one_after_the_other(tmp_path):
    assert (
        adapt(tmp_path, "# a\n int one;\n-int two;\n+int 2;\n\n# b\n-\n+\n int three;\n+int 4;\n").returncode
        == 0
    )
    assert (tmp_path / "out.c").read_text() == "int one;\nint 2;\n\nint three;\nint 4;\nint two;\n"


@pytest.mark.parametrize(
    ("edits", "times"),
    [
        ("# gone\n-int four;\n", 0),
        ("# twice\n-int two;\n", 2),
        ("# part of a line\n-one;\n", 0),
        ("# nothing\n+int;\n", 0),
    ],
)
def test_a_hunk_that_does_not_apply_once_stops_the_build(tmp_path, edits, times):
    outcome = adapt(tmp_path, edits)
    assert outcome.returncode == 1
    assert f"applies {times} times, not once: {edits[2:].splitlines()[0]}" in outcome.stderr
    assert not (tmp_path / "out.c").exists()


def test_a_line_of_no_kind_stops_the_build(tmp_path):
    outcome = adapt(tmp_path, "# forgotten sign\nint one;\n")
    assert outcome.returncode == 1
    assert "line 2" in outcome.stderr
