# SPDX-License-Identifier: Apache-2.0
"""Runs tests of test262, each in a new isolate of this process.

A line of JSON comes in for each run and a line goes out: null when it was as the test wants it, else what was wrong.
Started by `test262.py`, which starts another when a test takes this process with it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from edgejs.engine import Isolate, JSError

from edgejs.configuration import configuration

HOST = Path(__file__).with_name("test262_host.js").read_text()
SECONDS = 10
MEMORY = 1 << 30


def run(test: dict[str, Any]) -> str | None:
    """One run of one test, in one mode; None when it passes."""
    isolate = Isolate(configuration(["edgejs"], ["--experimental-vm-modules"], embedded=True))
    try:
        isolate.limit(seconds=SECONDS, memory=MEMORY)
        make = isolate.call(isolate.get(isolate.host, "evalScript"), None, HOST)
        host = isolate.call(make, None, isolate.get(isolate.host, "require"), isolate.collect)
        isolate.call(isolate.get(host, "run"), None, test)
        isolate.spin()
        return judge(test, isolate.copy(isolate.call(isolate.get(host, "result"), None)))
    except JSError as error:
        return f"{type(error).__name__}: {error}"
    finally:
        isolate.close()


def judge(test: dict[str, Any], outcome: dict[str, Any]) -> str | None:
    """What the outcome has against the test."""
    error, negative = outcome["error"], test["negative"]
    if negative is not None:
        if error is None:
            return f"expected a {negative['type']}"
        if error["name"] != negative["type"]:
            return f"expected a {negative['type']}, got {error['text']}"
        if (negative["phase"] == "parse") != (outcome["phase"] == "parse") and not test["isModule"]:
            return f"expected an error of phase {negative['phase']}, got one of phase {outcome['phase']}"
        return None
    if error is not None:
        return str(error["text"])
    if test["isAsync"] and outcome["said"] != "Test262:AsyncTestComplete":
        return str(outcome["said"] or "$DONE() was not called")
    return None


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
