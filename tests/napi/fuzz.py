# SPDX-License-Identifier: Apache-2.0
"""Random sequences of Node-API calls, until the time is over or one crashes.

    python tests/napi/fuzz.py [--seconds 60] [--seed N] [--program HEX] [--runtime COMMAND]

A program that crashes is made as short as it still crashes, and printed: give it as ``--program`` to see the crash again. Meant for a
build with AddressSanitizer (``make fuzz``).
"""

from __future__ import annotations

import argparse
import os
import random
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parent / "fixtures" / "addons"
BATCH = 200
LONGEST = 400


def build(folder: Path, command: list[str]) -> Path:
    """Compile fuzz.c against the headers that come with the runtime under test."""
    ask = [sys.executable, "-c", "from edgejs import napi; print(napi.include_dir())"]
    headers = subprocess.run(ask, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()
    target = folder / "fuzz.node"
    options = [
        "-shared",
        "-fPIC",
        "-std=gnu11",
        "-g",
        "-DNAPI_VERSION=10",
        "-I",
        str(SOURCES),
        "-isystem",
        headers,
    ]
    environment = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    compiler = [os.environ.get("CC", "cc"), *options, str(SOURCES / "fuzz.c"), "-o", str(target)]
    subprocess.run(compiler, check=True, env=environment)
    return target


class Machine:
    """Runs programs in a new process."""

    def __init__(self, command: list[str], addon: Path) -> None:
        self._command = [*command, "--expose-gc", str(HERE / "fuzz.js"), str(addon)]
        self._folder = addon.parent

    def run(self, programs: list[bytes]) -> tuple[int | None, str]:
        """The program that ended the process early, by number, and what it said; None when all ran."""
        lines = "".join(f"{program.hex()}\n" for program in programs)
        done = subprocess.run(
            self._command,
            cwd=self._folder,
            input=lines,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=300,
        )
        if done.returncode == 0:
            return None, ""
        return max(0, len(done.stdout.splitlines()) - 1), f"exit code {done.returncode}\n{done.stderr}"

    def crashes(self, program: bytes) -> bool:
        return self.run([program])[0] is not None

    def shorten(self, program: bytes) -> bytes:
        """`program` without every part that it crashes without."""
        size = len(program) // 2
        while size > 0:
            start = 0
            while start < len(program):
                shorter = program[:start] + program[start + size :]
                if shorter and self.crashes(shorter):
                    program = shorter
                else:
                    start += size
            size //= 2
        return program


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--program", type=bytes.fromhex, help="run this one only")
    parser.add_argument("--runtime", type=shlex.split, default=[sys.executable, "-m", "edgejs"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        machine = Machine(options.runtime, build(Path(folder), options.runtime))
        if options.program is not None:
            _, said = machine.run([options.program])
            print(said or "it runs")
            return 1 if said else 0
        return search(machine, options.seed, options.seconds)


def search(machine: Machine, seed: int, seconds: float) -> int:
    """Batches of programs until the time is over; 1 when one crashed."""
    generator = random.Random(seed)
    end = time.monotonic() + seconds
    count = 0
    while time.monotonic() < end:
        programs = [generator.randbytes(generator.randrange(1, LONGEST)) for _ in range(BATCH)]
        number, said = machine.run(programs)
        if number is not None:
            alone = machine.crashes(programs[number])
            shortest = machine.shorten(programs[number]) if alone else programs[number]
            print(
                f"seed {seed}, after {count + number} programs{'' if alone else ', only together with those before'}:"
            )
            print(f"--program {shortest.hex()}\n{said}")
            return 1
        count += BATCH
    print(f"{count} programs, seed {seed}: no crash")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
