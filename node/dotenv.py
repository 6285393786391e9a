# SPDX-License-Identifier: Apache-2.0
"""The text of .env files: `util.parseEnv`, `process.loadEnvFile`, `--env-file`. Node: src/node_dotenv.cc."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["binding", "parse"]

_SPACES = " \t\n"
_QUOTES = ("'", '"', "`")


def parse(text: str) -> dict[str, str]:
    """The variables that `text` sets, in its order."""
    found: dict[str, str] = {}
    rest = text.replace("\r", "").strip(_SPACES)
    while rest:
        if rest[0] == "\n":
            rest = rest[1:]
            continue
        name, equals, after = rest.partition("=")
        if rest[0] == "#" or not equals or "\n" in name:
            rest = rest.partition("\n")[2]  # a comment, or no assignment
            continue
        name = name.strip(_SPACES).removeprefix("export ").strip(_SPACES)
        if not name:
            break
        if not after or after[0] == "\n":
            found[name] = ""
            rest = after[1:]
        else:
            found[name], rest = _value(after.strip(_SPACES))
    return found


def _value(text: str) -> tuple[str, str]:
    """The value that `text` begins with, and what comes in the lines after it."""
    if text[:1] in _QUOTES:
        quoted, closing, after = text[1:].partition(text[0])
        if closing:
            value = quoted.replace("\\n", "\n") if text[0] == '"' else quoted
            return value, after.partition("\n")[2]
        line, _, after = text.partition("\n")
        return line, after
    line, _, after = text.partition("\n")
    return line.partition("#")[0].strip(_SPACES), after


def binding(_isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('dotenv')`."""
    return {"parse": parse}
