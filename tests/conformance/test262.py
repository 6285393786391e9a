# SPDX-License-Identifier: Apache-2.0
"""tc39/test262, the language's own tests.

A case is a file; it passes when every mode that its flags ask for passes. Many files run in one process, each run in an
isolate of its own; a file that takes its process along is a crash, and the next one gets a new process.
"""

from __future__ import annotations

import json
import queue
import re
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from .case import Case, Result, Toolbox

__all__ = ["EXCLUDED_OF_INTL", "Test262"]

WORKER = Path(__file__).with_name("test262_worker.py")
SECONDS = 30.0

# What the engine does not have (its own list of excluded features says the same), and the document.all of browsers.
EXCLUDED_FEATURES = {
    "Atomics.waitAsync",
    "IsHTMLDDA",
    "ShadowRealm",
    "Temporal",
    "await-dictionary",
    "canonical-tz",
    "decorators",
    "error-stack-accessor",  # a proposal: `stack` is an own property here, as in Node 24
    "host-gc-required",
    "import-defer",
    "legacy-regexp",
    "source-phase-imports",
    "source-phase-imports-module-source",
    "tail-call-optimization",
}
EXCLUDED_FOLDERS = ("intl402/", "staging/")
EXCLUDED_OF_INTL = ("intl402/Temporal/",)
# They forbid what the engine's functions have, `caller` and `arguments`, as V8's have.
EXCLUDED_FILES = {
    "built-ins/Function/prototype/restricted-property-caller.js",
    "built-ins/Function/prototype/restricted-property-arguments.js",
    "built-ins/ThrowTypeError/unique-per-realm-function-proto.js",
}


class Test262:
    """`arguments` of a case are the runs, as JSON: one for each mode. `folder` is what it is about."""

    __test__ = False  # pytest would take it for a class of tests

    def __init__(self, folder: str = "", excluded: tuple[str, ...] = EXCLUDED_FOLDERS) -> None:
        self._folder = folder
        self._excluded = excluded

    def cases(self, root: Path, tools: Toolbox) -> Iterator[Case]:
        tests = root / "test"
        for file in sorted((tests / self._folder).rglob("*.js")):
            name = file.relative_to(tests).as_posix()
            if "_FIXTURE" in name or name.startswith(self._excluded) or name in EXCLUDED_FILES:
                continue
            front = read_front_matter(file.read_text(encoding="utf-8"))
            if "CanBlockIsFalse" not in front["flags"] and not EXCLUDED_FEATURES.intersection(
                front["features"]
            ):
                yield Case(name, tuple(front["modes"]), root)

    def run(self, cases: Sequence[Case], jobs: int) -> Iterator[Result]:
        """Run the cases, `jobs` processes at a time; results in the order of the cases."""
        workers: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        for _ in range(jobs):
            workers.put(Worker())

        def one(case: Case) -> Result:
            worker = workers.get()
            try:
                return run_case(case, worker)
            finally:
                workers.put(worker)

        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(one, cases)
        for _ in range(jobs):
            workers.get().stop()


def read_front_matter(source: str) -> dict[str, Any]:
    """What a test says of itself: includes, features, the error that it wants, and the modes it runs in."""
    found = re.search(r"/\*---(.*?)---\*/", source, re.DOTALL)
    text = found.group(1).replace("\r\n", "\n").replace("\r", "\n") if found else ""
    flags = _list(text, "flags")
    negative = re.search(r"^negative:\s*\n((?:[ ]+.*\n?)+)", text, re.MULTILINE)
    modes = ["sloppy", "strict"]
    if "module" in flags:
        modes = ["module"]
    elif "raw" in flags or "noStrict" in flags:
        modes = ["sloppy"]
    elif "onlyStrict" in flags:
        modes = ["strict"]
    includes = [] if "raw" in flags else ["assert.js", "sta.js"]
    return {
        "modes": modes,
        "flags": flags,
        "features": _list(text, "features"),
        "includes": [
            *includes,
            *(["doneprintHandle.js"] if "async" in flags else []),
            *_list(text, "includes"),
        ],
        "isAsync": "async" in flags,
        "negative": dict(re.findall(r"(\w+):\s*(\w+)", negative.group(1))) if negative else None,
    }


def _list(text: str, key: str) -> list[str]:
    inline = re.search(rf"^{key}:\s*\[(.*?)\]", text, re.MULTILINE | re.DOTALL)
    if inline:
        return [item.strip() for item in inline.group(1).split(",") if item.strip()]
    block = re.search(rf"^{key}:\s*\n((?:\s*-\s*.*\n?)+)", text, re.MULTILINE)
    return re.findall(r"-\s*(\S+)", block.group(1)) if block else []


@cache
def _harness(root: Path, name: str) -> tuple[str, str]:
    file = root / "harness" / name
    return str(file), file.read_text(encoding="utf-8")


def run_case(case: Case, worker: Worker) -> Result:
    """Every mode of a case; the first that goes wrong is its result."""
    file = case.folder / "test" / case.name
    source = file.read_bytes().decode("utf-8")
    front = read_front_matter(source)
    for mode in case.arguments:
        test = {
            "file": str(file),
            "source": f'"use strict";\n{source}' if mode == "strict" else source,
            "includes": [_harness(case.folder, name) for name in front["includes"]],
            "isModule": mode == "module",
            "isAsync": front["isAsync"],
            "negative": front["negative"],
        }
        outcome, complaint = worker.ask(test)
        if outcome != "pass":
            return Result(case.name, outcome, f"{mode}: {complaint}"[:200].replace("\n", " "))
    return Result(case.name, "pass")


class Worker:
    """A process that runs tests, one after the other."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="test262-")

    def ask(self, test: dict[str, Any]) -> tuple[str, str]:
        """The outcome of one run, and what is wrong with it."""
        process = self._process = self._process or self._start()
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(json.dumps(test).encode() + b"\n")
            process.stdin.flush()
        except BrokenPipeError:
            pass  # it died: the answer below is empty
        ready, _, _ = select.select([process.stdout], [], [], SECONDS)
        if not ready:
            self.stop()
            return "timeout", f"after {SECONDS:g} s"
        line = process.stdout.readline()
        if not line:
            code = process.wait()
            self._process = None
            return "crash", f"exit code {code}"
        complaint = json.loads(line)
        return ("pass", "") if complaint is None else ("fail", complaint)

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, str(WORKER)],
            cwd=self._folder.name,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None
