# SPDX-License-Identifier: Apache-2.0
"""crypto.webcrypto: random values work, SubtleCrypto refuses by rejecting."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
const { webcrypto, subtle, randomUUID } = require('crypto');
console.log(webcrypto.subtle === subtle, webcrypto.getRandomValues(new Uint8Array(4)).length);
console.log(webcrypto.randomUUID().length, Object.prototype.toString.call(webcrypto));
subtle.digest('SHA-256', new Uint8Array(1)).catch((error) => console.log(error.code, error.message));
try { new webcrypto.constructor(); } catch (error) { console.log(error.code); }
"""


def test_webcrypto(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "edgejs", "-e", SCRIPT]
    outcome = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert outcome.stdout.splitlines() == [
        "true 4",
        "36 [object Crypto]",
        "ERR_ILLEGAL_CONSTRUCTOR",
        "ERR_METHOD_NOT_IMPLEMENTED The crypto.subtle.digest method is not implemented",
    ]
