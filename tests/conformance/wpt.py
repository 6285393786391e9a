# SPDX-License-Identifier: Apache-2.0
"""The web platform tests that Node runs: `test/wpt/test-*.js` of a copy of Node's tests.

A case is one of these drivers, which runs each file of a folder in a Worker and counts its subtests; a result is a file.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from .case import Case, Result, Toolbox

__all__ = ["DRIVERS", "Wpt", "results_of"]

DRIVERS = (
    "abort",
    "atob",
    "blob",
    "broadcastchannel",
    "compression",
    "console",
    "encoding",
    "events",
    "file",
    "hr-time",
    "microtask-queuing",
    "performance-timeline",
    "streams",
    "structured-clone",
    "timers",
    "url",
    "urlpattern",
    "user-timing",
    "webcrypto",
    "webstorage",
)
ENVIRONMENT = {"WPT_REPORT": "1", "NODE_SKIP_FLAG_CHECK": "1", "NODE_TEST_KNOWN_GLOBALS": "0"}
# What Node 24 has behind an option, and what the tests' own start needs with it.
OPTIONS = {"webstorage": "--experimental-webstorage --localstorage-file=start.localstorage"}
SECONDS = 600.0


class Wpt:
    """The tests of one driver."""

    def __init__(self, driver: str) -> None:
        self.driver = driver

    def cases(self, root: Path, tools: Toolbox) -> Iterator[Case]:
        script = root / "test" / "wpt" / f"test-{self.driver}.js"
        if script.exists():  # a driver may be gone in another version of Node
            environment = {**ENVIRONMENT, "NODE_OPTIONS": OPTIONS.get(self.driver, "")}
            yield Case(script.name, (str(script),), root, environment, timeout=SECONDS)

    def run(self, cases: Sequence[Case], runtime: Sequence[str]) -> Iterator[Result]:
        """Run the driver; what its report says of each file."""
        for case in cases:
            with tempfile.TemporaryDirectory(prefix="conformance-") as scratch:
                reports = Path(scratch, "out", "wpt")
                reports.mkdir(parents=True)
                output, ended = _run(replace(case, folder=Path(scratch)), runtime)
                for report in sorted(reports.glob("report-*.json")):
                    yield from results_of(json.loads(report.read_text(encoding="utf-8")), output)
                if ended is not None:
                    yield Result(case.name, ended, "the driver itself", output)


def _run(case: Case, runtime: Sequence[str]) -> tuple[str, str | None]:
    """The driver's output, and how it ended when that was not by itself."""
    process = subprocess.Popen(
        [*runtime, *case.arguments],
        cwd=case.folder,
        env={**os.environ, **case.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        data, _ = process.communicate(timeout=case.timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        data, _ = process.communicate()
        return data.decode("utf-8", "replace"), "timeout"
    return data.decode("utf-8", "replace"), "crash" if process.returncode < 0 else None


def results_of(report: dict[str, Any], output: str = "") -> Iterator[Result]:
    """A result for each file of a report; it fails when one of its subtests does."""
    for file in report["results"]:
        name = file["test"].removeprefix("/").replace(".html", ".js")
        failed = [each for each in file["subtests"] if each["status"] != "PASS"]
        count = len(file["subtests"])
        if file["status"] == "OK" and not failed:
            yield Result(name, "pass", f"{count} subtests")
            continue
        first = f": {failed[0]['name']}" if failed else f": {file['status']}"
        detail = f"{count - len(failed)} of {count} subtests pass{first}"
        yield Result(name, "fail", " ".join(detail.split())[:200], output)
