# SPDX-License-Identifier: Apache-2.0
"""Hashes, key derivation, ciphers and signatures next to Node's, in the same run.

python bench/crypto.py [--runs N]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from start import engines

SCRIPT = """
const crypto = require('crypto');

const megabytes = Buffer.alloc(100e6, 7);
const small = Buffer.alloc(1024, 7);
const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const signature = crypto.sign('sha256', small, privateKey);
const [key, iv] = [Buffer.alloc(32, 1), Buffer.alloc(12, 2)];

function time(name, repeats, run) {
  run();
  const start = process.hrtime.bigint();
  for (let i = 0; i < repeats; i++) run();
  console.log(JSON.stringify([name, Number(process.hrtime.bigint() - start) / 1e6 / repeats]));
}

function seal(data) {
  const cipher = crypto.createCipheriv('aes-256-gcm', key, iv);
  cipher.update(data);
  cipher.final();
}

time('SHA-256 of 100 MB', 2, () => crypto.createHash('sha256').update(megabytes).digest('hex'));
time('SHA-256 of 1 KiB', 2000, () => crypto.createHash('sha256').update(small).digest('hex'));
time('hash() of 1 KiB', 2000, () => crypto.hash('sha256', small));
time('scrypt', 5, () => crypto.scryptSync('password', 'salt', 64));
time('pbkdf2, 100,000 times', 3, () => crypto.pbkdf2Sync('password', 'salt', 100000, 32, 'sha256'));
time('AES-256-GCM of 100 MB', 2, () => seal(megabytes));
time('AES-256-GCM of 1 KiB', 1000, () => seal(small));
time('RSA 2048, sign', 200, () => crypto.sign('sha256', small, privateKey));
time('RSA 2048, verify', 500, () => crypto.verify('sha256', small, publicKey, signature));
time('randomBytes(16)', 2000, () => crypto.randomBytes(16));
"""


def _run(command: str) -> dict[str, float]:
    outcome = subprocess.run([command, "-e", SCRIPT], capture_output=True, text=True, check=True)
    return dict(json.loads(line) for line in outcome.stdout.splitlines())


def main() -> None:
    parser = argparse.ArgumentParser(description="time of cryptography")
    parser.add_argument("--runs", type=int, default=3, help="runs of each engine (3)")
    options = parser.parse_args()
    commands = {name: path for name, path in engines().items() if name in ("edgejs", "node")}
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
    for _ in range(options.runs):
        for name, command in commands.items():
            runs[name].append(_run(command))
    print(f"{'milliseconds':28}" + "".join(f"{name:>12}" for name in commands) + "   node / edgejs")
    for title in runs["edgejs"][0]:
        medians = [statistics.median(run[title] for run in runs[name]) for name in commands]
        ratios = ", ".join(f"{median / medians[0]:.2f}" for median in medians[1:])
        print(f"{title:28}" + "".join(f"{median:12.3f}" for median in medians) + f"   {ratios}")


if __name__ == "__main__":
    main()
