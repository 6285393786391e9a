# SPDX-License-Identifier: Apache-2.0
"""JSON values as Node's ``util.inspect`` prints them, which is what ``npm view`` shows.

Source: https://nodejs.org/api/util.html#utilinspectobject-options, with the default ``compact: 3``.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

__all__ = ["inspect"]

_WIDTH = 80
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z_0-9]*\Z")


def _quoted(text: str) -> str:
    """A string in the quotes that need no escape, single ones before all."""
    quote = next((mark for mark in "'\"`" if mark not in text), "'")
    body = json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"')
    return quote + (body.replace("'", "\\'") if quote == "'" else body) + quote


class _Printer:
    def __init__(self, depth: int) -> None:
        self._depth = depth
        self._deepest = 0
        """The level of the last object begun: what lies at most three levels deep goes on one line."""

    def show(self, value: Any, indent: int = 0, level: int = 0, nested: bool = False) -> str:
        if isinstance(value, str):
            long = nested and len(value) > 16 and len(value) > _WIDTH - indent - 4
            lines = re.findall(r"[^\n]*\n|[^\n]+", value) if long else [value]
            return f" +\n{' ' * (indent + 2)}".join(map(_quoted, lines or [""]))
        if value is None or isinstance(value, (bool, int, float)):
            return json.dumps(value)
        if level > self._depth:
            return "[Array]" if isinstance(value, list) else "[Object]"
        self._deepest = level
        if isinstance(value, list):
            output = [self.show(one, indent + 2, level + 1, True) for one in value]
            return self._joined(output, "[]", indent, level, value)
        output = [
            f"{name if _IDENTIFIER.match(name) else _quoted(name)}: "
            + self.show(one, indent + 2, level + 1, True)
            for name, one in value.items()
        ]
        return self._joined(output, "{}", indent, level, None)

    def _joined(
        self, output: list[str], braces: str, indent: int, level: int, array: list[Any] | None
    ) -> str:
        if not output:
            return braces
        entries = len(output)
        if array is not None and entries > 6:
            output = _grouped(output, indent, all(isinstance(one, (int, float)) for one in array))
        if self._deepest - level < 3 and entries == len(output):
            length = sum(map(len, output)) + len(output) * 2 + indent + 1 + 10
            line = ", ".join(output)
            if length <= _WIDTH and "\n" not in line:
                return f"{braces[0]} {line} {braces[1]}"
        gap = "\n" + " " * indent
        return f"{braces[0]}{gap}  {f',{gap}  '.join(output)}{gap}{braces[1]}"


def _grouped(output: list[str], indent: int, numbers: bool) -> list[str]:
    """More than six entries of an array in columns, when they are short enough (groupArrayElements)."""
    lengths = [len(one) for one in output]
    total, widest = sum(lengths) + 2 * len(output), max(lengths) + 2
    if widest * 3 + indent >= _WIDTH or (total / widest <= 5 and widest - 2 > 6):
        return output
    bias = math.sqrt(widest - total / len(output))
    biased = max(widest - bias, 1)
    columns = min(
        math.floor(math.sqrt(2.5 * biased * len(output)) / biased + 0.5),
        (_WIDTH - indent) // widest,
        12,
        15,
    )
    if columns <= 1:
        return output
    widths = [max(lengths[column::columns]) + 2 for column in range(columns)]
    rows = []
    for start in range(0, len(output), columns):
        row = output[start : start + columns]
        cells = [
            f"{cell}, ".rjust(width) if numbers else f"{cell}, ".ljust(width)
            for cell, width in zip(row[:-1], widths, strict=False)
        ]
        last = row[-1].rjust(widths[len(row) - 1] - 2) if numbers else row[-1]
        rows.append("".join(cells) + last)
    return rows


def inspect(value: Any, depth: int = 5) -> str:
    """`value`, as JSON has it, in Node's notation; deeper levels become ``[Object]``."""
    return _Printer(depth).show(value)
