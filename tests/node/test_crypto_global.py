# SPDX-License-Identifier: Apache-2.0
"""crypto.webcrypto is the global crypto; its classes cannot be made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("cryptography")

SCRIPT = """
const { webcrypto, subtle, randomUUID } = require('crypto');
console.log(webcrypto.subtle === subtle, webcrypto.getRandomValues(new Uint8Array(4)).length);
console.log(webcrypto.randomUUID().length, Object.prototype.toString.call(webcrypto), webcrypto === globalThis.crypto);
subtle.digest('SHA-256', new Uint8Array(1)).then((bytes) => console.log(Buffer.from(bytes).toString('hex').slice(0, 8)));
try { new webcrypto.constructor(); } catch (error) { console.log(error.code); }
"""


def test_webcrypto(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "edgejs", "-e", SCRIPT]
    outcome = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert outcome.stdout.splitlines() == [
        "true 4",
        "36 [object Crypto] true",
        "ERR_ILLEGAL_CONSTRUCTOR",
        "6e340b9c",
    ]
