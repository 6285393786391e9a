# SPDX-License-Identifier: Apache-2.0
"""Hashes, key derivation, ciphers and signatures next to Node's, in the same run.

python bench/crypto.py [--runs N]
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from start import alternate

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
    alternate("time of cryptography", lambda _name, command: _run(command))


if __name__ == "__main__":
    main()
