# SPDX-License-Identifier: Apache-2.0
"""WebAssembly next to Node's, in the same run: a SHA-256 loop, calls, and compiling.

edgejs keeps compiled code for the next process. The rows of the small module are of runs that compile it:
it is below the size that is kept. The large one is made ready (compiled, instantiated, called once) by a
process that finds nothing and makes code in a hurry, and by a later one, which finds the better code.

python bench/wasm.py [--runs N]
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from wasmtime import wat2wasm

sys.path.insert(0, str(Path(__file__).parent))
from start import alternate


def _constants() -> list[int]:
    """The first 32 bits of the fractions of the cube roots of the first 64 primes."""
    primes = [n for n in range(2, 312) if all(n % d for d in range(2, n))]
    roots = []
    for prime in primes:
        root = round((prime << 96) ** (1 / 3))  # close; made exact below
        while root**3 > prime << 96:
            root -= 1
        while (root + 1) ** 3 <= prime << 96:
            root += 1
        roots.append(root & 0xFFFFFFFF)
    return roots


def _escaped(data: bytes) -> str:
    return "".join(f"\\{byte:02x}" for byte in data)


def _rotations(name: str, value: str, counts: tuple[int, int], last: str) -> str:
    first, second = (f"(i32.rotr (local.get {value}) (i32.const {n}))" for n in counts)
    return f"(local.set {name} (i32.xor (i32.xor {first} {second}) {last}))"


def _rotate(value: str, count: int) -> str:
    return f"(i32.rotr (local.get {value}) (i32.const {count}))"


def _shift(value: str, count: int) -> str:
    return f"(i32.shr_u (local.get {value}) (i32.const {count}))"


def _word(name: str, back: int) -> str:
    return f"(local.set {name} (i32.load offset=256 (i32.sub (local.get $i) (i32.const {4 * back}))))"


def _load_block() -> str:
    """16 words with their bytes turned round."""
    lines = []
    for i in range(16):
        load = f"(local.tee $x (i32.load offset={4 * i} (local.get $at)))"
        turned = (
            f"(i32.or (i32.and (i32.rotl {load} (i32.const 8)) (i32.const 0x00ff00ff))"
            " (i32.and (i32.rotr (local.get $x) (i32.const 8)) (i32.const 0xff00ff00)))"
        )
        lines.append(f"(i32.store offset={256 + 4 * i} (i32.const 0) {turned})")
    return "\n".join(lines)


def _each_word(template: str) -> str:
    """For each of the eight words of the state, and the local that it is in."""
    places = [(name, 512 + 4 * i) for i, name in enumerate("abcdefgh")]
    loads = {at: f"(i32.load offset={at} (i32.const 0))" for _, at in places}
    return " ".join(template.format(n=name, at=at, old=loads[at]) for name, at in places)


# Memory: 0 the constants, 256 the schedule, 512 the state, 1024 the data.
SOURCE = f"""
(module
 (memory (export "memory") 160)
 (data (i32.const 0) "{_escaped(struct.pack("<64I", *_constants()))}")
 (func $block (param $at i32)
  (local $i i32) (local $x i32) (local $y i32) (local $s i32) (local $t i32)
  {" ".join(f"(local ${name} i32)" for name in "abcdefgh")}
  {_load_block()}
  (local.set $i (i32.const 64))
  (loop $extend
   {_word("$x", 15)}
   {_rotations("$s", "$x", (7, 18), _shift("$x", 3))}
   {_word("$y", 2)}
   {_rotations("$t", "$y", (17, 19), _shift("$y", 10))}
   (i32.store offset=256 (local.get $i) (i32.add (i32.add (local.get $s) (local.get $t)) (i32.add
    (i32.load offset=256 (i32.sub (local.get $i) (i32.const 64)))
    (i32.load offset=256 (i32.sub (local.get $i) (i32.const 28))))))
   (br_if $extend (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 256))))
  {_each_word("(local.set ${n} {old})")}
  (local.set $i (i32.const 0))
  (loop $round
   {_rotations("$s", "$e", (6, 11), _rotate("$e", 25))}
   (local.set $t (i32.add (i32.add (local.get $h) (local.get $s)) (i32.add
    (i32.xor (i32.and (local.get $e) (local.get $f))
     (i32.and (i32.xor (local.get $e) (i32.const -1)) (local.get $g)))
    (i32.add (i32.load (local.get $i)) (i32.load offset=256 (local.get $i))))))
   {_rotations("$s", "$a", (2, 13), _rotate("$a", 22))}
   (local.set $s (i32.add (local.get $s) (i32.xor (i32.xor
    (i32.and (local.get $a) (local.get $b)) (i32.and (local.get $a) (local.get $c)))
    (i32.and (local.get $b) (local.get $c)))))
   (local.set $h (local.get $g)) (local.set $g (local.get $f)) (local.set $f (local.get $e))
   (local.set $e (i32.add (local.get $d) (local.get $t)))
   (local.set $d (local.get $c)) (local.set $c (local.get $b)) (local.set $b (local.get $a))
   (local.set $a (i32.add (local.get $t) (local.get $s)))
   (br_if $round (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 256))))
  {_each_word("(i32.store offset={at} (i32.const 0) (i32.add (local.get ${n}) {old}))")})
 (func (export "hash") (param $blocks i32) (local $at i32)
  (local.set $at (i32.const 1024))
  (loop $next
   (call $block (local.get $at))
   (local.set $at (i32.add (local.get $at) (i32.const 64)))
   (br_if $next (local.tee $blocks (i32.sub (local.get $blocks) (i32.const 1))))))
 (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
"""

SIZE = 9_000_000

SCRIPT = """
const bytes = Buffer.from(process.argv[1], 'base64');
const SIZE = Number(process.argv[3]);

function time(name, repeats, run) {
  run();
  const start = process.hrtime.bigint();
  for (let i = 0; i < repeats; i++) run();
  console.log(JSON.stringify([name, Number(process.hrtime.bigint() - start) / 1e6 / repeats]));
}

const { exports: wasm } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
const view = new DataView(wasm.memory.buffer);
const INITIAL = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];
const blocks = Math.ceil((SIZE + 9) / 64);
new Uint8Array(wasm.memory.buffer).fill(7, 1024, 1024 + SIZE);
view.setUint8(1024 + SIZE, 0x80);
view.setBigUint64(1024 + blocks * 64 - 8, BigInt(SIZE) * 8n);

