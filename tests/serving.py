# SPDX-License-Identifier: Apache-2.0
"""`edgejs serve` as a process, for the tests of it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COMMAND = str(Path(sys.executable).with_name("edgejs"))


class Server:
    """`said` is what stood on standard error before the address."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        self.process = process
        self.said = ""
        while not (line := process.stderr.readline()).startswith("Listening on "):
            assert line, self.said
            self.said += line
        self.address = line.removeprefix("Listening on ").strip()

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2].strip("/"))

    def stop(self) -> tuple[int, str, str]:
        self.process.send_signal(signal.SIGTERM)
        output, errors = self.process.communicate(timeout=30)
        return self.process.returncode, output, errors


@contextmanager
def serving(folder: Path, handler: str, *options: str) -> Iterator[Server]:
    process = subprocess.Popen(
        [COMMAND, "serve", "--port", "0", *options, handler],
        cwd=folder,
        env={"PATH": "", "OWN": "from outside"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Server(process)
    finally:
        process.kill()
        process.communicate()
