# SPDX-License-Identifier: Apache-2.0
"""What is in node_modules now, in the form of a lock file's ``packages``."""

from __future__ import annotations

import json
import os
from typing import Any

from . import jsonfile
from .errors import RegistryError
from .lockfile import HIDDEN, hidden_is_current
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
    entries: dict[str, dict[str, Any]] = {}
    _scan(os.path.join(project, "node_modules"), "node_modules/", locked, entries)
    return entries


def _folders(path: str) -> list[str]:
    try:
        with os.scandir(path) as found:
            return sorted(item.name for item in found if not item.name.startswith(".") and item.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _scan(
    folder: str, location: str, locked: dict[str, dict[str, Any]], entries: dict[str, dict[str, Any]]
) -> None:
    for name in _folders(folder):
        scoped = (
            [f"{name}/{inner}" for inner in _folders(f"{folder}/{name}")] if name.startswith("@") else [name]
        )
        for full in scoped:
            _add(f"{folder}/{full}", location + full, locked, entries)


def _add(
    path: str, location: str, locked: dict[str, dict[str, Any]], entries: dict[str, dict[str, Any]]
) -> None:
    package = _manifest(path)
    known = locked.get(location) or {}
    if known.get("version") and known.get("version") == package.get("version"):
        package = {
            **package,
            **{key: known[key] for key in ("integrity", "resolved", "inBundle") if key in known},
        }
    entries[location] = package
    _scan(f"{path}/node_modules", f"{location}/node_modules/", locked, entries)


def _manifest(path: str) -> dict[str, Any]:
    try:
        with open(f"{path}/package.json", encoding="utf-8-sig") as file:
            value = json.load(file)
    except (OSError, ValueError):
        return {}  # a folder without a readable package.json has no version, so it will be replaced
    return normalize(value) if isinstance(value, dict) else {}
