# SPDX-License-Identifier: Apache-2.0
"""What calls of the standard library take, next to Node in the same run.

    python bench/stdlib.py [--runs N] [FILE ...]

`bench/stdlib/` has the measures, a file for each part of the library; all are run when none is named. The
engines take turns, and the median of their runs counts. Node is found as bench/start.py finds it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from start import engines

MEASURES = Path(__file__).with_name("stdlib")


def _run(command: str, file: Path) -> dict[str, float]:
    """Microseconds of each measure of a file."""
    outcome = subprocess.run(
        [command, str(MEASURES / "run.js"), str(file)], capture_output=True, text=True, check=True
    )
    return dict(json.loads(line) for line in outcome.stdout.splitlines())


def main() -> None:
    parser = argparse.ArgumentParser(description="time of calls of the standard library")
    parser.add_argument("--runs", type=int, default=3, help="runs of each engine (3)")
    parser.add_argument("files", type=Path, nargs="*", help="files of measures (all)")
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    commands = {name: path for name, path in engines().items() if name in ("edgejs", "node")}
    files = options.files or sorted(file for file in MEASURES.glob("*.js") if file.name != "run.js")
    print(f"{'microseconds a call':40}" + "".join(f"{name:>14}" for name in commands) + "   edgejs / node")
    for file in files:
        runs: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
        for _ in range(options.runs):
            for name, command in commands.items():
                runs[name].append(_run(command, file))
        for title in runs["edgejs"][0]:
            medians = [statistics.median(run[title] for run in runs[name]) for name in commands]
            ratios = ", ".join(f"{medians[0] / median:.2f}" for median in medians[1:])
            print(f"{title:40}" + "".join(f"{median:14.2f}" for median in medians) + f"   {ratios}")


if __name__ == "__main__":
    main()
