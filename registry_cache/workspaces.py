# SPDX-License-Identifier: Apache-2.0
"""The folders that ``workspaces`` of package.json names, by package name (map-workspaces)."""

from __future__ import annotations

import glob
import os
from typing import Any

from . import jsonfile
from .errors import RegistryError

__all__ = ["find_workspaces", "select_workspaces"]


def _patterns(package: dict[str, Any], where: str) -> list[str]:
    value = package.get("workspaces")
    if isinstance(value, dict):
        value = value.get("packages")
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise RegistryError(
            "EWORKSPACESCONFIG",
            "workspaces config expects an Array",
            {"path": os.path.join(where, "package.json")},
        )
    return value


def find_workspaces(package: dict[str, Any], folder: str) -> dict[str, str]:
    """{name: absolute path} for the project at `folder`, in order of the patterns.

    A later pattern that starts with ``!`` takes folders out. Raises RegistryError EWORKSPACESCONFIG, and
    EDUPLICATEWORKSPACE when two folders have one name.
    """
    paths: dict[str, None] = {}
    for pattern in _patterns(package, folder):
        negated = pattern.startswith("!")
        clean = pattern.lstrip("!").removeprefix("./").strip("/")
        found = sorted(glob.glob(clean, root_dir=folder, recursive=True))
        for path in found:
            full = os.path.normpath(os.path.join(folder, path))
            if negated:
                paths.pop(full, None)
            elif "node_modules" not in path.split("/") and os.path.isfile(os.path.join(full, "package.json")):
                paths[full] = None
    names: dict[str, str] = {}
    for path in paths:
        found_file = jsonfile.read(os.path.join(path, "package.json"))
        name = str((found_file[0] if found_file else {}).get("name") or os.path.basename(path))
        if name in names:
            raise RegistryError(
                "EDUPLICATEWORKSPACE",
                f"must not have multiple workspaces with the same name\npackage '{name}' has conflicts in "
                f"the following paths:\n    {names[name]}\n    {path}",
            )
        names[name] = path
    return names


def select_workspaces(workspaces: dict[str, str], wanted: list[str], cwd: str) -> dict[str, str]:
    """Those that ``--workspace`` names by name, by folder, or by a folder above them.

    Raises RegistryError ENOWORKSPACES for one that does not exist.
    """
    found: dict[str, str] = {}
    for one in wanted:
        path = os.path.normpath(os.path.join(cwd, one))
        fitting = {
            name: folder
            for name, folder in workspaces.items()
            if name == one or folder == path or folder.startswith(path + os.sep)
        }
        if not fitting:
            raise RegistryError("ENOWORKSPACES", f"No workspaces found:\n  --workspace={one}")
        found.update(fitting)
    return found
