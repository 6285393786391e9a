# SPDX-License-Identifier: Apache-2.0
"""The tables of "exports" and "imports" in webpack's enhanced-resolve."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from .case import Case, Toolbox

__all__ = ["EnhancedResolve"]

FIELDS = ("exports", "imports")
HARNESS = Path(__file__).with_name("enhanced_resolve_harness.js")
# An entry of the table that each of the two files begins with, up to the loop that runs it.
NAME = re.compile(r'\bname:\s*"((?:[^"\\]|\\.)*)"')
END = "for (const testCase of testCases)"


class EnhancedResolve:
    """A test is an entry: a field, a request and conditions, and the files to try or an error.

    `HARNESS` makes a package of the field and has it resolved.
    """

    def cases(self, root: Path, tools: Toolbox) -> Iterator[Case]:
        for field in FIELDS:
            script = root / "test" / f"{field}Field.test.js"
            table, _, _ = script.read_text(encoding="utf-8").partition(END)
            for number, name in enumerate(NAME.findall(table)):
                label = re.sub(r"[^\w .#()-]", "", name)
                yield Case(f"{field}/{number:03} {label}", (str(HARNESS), str(script), str(number)), root)
