# SPDX-License-Identifier: Apache-2.0
"""Results for people: a table in the terminal, and one HTML page that needs nothing else."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .results import by_row
from .verdicts import CODES, FAILURES, FINE

__all__ = ["NoTemplates", "html", "style_of", "terminal"]

TEMPLATE = Path(__file__).with_name("report.html.jinja")


class NoTemplates(Exception):
    """jinja2 is not installed."""


def style_of(code: str) -> str:
    return "green" if code in FINE else "red" if code in FAILURES else "yellow"


def terminal(lines: Sequence[dict[str, Any]], console: Console) -> None:
    """The table, the reasons of what is not fine, and the count of each verdict."""
    names = _runtimes(lines)
    table = Table(box=None, pad_edge=False)
    for name in ("package", "version", *(f"{name} {version}" for name, version in names.items())):
        table.add_column(name, overflow="fold")
    for (package, spec), cells in by_row(lines).items():
        version = next((cell["version"] for cell in cells.values() if cell["version"]), spec)
        marks = [_mark(cells.get(name)) for name in names]
        table.add_row(package, version, *marks)
    console.print(table)
    for line in lines:
        if line["verdict"] not in FINE:
            code = Text(line["verdict"], style=style_of(line["verdict"]))
            where = f"{line['package']}@{line['version'] or line['spec']} {line['runtime']} {line['id']} "
            console.print(Text.assemble("\n", where, code, "\n  ", line["reason"] or CODES[line["verdict"]]))
    console.print()
    for name in names:
        counts = Counter(line["verdict"] for line in lines if line["runtime"] == name)
        text = ", ".join(f"{counts[code]} {code}" for code in CODES if counts[code])
        console.print(Text(f"{name}: {text}"))


def _mark(cell: dict[str, Any] | None) -> Text:
    if cell is None:
        return Text("-")
    return Text(cell["verdict"], style=style_of(cell["verdict"]))


def _runtimes(lines: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The columns, the reference first, with their versions."""
    ordered = sorted(lines, key=lambda line: not line["is_reference"])
    return {line["runtime"]: line["runtime_version"] for line in ordered}


def html(runs: Sequence[Sequence[dict[str, Any]]]) -> str:
    """The page of the last of `runs`; the others are its history. Raises `NoTemplates`."""
    try:
        from jinja2 import Environment
    except ImportError:
        raise NoTemplates("the HTML page needs jinja2: pip install 'edgejs[matrix]'") from None
    lines = runs[-1]
    history = [{(line["package"], line["spec"], line["runtime"]): line for line in run} for run in runs]
    names = _runtimes(lines)
    rows = [
        {
            "package": package,
            "version": next((cell["version"] for cell in cells.values() if cell["version"]), spec),
            "purl": next(iter(cells.values()))["purl"],
            "cells": [_cell(cells.get(name), history) for name in names],
        }
        for (package, spec), cells in by_row(lines).items()
    ]
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["json"] = lambda value: json.dumps(value, indent=1, ensure_ascii=False)
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        runtimes=names,
        rows=rows,
        codes=CODES,
        kinds={code: "good" if code in FINE else "bad" if code in FAILURES else "other" for code in CODES},
        counts={
            name: Counter(line["verdict"] for line in lines if line["runtime"] == name) for name in names
        },
        when=max((line["when"] for line in lines), default=""),
        host=lines[-1]["host"] if lines else {},
        has_history=len(runs) > 1,
    )


def _cell(line: dict[str, Any] | None, history: Sequence[dict[Any, dict[str, Any]]]) -> dict[str, Any] | None:
    if line is None:
        return None
    key = (line["package"], line["spec"], line["runtime"])
    past = [run.get(key) for run in history]
    steps = [
        {"when": each["when"], "verdict": each["verdict"], "version": each["version"]}
        for each in past
        if each
    ]
    return {**line, "history": steps}