function hash() {
  INITIAL.forEach((word, i) => view.setUint32(512 + 4 * i, word, true));
  wasm.hash(blocks);
  return INITIAL.map((_, i) => view.getUint32(512 + 4 * i, true).toString(16).padStart(8, '0')).join('');
}

if (hash() !== process.argv[2]) throw new Error('the digest is wrong');
time('SHA-256 of 9 MB', 20, hash);
time('100,000 calls', 5, () => { for (let i = 0; i < 100000; i++) wasm.add(i, 1); });
time('compile 3 kB', 20, () => new WebAssembly.Module(bytes));
time('instance', 200, () => new WebAssembly.Instance(new WebAssembly.Module(bytes)));
"""


LARGE_SCRIPT = """
const { readdirSync, readFileSync } = require('node:fs');
const bytes = readFileSync(process.argv[1]);
const folder = process.argv[2];
const hash = (exports) => {
  const start = process.hrtime.bigint();
  exports.hash(100000);
  return Number(process.hrtime.bigint() - start) / 1e6;
};
new WebAssembly.Module(Buffer.from('0061736d01000000', 'hex')); // wasmtime's library is loaded
const start = process.hrtime.bigint();
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
exports.add(1, 2);
const ready = Number(process.hrtime.bigint() - start) / 1e6;
hash(exports);
console.log(JSON.stringify([ready, hash(exports)]));
const files = () => readdirSync(folder).filter((name) => !name.startsWith('.')).join();
(function wait() {
  if (folder && !/^[0-9a-f]+\\.0$/.test(files())) setImmediate(wait);
})();
"""


def _large_module() -> bytes:
    """Some 700 kB: functions as the one that hashes a block, of which two are called."""
    start = SOURCE.index(" (func $block ")
    end = SOURCE.index(' (func (export "hash")')
    copies = [SOURCE[start:end].replace("$block", f"$block{i}") for i in range(700)]
    return bytes(wat2wasm(SOURCE[:end] + "".join(copies) + SOURCE[end:]))


def _run_large(command: str, keeps: bool) -> dict[str, float]:
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        module = Path(folder) / "large.wasm"
        module.write_bytes(_large_module())
        environment = os.environ | {"EDGEJS_CACHE_DIR": f"{folder}/cache"}
        for title in ("first run", "later run"):
            # The first process stays until the better code is there.
            kept = f"{folder}/cache/code-v1/wasm" if keeps and title == "first run" else ""
            outcome = subprocess.run(
                [command, "-e", LARGE_SCRIPT, str(module), kept],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            ready, hashed = json.loads(outcome.stdout)
            rows[f"{module.stat().st_size // 1000} kB ready, {title}"] = ready
            rows[f"  its SHA-256 loop, {title}"] = hashed
    return rows


def _run(command: str) -> dict[str, float]:
    module = base64.b64encode(bytes(wat2wasm(SOURCE))).decode()
    digest = hashlib.sha256(b"\7" * SIZE).hexdigest()
    outcome = subprocess.run(
        [command, "-e", SCRIPT, module, digest, str(SIZE)], capture_output=True, text=True, check=True
    )
    return dict(json.loads(line) for line in outcome.stdout.splitlines())


def main() -> None:
    def run(name: str, command: str) -> dict[str, float]:
        return _run(command) | _run_large(command, name == "edgejs")

    alternate("time of WebAssembly", run)


if __name__ == "__main__":
    main()
