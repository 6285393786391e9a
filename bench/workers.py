# SPDX-License-Identifier: Apache-2.0
"""Worker threads next to Node's: do two busy ones take the time of one, and how long does a round trip take?

python bench/workers.py
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from start import node

SCRIPT = """
const { once } = require('events');
const { Worker } = require('worker_threads');

const BUSY = `
  let x = 0;
  for (let i = 0; i < ITERATIONS; i++) x = (x * 31 + i) | 0;
  require('worker_threads').parentPort.postMessage(x);
`;
const ECHO = `
  const { parentPort } = require('worker_threads');
  parentPort.on('message', (value) => parentPort.postMessage(value));
`;

const milliseconds = () => Number(process.hrtime.bigint()) / 1e6;
const iterations = Number(process.argv[2]);

async function busy(count) {
  const start = milliseconds();
  const source = BUSY.replace('ITERATIONS', iterations);
  await Promise.all(Array.from({ length: count }, () => once(new Worker(source, { eval: true }), 'exit')));
  return milliseconds() - start;
}

async function roundTrips(count, value) {
  const worker = new Worker(ECHO, { eval: true });
  await once(worker, 'online');
  const start = milliseconds();
  for (let i = 0; i < count; i++) {
    worker.postMessage(value);
    await once(worker, 'message');
  }
  const each = (milliseconds() - start) / count;
  await worker.terminate();
  return each;
}

async function births(count) {
  const start = milliseconds();
  for (let i = 0; i < count; i++) await once(new Worker('', { eval: true }), 'exit');
  return (milliseconds() - start) / count;
}

function clones(count) {
  const value = Array.from({ length: 1000 }, (_, i) => ({ id: i, name: `item ${i}`, tags: ['a', 'b'] }));
  const start = milliseconds();
  for (let i = 0; i < count; i++) structuredClone(value);
  return (milliseconds() - start) / count;
}

(async () => {
  await busy(1);
  const rounds = [];
  for (let i = 0; i < 3; i++) rounds.push(await busy(2) / await busy(1));
  console.log(JSON.stringify({
    'two busy workers / one': Math.min(...rounds),
    'start and end, ms': await births(20),
    'round trip, ms': await roundTrips(2000, { hello: 'world' }),
    'clone of 1,000 objects, ms': clones(50),
  }));
})();
"""


def measure(command: list[str], iterations: int) -> dict[str, float]:
    """Run the script in one runtime; the numbers by what they tell."""
    outcome = subprocess.run(
        [*command, "-", str(iterations)], input=SCRIPT, capture_output=True, text=True, check=True
    )
    numbers: dict[str, float] = json.loads(outcome.stdout)
    return numbers


def main() -> None:
    # V8 compiles the loop: it gets more of it to do.
    runtimes = {"edgejs": ([str(Path(sys.executable).with_name("edgejs"))], 3_000_000)}
    other = node()
    if other is not None:
        runtimes["node"] = ([other], 300_000_000)
    results = {name: measure(command, iterations) for name, (command, iterations) in runtimes.items()}
    width = max(map(len, results["edgejs"]))
    print(" " * width, *(f"{name:>10}" for name in results))
    for what in results["edgejs"]:
        print(f"{what:{width}}", *(f"{numbers[what]:10.3f}" for numbers in results.values()))


if __name__ == "__main__":
    main()
