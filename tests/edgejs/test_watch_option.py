# SPDX-License-Identifier: Apache-2.0
"""--watch: the program runs again when a file changes that it loaded."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

COMMAND = str(Path(sys.executable).with_name("edgejs"))


@contextmanager
def watching(folder: Path, *options: str) -> Iterator[IO[str]]:
    process = subprocess.Popen(
        [COMMAND, "--watch-preserve-output", *options, "program.js"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process.stdout
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def change(path: Path, text: str, output: IO[str]) -> None:
    """Write `text` until it is noticed: the watcher may still be starting."""
    noticed = threading.Event()

    def write() -> None:
        while not noticed.wait(0.3):
            path.write_text(text)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert output.readline() == "Restarting 'program.js'\n"
    finally:
        noticed.set()
        writer.join()


def test_what_was_required_counts(tmp_path: Path) -> None:
    (tmp_path / "program.js").write_text("console.log(require('./part'))")
    (tmp_path / "part.js").write_text("module.exports = 'first'")
    with watching(tmp_path, "--watch") as output:
        assert output.readline() == "first\n"
        assert output.readline().startswith("Completed running 'program.js'. Waiting for file changes")
        change(tmp_path / "part.js", "module.exports = 'second'", output)
        assert output.readline() == "second\n"


def test_a_program_that_runs_is_ended(tmp_path: Path) -> None:
    (tmp_path / "program.js").write_text("console.log('waits'); setInterval(() => {}, 1000)")
    with watching(tmp_path, "--watch") as output:
        assert output.readline() == "waits\n"
        change(tmp_path / "program.js", "console.log('fails'); process.exit(3)", output)
        assert output.readline() == "fails\n"
        assert output.readline().startswith("Failed running 'program.js'")


def test_a_folder_of_ones_choice(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "program.js").write_text("console.log('ran')")
    with watching(tmp_path, "--watch-path=data") as output:
        assert output.readline() == "ran\n"
        assert output.readline().startswith("Completed running")
        change(tmp_path / "data" / "new", "x", output)
        assert output.readline() == "ran\n"
