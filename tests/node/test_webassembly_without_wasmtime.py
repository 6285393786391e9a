# SPDX-License-Identifier: Apache-2.0
"""Without the package wasmtime, WebAssembly says how to get it; looking at the global is harmless."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
sys.modules["wasmtime"] = None
from edgejs import Runtime
with Runtime() as runtime:
    print(runtime.eval('''
        [typeof WebAssembly.Memory, (() => {
            try { return new WebAssembly.Memory({ initial: 1 }); } catch (error) { return error.message; }
        })()].join()
    '''))
"""


def test_the_error_names_the_extra(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.stdout == "function,WebAssembly needs the package wasmtime: pip install 'edgejs[wasm]'\n", (
        done
    )
