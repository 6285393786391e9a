# SPDX-License-Identifier: Apache-2.0
"""The Python API next to the other ways from Python to JavaScript, in one run.

    python bench/python_api.py [--rounds N] [--venv DIR]

The others come from the Python index into a virtual environment of their own, in the user's cache folder or
DIR. Each library is measured in a process of its own, in turns; a cell is the best of the rounds. A cell is
empty where a library has no such thing; how each is used, the class with its name says.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

OTHERS = ("mini-racer", "pythonmonkey", "quickjs", "javascript")
MEGABYTE = (bytes(range(1, 256)) * 4113)[: 1 << 20]  # no zero, at which quickjs would cut it
NUMBERS = list(range(10_000))
SUM = "(a) => { let s = 0; for (let i = 0; i < a.length; i++) s += a[i]; return s }"
ROWS = {
    "create": "runtime created and freed, µs",
    "memory": "one more runtime, kB",
    "call": "call with two numbers, µs",
    "bytes_in": "1 MB of bytes in, µs",
    "bytes_out": "1 MB of bytes out, µs",
    "numbers": "10,000 numbers in and summed, µs",
    "callback": "callback into Python, µs",
    "awaited": "promise awaited, µs",
}
EXPECTED = {"call": 3, "bytes_in": len(MEGABYTE), "numbers": sum(NUMBERS)}


def resident() -> float:
    """kB of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4


def each(function: Callable[[], object], seconds: float = 0.3) -> float:
    """Microseconds of one call: the best of batches that fill `seconds`."""
    function()
    best, end, count = float("inf"), time.perf_counter() + seconds, 1
    while time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(count):
            function()
        spent = time.perf_counter() - start
        best = min(best, spent / count)
        if spent < 0.01:
            count *= 2
    return best * 1e6


class Edgejs:
    """Runtime, and what its functions take and give. Bytes go in shared, come out as a view and are read."""

    def __init__(self) -> None:
        import edgejs

        self.make, self.free = edgejs.Runtime, lambda runtime: runtime.close()
        self.runtime = js = edgejs.Runtime()
        add, total, length = js.eval("(a, b) => a + b"), js.eval(SUM), js.eval("(b) => b.length")
        kept, calls = js.eval("globalThis.kept = new Uint8Array(1 << 20); () => kept"), js.eval(CALLS)
        data = bytearray(MEGABYTE)
        self.call = lambda: add(1, 2)
        self.bytes_in = lambda: length(data)
        self.bytes_out = lambda: bytes(kept())
        self.numbers = lambda: total(NUMBERS)
        self.callback = lambda: calls(lambda n: n)
        self.make_promise = lambda: js.eval("async (x) => x")


CALLS = "(f) => { for (let i = 0; i < 100; i++) f(i) }"


class MiniRacer:
    """Its functions take no lists: `call` turns them into JSON. Bytes are written into its own buffer."""

    def __init__(self) -> None:
        from py_mini_racer import MiniRacer

        self.make, self.free = MiniRacer, lambda runtime: runtime.close()
        self.runtime = js = MiniRacer()
        add, buffer = js.eval("(a, b) => a + b"), js.eval("globalThis.buffer = new Uint8Array(1 << 20)")
        length = js.eval("() => buffer.length")
        js.eval(f"var total = {SUM}")

        def write() -> object:
            buffer[:] = MEGABYTE
            return length()

        self.call = lambda: add(1, 2)
        self.bytes_in = write
        self.bytes_out = lambda: bytes(js.eval("buffer"))
        self.numbers = lambda: js.call("total", NUMBERS)
        self.mine = [js]

        def in_this_loop() -> Any:  # a context belongs to the loop that it was made in
            self.mine.append(MiniRacer())
            return self.mine[-1].eval("async (x) => x")

        self.make_promise = in_this_loop


class PythonMonkey:
    """One global for the process. Lists stay Python's; JavaScript asks for each element."""

    def __init__(self) -> None:
        import pythonmonkey

        js = pythonmonkey.eval
        add, total, length = js("(a, b) => a + b"), js(SUM), js("(b) => b.length")
        kept, calls = js("globalThis.kept = new Uint8Array(1 << 20); () => kept"), js(CALLS)
        data = bytearray(MEGABYTE)
        self.call = lambda: add(1, 2)
        self.bytes_in = lambda: length(data)
        self.bytes_out = lambda: bytes(kept())
        self.numbers = lambda: total(NUMBERS)
        self.callback = lambda: calls(lambda n: n)
        self.make_promise = lambda: js("async (x) => x")


