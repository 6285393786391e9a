# SPDX-License-Identifier: Apache-2.0
"""package-lock.json: every version read (the first by `old_lock`), 3 written, byte for byte as npm writes it.

The same format, without the root's entry, is kept in node_modules/.package-lock.json (the hidden lock
file): it says what is really there, as long as nothing in node_modules is newer than it.
"""

from __future__ import annotations

import os
from typing import Any

from . import jsonfile
from .errors import RegistryError
from .jsonfile import Style
from .spec import REGISTRY_TYPES, resolve
from .tree import Node

__all__ = ["HIDDEN", "LockFile", "entry_of", "fill_tree", "hidden_is_current", "lock_text", "relative"]

HIDDEN = os.path.join("node_modules", ".package-lock.json")
_NAMES = ("npm-shrinkwrap.json", "package-lock.json")
_ORDER = (
    "name",
    "version",
    "lockfileVersion",
    "resolved",
    "integrity",
    "requires",
    "packages",
    "dependencies",
)
_FROM_PACKAGE = (
    "version",
    "dependencies",
    "peerDependencies",
    "peerDependenciesMeta",
    "optionalDependencies",
    "bundleDependencies",
    "acceptDependencies",
    "funding",
    "engines",
    "os",
    "cpu",
    "libc",
    "_integrity",
    "license",
    "_hasShrinkwrap",
    "hasInstallScript",
    "bin",
    "deprecated",
    "workspaces",
)
_JITTER_NS = 10_000_000


class LockFile:
    """A lock file as found on disk; `data` is None when there is none."""

    def __init__(self, path: str, data: dict[str, Any] | None, style: Style | None) -> None:
        self.path = path
        self.data = data
        self.style = style

    @classmethod
    def load(cls, project: str) -> LockFile:
        """Reads npm-shrinkwrap.json or package-lock.json.

        A file that is no JSON counts as absent, as for npm.
        """
        for name in _NAMES:
            path = os.path.join(project, name)
            try:
                found = jsonfile.read(path)
            except RegistryError as error:
                if error.code != "EJSONPARSE":
                    raise
                return cls(path, None, None)
            if found is None:
                continue
            data, style = found
            return cls(path, data, style)
        return cls(os.path.join(project, _NAMES[1]), None, None)

    @property
    def old(self) -> bool:
        """Is it of version 1, which has no ``packages``?"""
        data = self.data or {}
        return "packages" not in data and bool(data.get("dependencies"))

    @property
    def packages(self) -> dict[str, dict[str, Any]]:
        if self.old:
            from .old_lock import packages_of

            return packages_of(self.data or {})
        return (self.data or {}).get("packages") or {}

    @property
    def version(self) -> int:
        return int((self.data or {}).get("lockfileVersion") or 3)


def fill_tree(root: Node, packages: dict[str, dict[str, Any]]) -> None:
    """Hangs the entries of a lock file below `root`.

    Raises RegistryError EMISSINGTARGET when it has a link and not what that leads to.
    """
    for location, entry in sorted(packages.items(), key=lambda item: item[0].count("node_modules/")):
        if not location:
            continue
        if "node_modules/" not in location:
            _add_target(root, location, entry)
            continue
        above, _, name = location.rpartition("node_modules/")
        parent = root.inventory.get(above.rstrip("/"))
        if parent is None:
            continue  # a child of nothing: npm ignores it, and what depends on it is resolved anew
        if entry.get("link"):
            target = root.inventory.get(str(entry.get("resolved")).removeprefix("file:"))
            if target is None:
                raise RegistryError(
                    "EMISSINGTARGET",
                    f'Missing target in lock file: "{entry.get("resolved")}" is referenced by "{location}" '
                    "but does not exist.\nTo fix:\n1. rm package-lock.json\n2. edgejs install",
                    {"location": location},
                )
            _set_flags(Node(name, {}, parent=parent, target=target, legacy_peers=root.legacy_peers), entry)
            continue
        package = entry if "name" in entry else {**entry, "name": name}
        node = Node(
            name,
            package,
            parent=parent,
            resolved=_absolute(entry.get("resolved"), root.path),
            integrity=entry.get("integrity"),
            legacy_peers=root.legacy_peers,
        )
        node.from_bundle = bool(entry.get("inBundle")) and not (parent is root and name in root.bundled_names)
        _set_flags(node, entry)


def _absolute(resolved: str | None, folder: str) -> str | None:
    """``file:`` addresses are relative in a lock file, and absolute in a tree."""
    if resolved is None or not resolved.startswith("file:"):
        return resolved
    return f"file:{os.path.normpath(os.path.join(folder, resolved[5:]))}"


def _set_flags(node: Node, entry: dict[str, Any]) -> None:
    node.extraneous = bool(entry.get("extraneous"))
    node.peer, node.dev = bool(entry.get("peer")), bool(entry.get("dev"))
    node.optional = bool(entry.get("optional"))
    node.dev_optional = bool(entry.get("devOptional") or node.dev or node.optional)


def _add_target(root: Node, location: str, entry: dict[str, Any]) -> None:
    """What a link leads to; its own package.json counts, for that is the user's to edit."""
    from .sources import folder_manifest

    path = os.path.normpath(os.path.join(root.path, location))
    node = Node.at(path, folder_manifest(path) or entry, legacy_peers=root.legacy_peers)
    _set_flags(root.add_target(node), entry)


