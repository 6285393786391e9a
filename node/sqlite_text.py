# SPDX-License-Identifier: Apache-2.0
"""SQL as text: its statements and its parameters, which Python's sqlite3 tells nobody."""

from __future__ import annotations

import re

__all__ = ["first_statement", "parameters", "statements"]

# What may hide a parameter or a semicolon: strings, quoted names and comments.
_HIDDEN = r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|/\*.*?(?:\*/|\Z)"
_PARAMETER = re.compile(rf"{_HIDDEN}|(\?\d*|[$@:][A-Za-z_\x80-\uffff][\w$]*(?:::\w+)*)", re.DOTALL)
_END = re.compile(rf"{_HIDDEN}|(;)", re.DOTALL)
_BLANK = re.compile(r"(?:\s|;|--[^\n]*|/\*.*?(?:\*/|\Z))*\Z", re.DOTALL)


def parameters(sql: str) -> list[str]:
    """The name of each parameter by its number, less one; "" for one without."""
    found: list[str] = []
    for match in _PARAMETER.finditer(sql):
        name = match[1]
        if name is None or (name in found and name != "?"):
            continue
        if name[0] == "?" and len(name) > 1:
            number = int(name[1:])
            found.extend([""] * (number - len(found)))
        else:
            found.append("" if name == "?" else name)
    return found


def statements(sql: str) -> list[str]:
    """The statements of a script, without empty ones."""
    from sqlite3 import complete_statement

    found: list[str] = []
    start = 0
    for match in _END.finditer(sql):
        # The body of a trigger has semicolons of its own.
        if match[1] is not None and complete_statement(sql[start : match.end()]):
            found.append(sql[start : match.end()])
            start = match.end()
    found.append(sql[start:])
    return [text for text in found if not _BLANK.match(text)]


def first_statement(sql: str) -> str:
    """What a statement is prepared from: Node ignores what comes after it."""
    return next(iter(statements(sql)), "")