class Quickjs:
    """A context without Node's globals. Bytes cross as text, lists as JSON; promises cannot be awaited."""

    def __init__(self) -> None:
        import quickjs

        self.make, self.free = quickjs.Context, lambda runtime: None
        js = quickjs.Context()
        add, total, length = js.eval("(a, b) => a + b"), js.eval(SUM), js.eval("(b) => b.length")
        js.add_callable("back", lambda n: n)
        calls = js.eval("() => { for (let i = 0; i < 100; i++) back(i) }")
        text = MEGABYTE.decode("latin-1")
        kept = js.eval("(() => { const kept = '\\xff'.repeat(1 << 20); return () => kept })()")
        self.call = lambda: add(1, 2)
        self.bytes_in = lambda: length(text)
        self.bytes_out = lambda: kept().encode("latin-1")
        self.numbers = lambda: total(js.parse_json(json.dumps(NUMBERS)))
        self.callback = calls


class Javascript:
    """Node in a process of its own, spoken to through pipes: 10,000 numbers take minutes."""

    def __init__(self) -> None:
        import javascript

        add = javascript.eval_js("return (a, b) => a + b")
        self.call = lambda: add(1, 2)


LIBRARIES: dict[str, type] = {
    "edgejs": Edgejs,
    "mini-racer": MiniRacer,
    "pythonmonkey": PythonMonkey,
    "quickjs": Quickjs,
    "javascript": Javascript,
}


def life(make: Callable[[], Any], free: Callable[[Any], object]) -> tuple[float, float]:
    """Microseconds of a runtime's birth and death, and how many kB each of fifty takes."""
    cost = each(lambda: free(make()))
    gc.collect()
    before = resident()
    many = [make() for _ in range(50)]
    size = (resident() - before) / len(many)
    for runtime in many:
        free(runtime)
    return cost, size


async def awaited(make: Callable[[], Callable[[int], Any]]) -> float:
    """Microseconds of `await f(1)`."""
    promise = make()
    best = float("inf")
    for _ in range(20):
        start = time.perf_counter()
        for _ in range(100):
            await promise(1)
        best = min(best, (time.perf_counter() - start) / 100)
    return best * 1e6


def measure(name: str) -> dict[str, float]:
    """The row's numbers of one library, in this process."""
    library: Any = LIBRARIES[name]()
    found = {}
    for row in ("call", "bytes_in", "bytes_out", "numbers", "callback"):
        if hasattr(library, row):
            result, expected = getattr(library, row)(), EXPECTED.get(row)
            if expected is not None and result != expected:
                raise SystemExit(f"{name}: {row} gave {result!r:.60}")
            found[row] = each(getattr(library, row)) / (100 if row == "callback" else 1)
    if hasattr(library, "make_promise"):
        found["awaited"] = asyncio.run(awaited(library.make_promise))
    if hasattr(library, "make"):
        found["create"], found["memory"] = life(library.make, library.free)
    return found


def environment(folder: Path) -> Path:
    """The Python of a virtual environment that has the others."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *OTHERS], check=True)
    return python


def run(name: str, python: str) -> dict[str, float]:
    command = [python, "-I", __file__, "--library", name]  # this folder has names of the standard library
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        print(f"{name}: does not end", file=sys.stderr)
        return {}
    if done.returncode != 0:
        print(f"{name}: {(done.stderr.strip().splitlines() or ['failed'])[-1]}", file=sys.stderr)
        return {}
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description="edgejs' Python API next to others")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--venv", type=Path, help="where the other libraries are, or will be")
    parser.add_argument("--library", choices=LIBRARIES, help="measure one, as JSON")
    options = parser.parse_args()
    if options.library:
        numbers = measure(options.library)
        print()
        print(json.dumps(numbers), flush=True)
        os._exit(0)  # some do not end by themselves
    if options.venv is None:
        from platformdirs import user_cache_path

        options.venv = user_cache_path("edgejs") / "bench-python-api"
    other = str(environment(options.venv))
    best: dict[str, dict[str, float]] = {name: {} for name in LIBRARIES}
    for _ in range(options.rounds):
        for name, cells in best.items():
            for row, value in run(name, sys.executable if name == "edgejs" else other).items():
                cells[row] = min(value, cells.get(row, value))
    print(f"{'':34}" + "".join(f"{name:>14}" for name in LIBRARIES))
    for row, title in ROWS.items():
        cells_of = [best[name].get(row) for name in LIBRARIES]
        print(f"{title:34}" + "".join(f"{'' if cell is None else f'{cell:,.2f}':>14}" for cell in cells_of))


if __name__ == "__main__":
    main()
