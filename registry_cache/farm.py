# SPDX-License-Identifier: Apache-2.0
"""Trees of packages inside the store, for programs that run without a node_modules folder of their own.

    trees-v1/KEY/node_modules/...     what the lock file of a project says, as hard links to the store's files

A tree is made once for a lock file and platform, beside its place, and renamed when it is complete. Its
files are real, so whatever a package reads, links to or loads by a path is where an install would have put
it, native libraries beside their companions included. Nothing is downloaded.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import shutil
import sys
from typing import Any, NamedTuple

from .config import Config
from .errors import RegistryError, os_error
from .store import Entry, Store

__all__ = ["Farm", "find_project", "is_current", "tree_of"]

_LOCKS = ("npm-shrinkwrap.json", "package-lock.json")
_COMPLETE = ".edgejs-tree.json"


class Farm(NamedTuple):
    """Where the packages of a project are: `<tree>/x/node_modules` stands for `<project>/x/node_modules`."""

    project: str
    tree: str


def find_project(folder: str) -> str:
    """The nearest folder from `folder` upwards with a lock file. Raises RegistryError ENOLOCK."""
    start = os.path.realpath(folder)
    for path in (start, *_parents(start)):
        if any(os.path.isfile(os.path.join(path, name)) for name in _LOCKS):
            return path
    raise RegistryError(
        "ENOLOCK",
        f"No package-lock.json or npm-shrinkwrap.json in {start} or above it: the lock file says which "
        "packages of the store a program runs with. `edgejs install --package-lock-only` writes one.",
        {"path": start},
    )


def _parents(path: str) -> list[str]:
    found = []
    while os.path.dirname(path) != path:
        path = os.path.dirname(path)
        found.append(path)
    return found


def tree_of(folder: str, config: Config | None = None) -> Farm:
    """The tree for the program in `folder`, made if it is not there.

    Raises RegistryError ENOLOCK, EJSONPARSE, ENOTCACHED (what is missing in the store), or the OS's code.
    """
    project = find_project(folder)
    store = Store((config or Config.load(project)).cache)
    key = _key(project)
    tree = os.path.join(store.root, "trees-v1", key)
    if not _is_complete(tree, store):
        _Builder(project, store).build(tree)
    return Farm(project, tree)


def _key(project: str) -> str:
    """A name for what the lock file asks for on this machine, in this place: links lead into the project."""
    digest = hashlib.sha256(f"{project}\0{sys.platform}\0{os.uname().machine}\0".encode())
    for name in _LOCKS:
        try:
            with open(os.path.join(project, name), "rb") as file:
                digest.update(file.read())
        except FileNotFoundError:
            continue
        break
    return digest.hexdigest()


def _is_complete(tree: str, store: Store) -> bool:
    """Is it whole, and lacks nothing that came into the store since it was made?"""
    try:
        with open(os.path.join(tree, _COMPLETE), encoding="utf-8") as file:
            left_out = json.load(file)["leftOut"]
    except (FileNotFoundError, ValueError):
        return False
    return not any(store.entry(integrity) for integrity in left_out)


def is_current(tree: str) -> bool:
    """Would the project that `tree` was made for get it again?"""
    try:
        with open(os.path.join(tree, _COMPLETE), encoding="utf-8") as file:
            return _key(str(json.load(file)["project"])) == os.path.basename(tree)
    except (FileNotFoundError, ValueError, KeyError):
        return False


class _Builder:
    def __init__(self, project: str, store: Store) -> None:
        self._project = project
        self._store = store
        self._left_out: list[str] = []
        self._missing: list[str] = []

    def build(self, tree: str) -> None:
        staging = f"{tree}.tmp-{os.getpid():x}-{os.urandom(4).hex()}"
        packages = self._packages()
        entries = {location: entry for location, entry in packages.items() if "node_modules/" in location}
        found = {location: self._find(location, entry) for location, entry in entries.items()}
        self._complain()
        try:
            os.makedirs(os.path.join(staging, "node_modules"))
            self._fill(staging, entries, found)
            self._complain()
            with open(os.path.join(staging, _COMPLETE), "w", encoding="utf-8") as file:
                json.dump({"project": self._project, "leftOut": self._left_out}, file)
            self._put(staging, tree)
        except OSError as error:
            raise os_error(error, "mkdir", tree) from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def _packages(self) -> dict[str, dict[str, Any]]:
        from .lockfile import LockFile

        lock = LockFile.load(self._project)
        if lock.data is None:
            raise RegistryError("EJSONPARSE", f"Invalid lock file: {lock.path}", {"path": lock.path})
        return lock.packages

    def _find(self, location: str, entry: dict[str, Any]) -> Entry | None:
        """What is stored of a package; None for one that is not put into the tree by itself."""
        from .platforms import Platform

        if entry.get("link") or entry.get("inBundle") or not Platform().fits(entry):
            return None
        integrity = _integrity(entry)
        stored = self._store.entry(integrity) if integrity else None
        if stored is None:
            if integrity and (entry.get("optional") or entry.get("dev") or entry.get("devOptional")):
                self._left_out.append(integrity)  # an install may leave these out too
            else:
                self._missing.append(_shown(location, entry))
        return stored

    def _complain(self) -> None:
        if not self._missing:
            return
        shown = ", ".join(self._missing[:5]) + (", ..." if len(self._missing) > 5 else "")
        raise RegistryError(
            "ENOTCACHED",
            f"{len(self._missing)} package(s) of the lock file are not in the store: {shown}. "
            "`edgejs ci` downloads them; node_modules may be removed afterwards.",
            {"missing": self._missing, "path": self._project},
        )

    def _fill(self, staging: str, entries: dict[str, Any], found: dict[str, Entry | None]) -> None:
        for location in sorted(entries, key=lambda one: one.count("/")):
            entry, stored = entries[location], found[location]
            target = os.path.join(staging, location)
            if entry.get("link"):
                os.makedirs(os.path.dirname(target), exist_ok=True)
                os.symlink(
                    os.path.join(self._project, str(entry.get("resolved")).removeprefix("file:")), target
                )
            elif stored is not None and not self._store.link(stored, target):
                self._store.forget(stored.integrity)
                self._missing.append(_shown(location, entry))
        self._link_commands(staging, entries, found)

    def _link_commands(self, staging: str, entries: dict[str, Any], found: dict[str, Entry | None]) -> None:
        """``.bin``: the first package by place keeps a command."""
        for location in sorted(entries):
            commands = entries[location].get("bin")
            above, _, name = location.rpartition("node_modules/")
            if found[location] is None or not isinstance(commands, dict):
                continue
            folder = os.path.join(staging, above, "node_modules", ".bin")
            os.makedirs(folder, exist_ok=True)
            for command, file in commands.items():
                path = os.path.join(folder, command)
                if not os.path.lexists(path):
                    os.symlink(f"../{name}/{file}", path)

    def _put(self, staging: str, tree: str) -> None:
        """Of two processes that make a tree at once, the second finds one and is content with it."""
        for serial in itertools.count():
            try:
                os.rename(staging, tree)
                return
            except OSError:
                if not os.path.isdir(tree):
                    raise
            if _is_complete(tree, self._store):
                return
            # damaged, or lacking what is in the store by now; whoever runs out of it keeps its open files
            old = f"{tree}.tmp-{os.getpid():x}-old{serial}"
            os.rename(tree, old)
            shutil.rmtree(old, ignore_errors=True)


def _shown(location: str, entry: dict[str, Any]) -> str:
    return f"{location.rpartition('node_modules/')[2]}@{entry.get('version') or '?'}"


def _integrity(entry: dict[str, Any]) -> str | None:
    """The key of a package in the store; what comes from git is found by its commit."""
    if entry.get("integrity"):
        return str(entry["integrity"])
    resolved = str(entry.get("resolved") or "")
    if resolved.startswith("git"):
        from .sources import git_key

        return git_key(resolved)
    return None
