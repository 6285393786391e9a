# SPDX-License-Identifier: Apache-2.0
"""One test of a suite, and what became of it."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

__all__ = ["Case", "Result", "Suite", "Toolbox", "run_cases"]


@dataclass(frozen=True)
class Case:
    """A test: its ``name`` in the lists of known results, what to run, where, and for how many seconds.

    ``failed`` is the reason why it cannot be run at all, as when its addon did not compile. ``runtime`` is for what only
    a program of its own can test.
    """

    name: str
    arguments: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 60
    failed: str | None = None
    runtime: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Result:
    """``outcome`` is ``pass``, ``skip``, ``fail``, ``crash`` or ``timeout``; ``detail`` the line that tells why."""

    name: str
    outcome: str
    detail: str = ""
    output: str = ""


@dataclass(frozen=True)
class Toolbox:
    """What a suite may use to prepare itself: the compilers and the folder of Node-API's headers."""

    cc: str
    cxx: str
    headers: Path
    jobs: int


class Suite(Protocol):
    """A suite turns a copy of itself at `root` into cases. It may write to that copy."""

    def cases(self, root: Path, tools: Toolbox) -> Iterable[Case]: ...


def run_cases(cases: Iterable[Case], runtime: Sequence[str], jobs: int) -> Iterator[Result]:
    """Run each case in a process of its own, `jobs` at a time; results in the order of the cases."""
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(lambda case: _run(case, runtime), cases)


def _run(case: Case, runtime: Sequence[str]) -> Result:
    if case.failed is not None:
        return Result(case.name, "fail", case.failed)
    with tempfile.TemporaryDirectory(prefix="conformance-") as scratch:
        environment = {**os.environ, **case.environment, "NODE_TEST_DIR": scratch}
        process = subprocess.Popen(
            [*(case.runtime or runtime), *case.arguments],
            cwd=case.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            data, _ = process.communicate(timeout=case.timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # with the processes that it started
            data, _ = process.communicate()
            output = data.decode("utf-8", "replace")
            return Result(case.name, "timeout", f"after {case.timeout:g} s", output)
    return _judge(case.name, process.returncode, data.decode("utf-8", "replace"))


def _judge(name: str, code: int, output: str) -> Result:
    if code < 0:
        return Result(name, "crash", signal.Signals(-code).name, output)
    if code:
        return Result(name, "fail", _telling_line(output) or f"exit code {code}", output)
    # TAP's way of skipping a whole file, which Node's common.skip() prints.
    skipped = next((line for line in output.splitlines() if line.startswith("1..0 # Skipped:")), None)
    if skipped is not None:
        return Result(name, "skip", skipped.partition("Skipped:")[2].strip(), output)
    return Result(name, "pass", "", output)


def _telling_line(output: str) -> str:
    """The line that names the error; else the last one."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = (
        line for line in lines if line.partition(":")[0].partition(" [")[0].endswith(("Error", "Exception"))
    )
    return next(errors, lines[-1] if lines else "")[:200]
