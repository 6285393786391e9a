# SPDX-License-Identifier: Apache-2.0
"""The tests of cjs-module-lexer, run with the lexer that is compiled in."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from .case import Case, Toolbox

__all__ = ["ModuleLexer"]

HARNESS = Path(__file__).with_name("module_lexer_harness.py")
UNIT_TEST = re.compile(r"^\s*test\('([^']*)'", re.MULTILINE)
ES_MODULES = {"magic-string.js", "rollup.js"}  # which that file leaves out


class ModuleLexer:
    """A test is a ``test(…)`` of ``test/_unit.js`` or a file of ``test/samples``."""

    def cases(self, root: Path, tools: Toolbox) -> Iterator[Case]:
        unit = root / "test" / "_unit.js"
        names = UNIT_TEST.findall(unit.read_text(encoding="utf-8"))
        files = sorted(path.name for path in (root / "test" / "samples").glob("*.js"))
        samples = ["lexer.js itself", *(name for name in files if name not in ES_MODULES)]
        for part, script, tests in (
            ("unit", unit, names),
            ("samples", unit.with_name("integration.js"), samples),
        ):
            for number, name in enumerate(tests):
                label = re.sub(r"[^\w .#()-]", "", name)
                arguments = (str(HARNESS), str(script), str(number))
                yield Case(f"{part}/{number:02} {label}", arguments, root, runtime=(sys.executable,))
