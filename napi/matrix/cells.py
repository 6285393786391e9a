# SPDX-License-Identifier: Apache-2.0
"""One cell: install the package into a scratch project, check its addons, run the case."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from .. import check, trace
from .plan import Row
from .processes import Ended, Limits, run
from .runtimes import Runtime

__all__ = ["Cell", "Place", "perform"]

HARNESS = Path(__file__).with_name("harness.mjs")
INSTALL_SECONDS = 900
# What a case may know of the machine; HOME and the temporary folder are its own.
_INHERITED = ("PATH", "LD_LIBRARY_PATH", "UV_THREADPOOL_SIZE")


@dataclass(frozen=True)
class Cell:
    """A row in a column, as data that can travel: everything that is needed to run it again."""

    row: Row
    runtime: Runtime

    @property
    def id(self) -> str:
        """The same for the same work: package, case, runtime and its version."""
        row = {key: value for key, value in asdict(self.row).items() if key != "limits"}
        text = json.dumps([row, asdict(self.runtime)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Cell:
        row, runtime = data["row"], data["runtime"]
        return cls(
            Row(
                **{
                    **row,
                    "extra": tuple(row["extra"]),
                    "scripts": tuple(row["scripts"]),
                    "limits": Limits(**row["limits"]),
                }
            ),
            Runtime(**{**runtime, "command": tuple(runtime["command"])}),
        )


@dataclass(frozen=True)
class Place:
    """Where cells work: a folder for projects, the store (`None`: the user's), the program that installs."""

    work: str
    store: str | None
    edgejs: str


class _InstallFailed(Exception):
    pass


def perform(cell: Cell, place: Place, keep: bool = False) -> dict[str, Any]:
    """Do what the cell says; the outcome. With `keep` the files of the run stay in ``cells/ID``."""
    outcome: dict[str, Any] = {"stage": "install"}
    try:
        project, installed = _project(cell.row, place)
    except _InstallFailed as error:
        return {**outcome, "error": {"name": "InstallError", "message": str(error)}}
    outcome.update(installed, stage="start", static=_static(cell.row.name, project))
    with _folder(Path(place.work, "cells", cell.id), keep) as folder:
        outcome.update(_run(cell, project, folder))
    return outcome


# --- The project -------------------------------------------------------------------------------------


def _project(row: Row, place: Place) -> tuple[Path, dict[str, Any]]:
    """The folder with the row's node_modules, made once for all columns, and what was installed there."""
    key = hashlib.sha256(
        json.dumps([row.name, row.spec, row.extra, row.scripts, row.folder]).encode()
    ).hexdigest()
    folder = Path(place.work, "projects", f"{row.name.replace('/', '+')}-{key[:8]}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    done = folder / "installed.json"
    with FileLock(f"{folder}.lock"):
        if not done.is_file():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            (folder / "package.json").write_text('{"private": true}\n')
            _install(row, place, folder)
            manifest = json.loads((folder / "node_modules" / row.name / "package.json").read_bytes())
            done.write_text(json.dumps({"version": manifest.get("version", "")}))
        return folder, json.loads(done.read_text())


def _install(row: Row, place: Place, folder: Path) -> None:
    specs = [*([] if row.folder else [f"{row.name}@{row.spec}"]), *row.extra]
    if specs:
        options = [
            "--json",
            "--no-progress",
            "--prefer-offline",
            *(f"--allow-scripts={name}" for name in row.scripts),
        ]
        options += [f"--cache={place.store}"] if place.store else []
        command = [place.edgejs, "install", *options, *specs]
        try:
            done = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS
            )
        except subprocess.TimeoutExpired as error:
            raise _InstallFailed(str(error)) from None
        if done.returncode != 0:
            raise _InstallFailed(_complaint(done.stdout) or done.stderr.strip()[-2000:])
    if row.folder:  # as `npm link` does: the folder's own dependencies are beside it
        link = folder / "node_modules" / row.name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(row.folder, target_is_directory=True)


def _complaint(answer: str) -> str:
    """The error of ``edgejs install --json``; empty if it broke before it could tell one."""
    try:
        error = json.loads(answer)["error"]
        return f"{error['code']}: {error['summary']}\n{error['detail']}"
    except (ValueError, KeyError, TypeError):
        return ""


def _static(name: str, project: Path) -> list[dict[str, Any]]:
    """What `edgejs napi check` says of the package's addons; files for other platforms are left out."""
    try:
        checks = check.check_package(name, project)
    except check.NotInstalled:
        return []
    return [
        {
            "file": os.path.relpath(found.path, project / "node_modules"),
            "verdict": found.verdict,
            "reasons": [asdict(reason) for reason in found.reasons],
        }
        for found in checks
        if found.verdict != "foreign"
    ]


# --- The run -----------------------------------------------------------------------------------------


@contextmanager
def _folder(path: Path, keep: bool) -> Iterator[Path]:
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    try:
        yield path
    finally:
        if not keep:
            shutil.rmtree(path, ignore_errors=True)


def _run(cell: Cell, project: Path, folder: Path) -> dict[str, Any]:
    (folder / "node_modules").symlink_to(project / "node_modules", target_is_directory=True)
    (folder / "package.json").write_text('{"private": true}\n')
    harness = folder / "harness.mjs"
    harness.write_bytes(HARNESS.read_bytes())
    case = folder / "case.mjs"
    case.write_text(cell.row.case, encoding="utf-8")
    for own in ("home", "tmp"):
        (folder / own).mkdir()
    notes, calls = folder / "notes", folder / "calls"
    command = cell.runtime.line(
        str(harness), [str(notes), cell.row.entry, str(case) if cell.row.case else ""], str(calls)
    )
    try:
        ended = run(command, folder, _environment(folder), cell.row.limits, folder)
    except OSError as error:
        return {"error": {"name": "StartError", "message": str(error)}}
    return {
        **_told(notes),
        **_ended(ended, str(folder)),
        "trace": _traced(calls),
    }


def _traced(calls: Path) -> dict[str, Any] | None:
    """The summary of the recorded calls; `None` in other runtimes, and where edgejs ended before it began."""
    if not calls.is_file():
        return None
    try:
        return trace.read(calls).summary()
    except trace.NotATrace:
        return None


def _environment(folder: Path) -> dict[str, str]:
    return {
        **{name: os.environ[name] for name in _INHERITED if name in os.environ},
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "NO_COLOR": "1",
    }


def _told(notes: Path) -> dict[str, Any]:
    """The stage that the harness had reached, and the error that it caught."""
    told: dict[str, Any] = {}
    if notes.is_file():
        for line in notes.read_text(encoding="utf-8").splitlines(keepends=True):
            if line.endswith("\n"):  # else the process was killed while it wrote
                told.update(json.loads(line))
    return told


def _ended(ended: Ended, folder: str) -> dict[str, Any]:
    document = None
    lines = ended.stdout.strip().splitlines()
    if lines:
        try:
            document = json.loads(lines[-1].replace(folder, "$CELL"))
        except ValueError:
            document = None  # then it is shown as what was printed
    return {
        **asdict(ended),
        "document": document,
        "stdout": "" if document is not None else ended.stdout[-4000:].replace(folder, "$CELL"),
        "stderr": ended.stderr[-8000:].replace(folder, "$CELL"),
    }
