# SPDX-License-Identifier: Apache-2.0
"""Without the package h2, http2 says how to get it when it is used; what needs no session works."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
sys.modules["h2"] = None
from edgejs import Runtime
with Runtime() as runtime:
    print(runtime.eval('''
        const http2 = require('http2');
        [http2.getDefaultSettings().maxFrameSize, (() => {
            try { http2.createServer(); } catch (error) { return error.code + ' ' + error.message; }
        })()].join()
    '''))
"""


def test_the_error_names_the_extra(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.stdout == (
        "16384,ERR_FEATURE_UNAVAILABLE http2 needs the package h2: pip install 'edgejs[http2]'\n"
    ), done
