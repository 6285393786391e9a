# SPDX-License-Identifier: Apache-2.0
"""What is in node_modules now, in the form of a lock file's ``packages``."""

from __future__ import annotations

import json
import os
from typing import Any

from . import jsonfile
from .errors import RegistryError
from .lockfile import HIDDEN, hidden_is_current, relative
from .manifest import normalize

__all__ = ["load"]


def load(project: str, locked: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Entries by location.

    The hidden lock file is believed while nothing is newer; otherwise every package.json is read, and
    what has the version that `locked` (the lock file's entries) gives is taken to have its integrity.
    """
    hidden = os.path.join(project, HIDDEN)
    try:
        found = jsonfile.read(hidden)
    except RegistryError as error:
        if error.code != "EJSONPARSE":
            raise
        found = None  # a torn hidden lock file only means that we must look for ourselves
    if found is not None:
        packages: dict[str, dict[str, Any]] = found[0].get("packages") or {}
        if hidden_is_current(project, packages):
            return packages
    scan = _Scan(project, locked)
    scan.folder(os.path.join(project, "node_modules"), "node_modules/")
    return scan.entries


def _folders(path: str) -> list[str]:
    try:
        with os.scandir(path) as found:
            return sorted(item.name for item in found if not item.name.startswith(".") and item.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []


class _Scan:
    """One look at the disk; `entries` grows by what each `folder` holds."""

    def __init__(self, project: str, locked: dict[str, dict[str, Any]]) -> None:
        self.entries: dict[str, dict[str, Any]] = {}
        self._project = project
        self._locked = locked

    def folder(self, path: str, location: str) -> None:
        """Enters all packages of one node_modules folder, with what is below them."""
        for name in _folders(path):
            scoped = [f"{name}/{inner}" for inner in _folders(f"{path}/{name}")] if name[0] == "@" else [name]
            for full in scoped:
                if os.path.islink(f"{path}/{full}"):
                    self._link(f"{path}/{full}", location + full)
                else:
                    self._package(f"{path}/{full}", location + full)

    def _link(self, path: str, location: str) -> None:
        target = relative(os.path.realpath(path), self._project)
        self.entries[location] = {"resolved": target, "link": True}
        if target not in self.entries and "node_modules/" not in target and target != ".":
            self.entries[target] = _manifest(os.path.realpath(path))
            if not target.startswith("../"):
                self.folder(os.path.realpath(path) + "/node_modules", f"{target}/node_modules/")

    def _package(self, path: str, location: str) -> None:
        package = _manifest(path)
        known = self._locked.get(location) or {}
        if known.get("version") and known.get("version") == package.get("version"):
            package = {
                **package,
                **{key: known[key] for key in ("integrity", "resolved", "inBundle") if key in known},
            }
        self.entries[location] = package
        self.folder(f"{path}/node_modules", f"{location}/node_modules/")


def _manifest(path: str) -> dict[str, Any]:
    try:
        with open(f"{path}/package.json", encoding="utf-8-sig") as file:
            value = json.load(file)
    except (OSError, ValueError):
        return {}  # a folder without a readable package.json has no version, so it will be replaced
    return normalize(value) if isinstance(value, dict) else {}