def _from_registry(node: Node) -> bool:
    """Do only registry specs lead here? Then ``resolved`` may be omitted."""
    return bool(node.edges_in) and all(
        resolve(edge.name, edge.spec).type in REGISTRY_TYPES for edge in node.edges_in
    )


def relative(path: str, folder: str) -> str:
    """`path` from `folder`, with slashes."""
    return os.path.relpath(path, folder).replace(os.sep, "/")


def _folder_name(path: str) -> str:
    name, above = os.path.basename(path), os.path.basename(os.path.dirname(path))
    return f"{above}/{name}" if above.startswith("@") else name


def entry_of(node: Node, *, omit_resolved: bool) -> dict[str, Any]:
    """The lock file's entry for a node (Arborist's metaFromNode)."""
    if node.target is not None:
        return {"resolved": relative(node.target.path, node.project_path), "link": True}
    package = node.package
    entry: dict[str, Any] = {}
    for key in _FROM_PACKAGE:
        value = package.get(key)
        if key == "license" and isinstance(value, dict) and value.get("type"):
            value = value["type"]
        if value and (not isinstance(value, (dict, list)) or len(value)):
            entry[key.lstrip("_")] = value
    name = node.package_name
    if name and (node.is_project or name != node.name or name != _folder_name(node.path)):
        entry["name"] = name
    if node.is_top and package.get("devDependencies") is not None:
        entry["devDependencies"] = package["devDependencies"]
    if node.integrity:
        entry["integrity"] = node.integrity
    if node.in_bundle:
        entry["inBundle"] = True
    if node.resolved and not (omit_resolved and _from_registry(node)):
        entry["resolved"] = (
            f"file:{relative(node.resolved[5:], node.project_path)}"
            if node.resolved.startswith("file:")
            else node.resolved
        )
    if node.extraneous:
        entry["extraneous"] = True
        return entry
    for flag in ("peer", "dev", "optional"):
        if getattr(node, flag):
            entry[flag] = True
    if node.dev_optional and not node.dev and not node.optional:
        entry["devOptional"] = True
    return entry


def lock_text(
    root: Node,
    folder: str,
    style: Style,
    *,
    omit_resolved: bool,
    hidden: bool = False,
    installed: set[Node] | None = None,
) -> str:
    """The text of a lock file for the tree; the hidden one lists only the `installed` nodes."""
    packages: dict[str, Any] = {}
    if not hidden:
        own = entry_of(root, omit_resolved=omit_resolved)
        if own:
            packages[""] = own
    for location, node in root.inventory.items():
        if not location or (installed is not None and "node_modules/" in location and node not in installed):
            continue
        if node.inert and not node.version:
            continue  # an optional dependency that could not even be looked up
        packages[location] = entry_of(node, omit_resolved=omit_resolved)
    data: dict[str, Any] = {"name": root.package_name or os.path.basename(folder)}
    if root.version:
        data["version"] = root.version
    data.update({"lockfileVersion": 3, "requires": True, "packages": packages})
    return jsonfile.dump(
        jsonfile.nicely_sorted(data, _ORDER), Style(style.indent or "  ", style.newline or "\n")
    )


def hidden_is_current(project: str, packages: dict[str, Any]) -> bool:
    """Is the hidden lock file the newest thing in node_modules, and does it name exactly what is there?"""
    hidden = os.path.join(project, HIDDEN)
    limit = os.stat(hidden).st_mtime_ns + _JITTER_NS
    seen: set[str] = set()

    def walk(folder: str, location: str) -> bool:
        """Visits one node_modules folder; False as soon as something is newer or unknown."""
        with os.scandir(folder) as found:
            entries = list(found)
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_symlink():
                if not linked(entry, location):
                    return False
                continue
            if not entry.is_dir(follow_symlinks=False):
                continue
            if entry.stat().st_mtime_ns > limit:
                return False
            if entry.name.startswith("@") and not location.endswith("/@"):
                if not walk_scope(entry.path, f"{location}{entry.name}/"):
                    return False
            elif not visit(entry.path, location + entry.name):
                return False
        return True

    def walk_scope(folder: str, location: str) -> bool:
        with os.scandir(folder) as found:
            return all(
                linked(entry, location)
                if entry.is_symlink()
                else entry.is_dir(follow_symlinks=False)
                and entry.stat().st_mtime_ns <= limit
                and visit(entry.path, location + entry.name)
                for entry in found
                if not entry.name.startswith(".")
            )

    def linked(entry: os.DirEntry[str], location: str) -> bool:
        """Is this a link that we made, to where we made it?"""
        known = packages.get(location + entry.name) or {}
        wanted = os.path.normpath(os.path.join(project, str(known.get("resolved"))))
        if not known.get("link") or os.path.realpath(entry.path) != wanted:
            return False
        seen.add(location + entry.name)
        return True

    def visit(path: str, location: str) -> bool:
        if location not in packages:
            return False
        seen.add(location)
        inner = os.path.join(path, "node_modules")
        return not os.path.isdir(inner) or walk(inner, location + "/node_modules/")

    for location in packages:
        if "node_modules/" not in location:
            seen.add(location)
            inner = os.path.join(project, location, "node_modules")
            if (
                os.path.isdir(inner)
                and not location.startswith("../")
                and not walk(inner, f"{location}/node_modules/")
            ):
                return False
    return walk(os.path.join(project, "node_modules"), "node_modules/") and seen.issuperset(packages)
