# SPDX-License-Identifier: Apache-2.0
"""``Did you mean``: what is close, in npm's measure (but two swapped letters count once), and its text."""

from __future__ import annotations

from collections.abc import Iterable

from .commands import COMMANDS

__all__ = ["close_to", "unknown_command"]

_RUN_BY_NAME = ("stop", "start", "test", "restart")


def _distance(left: str, right: str) -> int:
    """How many letters to put in, take out, replace, or swap with their neighbours."""
    rows = [list(range(len(right) + 1))]
    for number, letter in enumerate(left, 1):
        above, row = rows[-1], [number]
        for column, other in enumerate(right, 1):
            cost = min(above[column] + 1, row[-1] + 1, above[column - 1] + (letter != other))
            if number > 1 and column > 1 and letter == right[column - 2] and left[number - 2] == other:
                cost = min(cost, rows[-2][column - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def close_to(word: str, candidates: Iterable[str]) -> list[str]:
    """Those of `candidates` that differ from `word` in less than two letters of five."""
    return [one for one in candidates if one != word and _distance(word, one) < len(word) * 0.4]


def unknown_command(word: str, scripts: Iterable[str] = ()) -> str:
    """What npm prints for a command that it does not have; `scripts` are those of package.json."""
    found = [f"{name} # {COMMANDS[name].summary}" for name in close_to(word, COMMANDS)]
    found += [
        f'run {name} # run the "{name}" package script'
        for name in scripts
        if name not in _RUN_BY_NAME and (name == word or close_to(word, [name]))
    ]
    text = f'Unknown command: "{word}"\n'
    if found:
        choice = "this" if len(found) == 1 else "one of these"
        text += f"\n\nDid you mean {choice}?\n" + "".join(f"  edgejs {one}\n" for one in found[:3])
    return f"{text}\nTo see a list of supported edgejs commands, run:\n  edgejs --help"
