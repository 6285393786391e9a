# SPDX-License-Identifier: Apache-2.0
"""How long graphs of modules and known packages take to load, next to Node in the same run.

    python bench/loader.py [--runs N] [--packages DIR]

Whole processes, alternating so that the machine's moods hit all alike; what an empty program takes is shown,
and not taken off. "first" is edgejs with an empty cache of compiled code, "edgejs" what later runs take. In
`DIR` lodash, rxjs, typescript@5 and webpack are installed; without it only the made graphs are measured. Last
comes resolution alone, microseconds a specifier: every require() in that tree. Node is found as
bench/start.py finds it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from start import engines, measure

MODULES = 1000
WIDTH = 10  # what a module of the tree imports


def _children(number: int) -> range:
    first = number * WIDTH + 1
    return range(first, min(first + WIDTH, MODULES))


def _body(number: int) -> str:
    return f"  return {{ number: {number}, list: [1, 2, 3].map((x) => x * {number}) }};\n"


def _es_module(number: int) -> str:
    imports = "".join(f"import {{ f{child} }} from './m{child}.mjs';\n" for child in _children(number))
    uses = "".join(f"f{child}();\n" for child in _children(number))
    return f"{imports}export function f{number}() {{\n{_body(number)}}}\n{uses}"


def _commonjs(number: int) -> str:
    requires = "".join(f"const {{ f{child} }} = require('./m{child}');\n" for child in _children(number))
    uses = "".join(f"f{child}();\n" for child in _children(number))
    return f"{requires}exports.f{number} = function () {{\n{_body(number)}}};\n{uses}"


def _write_graphs(folder: Path) -> None:
    for number in range(MODULES):
        Path(folder, f"m{number}.mjs").write_text(_es_module(number))
        Path(folder, f"m{number}.js").write_text(_commonjs(number))


def _programs(folder: Path, packages: Path | None) -> Iterator[tuple[str, Path]]:
    empty = folder / "empty.js"
    empty.write_text("")
    yield "empty program", empty
    yield f"{MODULES} CommonJS modules", folder / "m0.js"
    yield f"{MODULES} ES modules", folder / "m0.mjs"
    if packages is None:
        return
    for name in ("lodash", "typescript", "rxjs"):
        for suffix, source in (("cjs", f"require('{name}');\n"), ("mjs", f"import '{name}';\n")):
            program = packages / f"bench-{name}.{suffix}"
            program.write_text(source)
            yield source.strip(), program


RESOLUTION = """
const fs = require('fs'), path = require('path'), Module = require('module');
const REQUEST = /\\brequire\\(\\s*["']([^"']+)["']\\s*\\)/g;
const found = [];
(function walk(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) walk(file);
    else if (file.endsWith('.js') && fs.statSync(file).size < 200000)
      for (const [, name] of fs.readFileSync(file, 'utf8').matchAll(REQUEST)) {
        const parent = new Module(file, null);
        parent.filename = file;
        parent.paths = Module._nodeModulePaths(folder);
        found.push([parent, name]);
      }
  }
})(path.join(__dirname, 'node_modules'));
const start = performance.now();
// what is not installed costs a search too
for (const [parent, name] of found) try { Module._resolveFilename(name, parent); } catch {}
console.log((performance.now() - start) * 1000 / found.length);
"""


def _resolution(packages: Path, commands: dict[str, str], runs: int) -> None:
    program = packages / "bench-resolution.cjs"
    program.write_text(RESOLUTION)
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            done = subprocess.run([command, str(program)], capture_output=True, text=True, check=True)
            times[name].append(float(done.stdout))
    medians = [statistics.median(each) for each in times.values()]
    ratios = ", ".join(f"{medians[0] / median:.2f}" for median in medians[1:])
    print(
        f"{'us a specifier, resolved':28}" + "".join(f"{median:14.1f}" for median in medians) + f"   {ratios}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="time to load modules")
    parser.add_argument("--runs", type=int, default=15, help="runs of each engine (15)")
    parser.add_argument(
        "--packages", type=Path, help="folder in which lodash, rxjs, typescript@5 and webpack are installed"
    )
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    commands = engines()
    edgejs, *others = list(commands)
    names = ["first", edgejs, *others]
    print(f"{'median ms':28}" + "".join(f"{name:>14}" for name in names) + "   first, edgejs / each")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _write_graphs(folder)
        os.environ["EDGEJS_CACHE_DIR"] = str(folder / "cache")
        for title, program in _programs(folder, options.packages):
            times: dict[str, list[float]] = {name: [] for name in names}
            for turn in range(options.runs + 1):
                shutil.rmtree(folder / "cache", ignore_errors=True)
                for name in names:
                    elapsed, _ = measure([commands.get(name, commands[edgejs]), str(program)])
                    if turn > 0:  # the first turn brings the files into memory
                        times[name].append(elapsed)
            first, ours, *theirs = (statistics.median(times[name]) for name in names)
            ratios = ", ".join(f"{first / median:.2f} {ours / median:.2f}" for median in theirs)
            medians = "".join(f"{median:14.1f}" for median in (first, ours, *theirs))
            print(f"{title:28}{medians}   {ratios}")
        if options.packages is not None:
            _resolution(options.packages, commands, min(options.runs, 5))


if __name__ == "__main__":
    main()
