# SPDX-License-Identifier: Apache-2.0
"""Without the packages of the extra `compression`, Brotli and Zstandard say how to get them; gzip works all the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
sys.modules.update(dict.fromkeys(["brotlicffi", "backports", "compression", "zlib_ng"]))
from edgejs import Runtime
with Runtime() as runtime:
    print(runtime.eval('''
        const zlib = require('zlib');
        const attempt = (run) => { try { return run(); } catch (error) { return error.code + ' ' + error.message; } };
        [
          attempt(() => zlib.brotliCompressSync('')),
          attempt(() => zlib.createZstdCompress()),
          attempt(() => `${zlib.gunzipSync(zlib.gzipSync('gzip works'))}`),
        ].join('; ');
    '''))
"""


def test_the_errors_name_the_extra(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    package = "compression" if sys.version_info >= (3, 14) else "backports"
    assert done.stdout.strip() == (
        "ERR_FEATURE_UNAVAILABLE Brotli needs the package brotlicffi: pip install 'edgejs[compression]'; "
        f"ERR_FEATURE_UNAVAILABLE Zstandard needs the package {package}: pip install 'edgejs[compression]'; gzip works"
    ), done
