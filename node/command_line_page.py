# SPDX-License-Identifier: Apache-2.0
"""``python node/command_line_page.py > docs/command-line.md``: the table of options as a page."""

from __future__ import annotations

from itertools import groupby

from edgejs.node.options import Option, rows

__all__ = ["page"]

_HEAD = """\
# The command line

<!-- Written by node/command_line_page.py; do not edit. -->

    edgejs [options] FILE [arguments]
    edgejs [options] -e CODE [arguments]

Options are Node 24's and are read as Node reads them: before the program, with their value behind `=` or as
the next word, up to the first word that is none, or `--`. A switch is turned off by `--no-`. `NODE_OPTIONS`
may have those marked with an `e`; they come first. What Node does not know ends with exit code 9, and so does
what is refused here.
"""
_HEADINGS = {
    "effective": "Options that do something",
    "without effect: V8 would be tuned by it": "Options that tune V8, without effect",
    "refused": "Options that are refused",
    "refused with exit code 12: there is no inspector": "Options that are refused with exit code 12",
}


def _line(option: Option) -> str:
    value = f"={option.value.lower()}" if option.value else ""
    if option.is_optional:
        value = f"[{value}]"
    names = ", ".join(f"`{name}`" for name in option.names[:-1]) + (", " if option.names[1:] else "")
    mark = "e" if option.in_environment else ""
    return f"| {names}`{option.names[-1]}{value}` | {mark} | {option.text} |"


def page() -> str:
    """The page's text."""
    parts = [_HEAD]
    for fate, options in groupby(rows(), key=lambda option: option.fate):
        lines = "\n".join(_line(option) for option in options)
        heading = _HEADINGS.get(fate, "Options without effect")
        parts.append(f"## {heading}\n\n| option | | |\n| --- | --- | --- |\n{lines}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    print(page(), end="")
