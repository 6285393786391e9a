# SPDX-License-Identifier: Apache-2.0
"""Apply our edits to a source file of QuickJS-NG. Run by CMake:

    python adapt_quickjs.py quickjs.c quickjs.c.edits OUT

A line of the edits that begins with `#` is a comment and ends the hunk before it. A hunk's other lines begin
with `-` (old), `+` (new) or a space (both); empty lines between hunks mean nothing, an empty line of the
source is a bare `-` and `+`. The old lines must occur in the source exactly once: an engine that moved
on stops the build instead of losing an edit.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Hunk(NamedTuple):
    """One edit: `old` lines become `new` lines, for the `reason` in the comment above."""

    reason: str
    old: str
    new: str


class EditError(Exception):
    """The edits cannot be applied; the message says which and why."""


def read_hunks(text: str) -> Iterator[Hunk]:
    """The hunks of an edits file, in order."""
    reason = old = new = ""
    for number, line in enumerate(text.splitlines(), 1):
        kind, rest = line[:1], line[1:] + "\n"
        if kind == "#" and (old or new):
            yield Hunk(reason, old, new)
            old = new = ""
        if kind == "#":
            reason = rest.strip()
        elif kind not in (" ", "-", "+", ""):
            raise EditError(
                f"line {number} of the edits begins with none of '#', '-', '+' and a space: {line}"
            )
        old += rest if kind in (" ", "-") and kind else ""
        new += rest if kind in (" ", "+") and kind else ""
    if old or new:
        yield Hunk(reason, old, new)


def apply(source: str, hunk: Hunk) -> str:
    """`source` with one hunk applied."""
    found = ("\n" + source).count("\n" + hunk.old) if hunk.old else 0
    if found != 1:
        raise EditError(f"an edit applies {found} times, not once: {hunk.reason}\n{hunk.old}")
    start = ("\n" + source).index("\n" + hunk.old)
    return source[:start] + hunk.new + source[start + len(hunk.old) :]


def main() -> int:
    source_file, edits_file, out = map(Path, sys.argv[1:])
    source = source_file.read_text()
    try:
        for hunk in read_hunks(edits_file.read_text()):
            source = apply(source, hunk)
    except EditError as error:
        print(f"edgejs: {edits_file.name} does not fit {source_file}: {error}", file=sys.stderr)
        return 1
    out.write_text(source)
    return 0


if __name__ == "__main__":
    sys.exit(main())
