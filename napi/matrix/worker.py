# SPDX-License-Identifier: Apache-2.0
"""A process for one cell: whatever happens to it, who asked goes on.

``python -m edgejs.napi.matrix.worker`` reads a line of JSON, prints the outcome, and ends early, with
the case's processes, when its standard input is closed: who asked is gone.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from typing import Any

from .cells import Cell, Place, perform

__all__ = ["perform_in_process"]


def perform_in_process(cell: dict[str, Any], place: dict[str, Any]) -> dict[str, Any]:
    """`perform` in a process of its own; a worker that dies is an outcome too."""
    request = json.dumps({"cell": cell, "place": place})
    process = subprocess.Popen(
        [sys.executable, "-m", "edgejs.napi.matrix.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",  # what lies in the folder of the user must not be imported
    )
    assert process.stdin and process.stdout and process.stderr
    try:
        process.stdin.write(request.encode() + b"\n")
        process.stdin.flush()
        answer = process.stdout.read()
        problems = process.stderr.read()
    except BrokenPipeError:
        answer, problems = b"", process.stderr.read()
    finally:
        process.stdin.close()
        code = process.wait()
    if code != 0:
        text = problems.decode("utf-8", "replace")[-2000:]
        return {"stage": "worker", "error": {"name": "WorkerError", "message": f"exit code {code}: {text}"}}
    outcome: dict[str, Any] = json.loads(answer)
    return outcome


def _end_with_the_asker() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGINT)


def main() -> None:
    request = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_the_asker, daemon=True).start()
    outcome = perform(Cell.from_json(request["cell"]), Place(**request["place"]))
    print(json.dumps(outcome), flush=True)
    os._exit(0)  # the thread still reads


if __name__ == "__main__":
    main()
