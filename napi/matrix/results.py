# SPDX-License-Identifier: Apache-2.0
"""Results: a file of JSON lines, a cell each, with all that is needed to run it again."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from packageurl import PackageURL

from .cells import Cell
from .verdicts import Verdict

__all__ = ["BadResults", "Log", "by_row", "load", "record"]

FORMAT = 1


class BadResults(Exception):
    """The file holds something else than results."""


def record(cell: Cell, outcome: dict[str, Any], verdict: Verdict, is_reference: bool) -> dict[str, Any]:
    """The line of one cell. ``cell`` is what `matrix cell` runs again."""
    version = outcome.get("version") or None
    namespace, _, name = cell.row.name.rpartition("/")
    return {
        "format": FORMAT,
        "id": cell.id,
        "package": cell.row.name,
        "spec": cell.row.spec,
        "version": version,
        "purl": PackageURL("npm", namespace or None, name, version).to_string(),
        "runtime": cell.runtime.name,
        "runtime_version": cell.runtime.version,
        "is_reference": is_reference,
        **verdict.as_json(),
        "outcome": outcome,
        "cell": cell.as_json(),
        "host": {
            "machine": platform.machine(),
            "system": platform.system(),
            "libc": "".join(platform.libc_ver()),
        },
        "when": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }


def load(path: Path) -> list[dict[str, Any]]:
    """The cells of a file, the last line of each; a line that a killed run left unfinished is passed over.

    Raises `OSError` or `BadResults`.
    """
    found: dict[str, dict[str, Any]] = {}
    lines = path.read_bytes().split(b"\n")
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            each = json.loads(line)
            if each["format"] != FORMAT:
                raise BadResults(f"{path}:{number}: format {each['format']}; this reads {FORMAT}")
            found.pop(each["id"], None)
            found[each["id"]] = each
        except (ValueError, KeyError, TypeError):
            if number == len(lines):  # without its line feed
                break
            raise BadResults(f"{path}:{number}: not a result of `matrix run`") from None
    return list(found.values())


class Log:
    """A file of results that is being written. What was not written whole is cut off when it resumes."""

    def __init__(self, path: Path, *, resume: bool) -> None:
        self.known: dict[str, dict[str, Any]] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        if resume and path.is_file():
            self.known = {each["id"]: each for each in load(path)}
            with path.open("r+b") as file:
                data = file.read()
                file.truncate(data.rfind(b"\n") + 1)
        self._file = path.open("ab" if resume else "wb")

    def write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self.known[line["id"]] = line

    def close(self) -> None:
        self._file.close()


def by_row(results: Iterable[dict[str, Any]]) -> dict[tuple[str, str], dict[str, dict[str, Any]]]:
    """Results by package and spec, then by runtime, in the order of the file."""
    rows: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for each in results:
        rows.setdefault((each["package"], each["spec"]), {})[each["runtime"]] = each
    return rows
