# SPDX-License-Identifier: Apache-2.0
"""Installing one package.json side by side with npm, pnpm, Bun and Deno: time, and memory.

    python bench/install.py [--rounds N] [--set small|large] [--peers FOLDER] [--tool NAME...]

cold: nothing is cached and there is no lock file; warm: everything is cached and the lock file is there,
node_modules is not; no-op: all is installed. The registry is the one that npm is configured for. Tools are
looked for in FOLDER (a ``node_modules/.bin``) and on the PATH; what is not there is passed over, and said. No
install script runs. Memory is the peak of the largest process. Every round has new folders, and nothing is
deleted before the end: ext4 avoids the inodes of files deleted a moment ago, which would slow down whoever
comes next.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

SMALL = ["express", "lodash", "react", "webpack", "chalk", "yargs"]
LARGE = ["next", "react", "react-dom", "eslint@9", "eslint-config-next", "jest", "jest-environment-jsdom"]
LARGE += ["ts-jest", "typescript@5", "@testing-library/react", "storybook", "firebase-tools"]
EDGEJS = [sys.executable, "-m", "edgejs"]


class Tool(NamedTuple):
    """A command; `arguments` and `environment` take the folder of its cache."""

    command: list[str]
    arguments: Callable[[Path], list[str]]
    environment: Callable[[Path], Mapping[str, str]] = lambda cache: {}


class Run(NamedTuple):
    seconds: float
    mebibytes: float


def tools(peers: Path | None, chosen: list[str]) -> dict[str, Tool]:
    """The tools that are there, by name."""
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    ours = [*EDGEJS, "install", "--ignore-scripts"]
    known = {
        "npm": Tool(["npm", "install"], lambda cache: [*quiet, f"--cache={cache}"]),
        "pnpm": Tool(
            ["pnpm", "install", "--ignore-scripts"],
            lambda cache: [f"--store-dir={cache / 'store'}", f"--config.cache-dir={cache / 'cache'}"],
        ),
        "bun": Tool(["bun", "install", "--ignore-scripts"], lambda cache: [f"--cache-dir={cache}"]),
        "deno": Tool(["deno", "install", "-q"], lambda cache: [], lambda cache: {"DENO_DIR": str(cache)}),
        "edgejs": Tool(ours, lambda cache: [f"--cache={cache}"]),
        "edgejs linked": Tool([*ours, "--install-strategy=linked"], lambda cache: [f"--cache={cache}"]),
    }
    path = os.pathsep.join([*([str(peers)] if peers else []), os.environ.get("PATH", os.defpath)])
    found = {}
    for name in chosen or known:
        tool = known[name]
        program = shutil.which(tool.command[0], path=path)
        if program is None:
            print(f"{name}: not installed, left out")
        else:
            found[name] = tool._replace(command=[program, *tool.command[1:]])
    return found


def timed(tool: Tool, project: Path, cache: Path) -> Run:
    """One run; its output is shown when it fails."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"CI": "1", **tool.environment(cache)}
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            [*tool.command, *tool.arguments(cache)],
            cwd=project,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise SystemExit(f"{' '.join(tool.command)} failed:\n{output.read().decode()}")
    return Run(seconds, usage.ru_maxrss / 1024)


def measure(tool: Tool, manifest: str, root: Path) -> dict[str, Run]:
    """One cold, one warm and one no-op install in a new folder."""
    folder = Path(tempfile.mkdtemp(dir=root))
    project, cache = folder / "project", folder / "cache"
    project.mkdir()
    (project / "package.json").write_text(manifest)
    runs = {"cold": timed(tool, project, cache)}
    (project / "node_modules").rename(folder / "first_node_modules")
    runs["warm"] = timed(tool, project, cache)
    runs["no-op"] = timed(tool, project, cache)
    return runs


def report(results: dict[str, list[dict[str, Run]]]) -> None:
    """Medians, and how often as long as edgejs each takes."""
    kinds = ("cold", "warm", "no-op")
    base = {kind: statistics.median(run[kind].seconds for run in results["edgejs"]) for kind in kinds}
    print(f"{'':14}" + "".join(f"{kind:>24}" for kind in kinds))
    for name, runs in results.items():
        line = f"{name:14}"
        for kind in kinds:
            seconds = statistics.median(run[kind].seconds for run in runs)
            memory = max(run[kind].mebibytes for run in runs)
            line += f"{seconds:8.2f} s {seconds / base[kind]:5.2f} {memory:4.0f} MiB"
        print(line)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--set", choices=["small", "large"], default="small")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", type=Path, help="a node_modules/.bin with pnpm, bun, deno")
    parser.add_argument("--tool", action="append", default=[], help="only these (edgejs is the measure)")
    options = parser.parse_args()
    manifest = {"name": "bench", "version": "1.0.0", "dependencies": {}}
    for spec in SMALL if options.set == "small" else LARGE:
        name, at, wanted = spec.rpartition("@")
        manifest["dependencies"][name if at and name else spec] = wanted if at and name else "*"
    root = Path(tempfile.mkdtemp(prefix="bench-install-"))
    found = tools(options.peers, options.tool)
    results: dict[str, list[dict[str, Run]]] = {name: [] for name in found}
    try:
        for number in range(options.rounds):
            for name in sorted(found, reverse=bool(number % 2)):
                results[name].append(measure(found[name], json.dumps(manifest, indent=2), root))
    finally:
        shutil.rmtree(root)
    report(results)


if __name__ == "__main__":
    main()
