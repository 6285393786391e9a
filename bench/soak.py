# SPDX-License-Identifier: Apache-2.0
"""Runtimes made, used and freed again and again: does memory stay flat?

    python bench/soak.py [--cycles N]

Each cycle goes through what holds memory on both sides: functions, callbacks, buffers, errors, promises, a
limit that is reached. Prints the resident memory now and then; exit code 1 when it grew by more than 2 MiB
after the first tenth.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
from pathlib import Path

import edgejs

SLACK = 2048  # kB


def resident() -> int:
    """kB of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4


def cycle(number: int) -> None:
    """The life of one runtime."""
    with edgejs.Runtime(memory_limit="64MiB") as js:
        js.globals.callback = lambda value: [value, number]
        js.eval("callback({ a: 1 })")
        view = js.eval("new Uint8Array(2000)").view()
        view[0] = 1
        js.eval("(b) => { globalThis.kept = b }")(bytearray(1000))
        with contextlib.suppress(edgejs.JSTypeError):
            js.eval("null.x")
        js.wait_for(js.eval("new Promise((resolve) => setImmediate(resolve, { deep: [callback] }))"))
        js.eval("(shared) => { globalThis.shared = shared }")(edgejs.proxy({"js": number}))


def main() -> int:
    parser = argparse.ArgumentParser(description="create and destroy runtimes")
    parser.add_argument("--cycles", type=int, default=100_000)
    cycles = parser.parse_args().cycles
    settled = 0
    for number in range(cycles):
        cycle(number)
        if number % max(1, cycles // 10) == cycles // 10 - 1:
            gc.collect()
            now = resident()
            settled = settled or now
            print(f"{number + 1:>8} cycles: {now:,} kB", flush=True)
    gc.collect()
    grown = resident() - settled
    print(f"grown by {grown:,} kB since the first tenth")
    return int(grown > SLACK)


if __name__ == "__main__":
    raise SystemExit(main())
