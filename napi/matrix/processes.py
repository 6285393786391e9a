# SPDX-License-Identifier: Apache-2.0
"""One process, and what it starts, under limits of time, memory and output."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Ended", "Limits", "run"]

POLL = 0.02
MOST_OUTPUT = 64 * 2**20
KEPT = 256 * 2**10  # bytes of each stream's end
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Limits:
    """Seconds of wall clock, and bytes of resident memory of the process and its children."""

    seconds: float = 120.0
    memory: int = 2 * 2**30


@dataclass(frozen=True)
class Ended:
    """How a process ended. ``limit`` is ``time``, ``memory`` or ``output`` if that is why it was killed."""

    code: int | None
    signal: str | None
    limit: str | None
    seconds: float
    peak_memory: int
    stdout: str
    stderr: str


def run(
    command: Sequence[str], cwd: Path, environment: Mapping[str, str], limits: Limits, streams: Path
) -> Ended:
    """Run `command` to its end and end what it leaves behind; `streams` is a folder for its output.

    Raises `OSError` if the program cannot be started.
    """
    out, err = streams / "stdout", streams / "stderr"
    began = time.monotonic()
    with out.open("wb") as to_out, err.open("wb") as to_err:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=to_out,
            stderr=to_err,
            start_new_session=True,
        )
    try:
        with contextlib.suppress(ProcessLookupError):  # it may have ended already
            resource.prlimit(process.pid, resource.RLIMIT_CORE, (0, 0))
        status, peak, limit = _wait(process.pid, began, limits, (out, err))
    except BaseException:  # an interrupt of this process: the other one ends with it
        _kill(process.pid)
        process.wait()
        raise
    code = os.waitstatus_to_exitcode(status)
    process.returncode = code
    _kill(process.pid)
    return Ended(
        code=code if code >= 0 else None,
        signal=signal.Signals(-code).name if code < 0 else None,
        limit=limit,
        seconds=round(time.monotonic() - began, 3),
        peak_memory=peak,
        stdout=_tail(out),
        stderr=_tail(err),
    )


def _wait(pid: int, began: float, limits: Limits, files: Sequence[Path]) -> tuple[int, int, str | None]:
    """The status of the process, the most memory it had, and the limit that it was killed for."""
    peak, limit = 0, None
    while True:
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            return status, max(peak, usage.ru_maxrss * 1024), limit
        if limit is None:
            memory = _resident(pid)
            peak = max(peak, memory)
            if memory > limits.memory:
                limit = "memory"
            elif time.monotonic() - began > limits.seconds:
                limit = "time"
            elif sum(file.stat().st_size for file in files) > MOST_OUTPUT:
                limit = "output"
            if limit is not None:
                _kill(pid)
        time.sleep(POLL)


def _kill(group: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # nothing of it is left
        os.killpg(group, signal.SIGKILL)


def _resident(pid: int) -> int:
    """Bytes of memory of the process and its descendants, those that end meanwhile not counted."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = [
            int(child)
            for task in os.listdir(f"/proc/{pid}/task")
            for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split()
        ]
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return pages * PAGE + sum(map(_resident, children))


def _tail(file: Path) -> str:
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - KEPT))
        return stream.read().decode("utf-8", "replace")
