# SPDX-License-Identifier: Apache-2.0
"""Runs one test of cjs-module-lexer: ``python module_lexer_harness.py FILE NUMBER``.

The lexer that the loader uses is an internal of edgejs, which JavaScript cannot require; its embedder can.
"""

from __future__ import annotations

import sys
from pathlib import Path

import edgejs

HARNESS = Path(__file__).with_name("module_lexer_harness.js")


def main(file: str, number: int) -> None:
    """Run test `number` of `file`; an error of it is raised."""
    with edgejs.Runtime() as js:
        lexer = js._host("require", "internal/deps/cjs-module-lexer/lexer")
        done = js.require(str(HARNESS))(file, number, lexer)
        js.run_until_idle()
        if failure := done.failure:
            raise failure if isinstance(failure, Exception) else AssertionError(str(failure))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
