# SPDX-License-Identifier: Apache-2.0
"""How long graphs of modules and known packages take to load, next to Node in the same run.

    python bench/loader.py [--runs N] [--packages DIR]

Whole processes, alternating so that the machine's moods hit all alike; what an empty program takes is shown,
and not taken off. `DIR` is a folder where lodash, rxjs and typescript are installed; without it only the made
graphs are measured. Node is found as bench/start.py finds it.
"""

from __future__ import annotations

import argparse
import os
import statistics
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


def main() -> None:
    parser = argparse.ArgumentParser(description="time to load modules")
    parser.add_argument("--runs", type=int, default=15, help="runs of each engine (15)")
    parser.add_argument(
        "--packages", type=Path, help="folder in which lodash, typescript and rxjs are installed"
    )
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    commands = engines()
    names = list(commands)
    print(f"{'median ms':28}" + "".join(f"{name:>14}" for name in names) + "   edgejs / each")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _write_graphs(folder)
        for title, program in _programs(folder, options.packages):
            times: dict[str, list[float]] = {name: [] for name in names}
            for turn in range(options.runs + 1):
                for name in names:
                    elapsed, _ = measure([commands[name], str(program)])
                    if turn > 0:  # the first turn fills caches
                        times[name].append(elapsed)
            medians = [statistics.median(times[name]) for name in names]
            ratios = ", ".join(f"{medians[0] / median:.2f}" for median in medians[1:])
            print(f"{title:28}" + "".join(f"{median:14.1f}" for median in medians) + f"   {ratios}")


if __name__ == "__main__":
    main()
