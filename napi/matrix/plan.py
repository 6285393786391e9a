# SPDX-License-Identifier: Apache-2.0
"""The rows: what a plan, or the packages on a command line, ask for.

A plan is a TOML file::

    timeout = 120            # seconds for a cell; a package may say otherwise
    memory = "2GiB"
    runtimes = ["edgejs", "small=edgejs --max-heap-size=64", "node"]   # default: what is found
    reference = "node"       # the column to compare with; default: Node 24

    [packages.sharp]
    versions = ["0.35.5", "^0.34"]     # default: latest
    case = "sharp.mjs"       # default: NAME.mjs beside the plan, if there is one
    entry = "sharp"          # what is loaded before the case; "": the case loads what it wants
    with = ["left-pad@1"]    # other packages that the case imports
    scripts = ["sharp"]      # packages whose install scripts may run
    path = "."               # a folder with the package, instead of versions
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .processes import Limits

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["BadPlan", "Plan", "Row", "from_arguments", "parse_size", "read"]

UNITS = {"": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
_PLAN_KEYS = {"timeout", "memory", "runtimes", "reference", "packages"}
_PACKAGE_KEYS = {"versions", "case", "entry", "with", "scripts", "path", "timeout", "memory"}
# A package's name and what follows the "@" after it.
_SPEC = re.compile(r"(?P<name>@[^/@]+/[^@]+|[^@/]+)(?:@(?P<range>.+))?")


class BadPlan(Exception):
    """A plan or an argument that cannot be understood."""


@dataclass(frozen=True)
class Row:
    """One package in one version, or in a folder of this machine, with its case.

    ``spec`` is npm's range or tag, empty for a `folder`. ``case`` is the text of the case, empty when there
    is none: then loading the package is all.
    """

    name: str
    spec: str
    case: str
    entry: str
    extra: tuple[str, ...]
    scripts: tuple[str, ...]
    folder: str | None
    limits: Limits

    @property
    def title(self) -> str:
        return f"{self.name}@{self.spec}" if self.folder is None else self.name


@dataclass(frozen=True)
class Plan:
    """Rows, and the columns as they were written down; empty: what is found."""

    rows: tuple[Row, ...]
    runtimes: tuple[str, ...] = ()
    reference: str | None = None


def read(path: Path) -> Plan:
    """Read a plan. Raises `OSError` or `BadPlan`."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadPlan(f"{path}: {error}") from None
    _known(content, _PLAN_KEYS, str(path))
    limits = _limits(content, Limits())
    rows = [
        row
        for name, table in content.get("packages", {}).items()
        for row in _rows(name, table, path.parent, limits, f"{path}: packages.{name}")
    ]
    return Plan(tuple(rows), tuple(content.get("runtimes", ())), content.get("reference"))


def from_arguments(arguments: Iterable[str], case: Path | None, limits: Limits) -> Plan:
    """The rows that a command line names: plans, ``PACKAGE``, ``PACKAGE@RANGE``, folders with a package.

    `case` is for the packages among them. Raises `OSError` or `BadPlan`.
    """
    rows: list[Row] = []
    plans: list[Plan] = []
    for argument in arguments:
        if argument.endswith(".toml"):
            plans.append(read(Path(argument)))
            rows += plans[-1].rows
        elif argument.startswith((".", "/")):
            rows.append(
                _folder_row(Path(argument), {} if case is None else {"case": str(case)}, Path(), limits)
            )
        else:
            found = _SPEC.fullmatch(argument)
            if found is None:
                raise BadPlan(f"{argument} is no package, folder or plan")
            table = {
                "versions": [found["range"] or "latest"],
                **({} if case is None else {"case": str(case)}),
            }
            rows += _rows(found["name"], table, Path(), limits, argument)
    runtimes = next((plan.runtimes for plan in plans if plan.runtimes), ())
    reference = next((plan.reference for plan in plans if plan.reference), None)
    return Plan(tuple(rows), runtimes, reference)


def _rows(name: str, table: Mapping[str, Any], beside: Path, limits: Limits, where: str) -> Iterator[Row]:
    _known(table, _PACKAGE_KEYS, where)
    if "path" in table:
        yield _folder_row(beside / table["path"], table, beside, limits)
        return
    named = table.get("versions", ["latest"])
    for spec in [named] if isinstance(named, str) else named:
        yield Row(
            name=name,
            spec=spec,
            case=_case(beside, table.get("case"), f"{name}.mjs"),
            entry=table.get("entry", name),
            extra=tuple(table.get("with", ())),
            scripts=tuple(table.get("scripts", ())),
            folder=None,
            limits=_limits(table, limits),
        )


def _folder_row(folder: Path, table: Mapping[str, Any], beside: Path, limits: Limits) -> Row:
    """The package in a folder; its package.json may name the case: ``"edgejs": {"matrix": "FILE"}``."""
    try:
        manifest = json.loads((folder / "package.json").read_bytes())
        name = manifest["name"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadPlan(f"{folder} has no package.json with a name: {error}") from None
    own = manifest.get("edgejs")
    text = _case(beside, table.get("case"), None)
    if not text and isinstance(own, dict) and "matrix" in own:
        text = _case(folder, own["matrix"], None)
    return Row(
        name=name,
        spec="",
        case=text,
        entry=table.get("entry", name),
        extra=tuple(table.get("with", ())),
        scripts=(),
        folder=str(folder.resolve()),
        limits=_limits(table, limits),
    )


def _case(beside: Path, named: str | None, default: str | None) -> str:
    if named is not None:
        return (beside / named).read_text(encoding="utf-8")
    if default is None or not (beside / default).is_file():
        return ""
    return (beside / default).read_text(encoding="utf-8")


def _limits(table: Mapping[str, Any], outer: Limits) -> Limits:
    memory = parse_size(str(table["memory"])) if "memory" in table else outer.memory
    return Limits(float(table.get("timeout", outer.seconds)), memory)


def parse_size(text: str) -> int:
    """Bytes of ``512MiB`` or ``2GiB``. Raises `BadPlan`."""
    found = re.fullmatch(r"([\d.]+)\s*(KiB|MiB|GiB|)", text.strip())
    if found is None:
        raise BadPlan(f"{text!r} is no size; write 512MiB or 2GiB")
    return int(float(found[1]) * UNITS[found[2]])


def _known(table: Mapping[str, Any], keys: set[str], where: str) -> None:
    unknown = sorted(set(table) - keys)
    if unknown:
        raise BadPlan(f"{where}: unknown {', '.join(unknown)}; known are {', '.join(sorted(keys))}")
