# SPDX-License-Identifier: Apache-2.0
"""A project's package.json: read, given new dependencies, written back as npm writes it."""

from __future__ import annotations

import os
from typing import Any

from . import jsonfile, semver
from .jsonfile import Style
from .manifest import DEPENDENCY_TYPES, normalize
from .order import locale_key
from .spec import Spec

__all__ = ["SAVE_KEYS", "PackageFile", "saved_range"]

SAVE_KEYS = {
    "dev": "devDependencies",
    "optional": "optionalDependencies",
    "prod": "dependencies",
    "peerOptional": "peerDependencies",
    "peer": "peerDependencies",
}
"""Save type to key, in the order in which npm looks where a dependency already is."""


def saved_range(spec: Spec, version: str, prefix: str) -> str:
    """What is written for an installed `version` when the user asked for `spec`.

    A range is kept when ``prefix + version`` would allow more than it; anything else gets the prefix.
    """
    wanted = spec.registry
    prefixed = prefix + version if version else "*"
    keep = (
        wanted.type == "range" and wanted.fetch_spec != "*" and not semver.subset(prefixed, wanted.fetch_spec)
    )
    chosen = wanted.fetch_spec if keep else prefixed
    return f"npm:{wanted.name}@{chosen}" if spec.target is not None and wanted.name != spec.name else chosen


class PackageFile:
    """The file's own content (`original`) and the normalised `package` that a tree is built from."""

    def __init__(self, path: str, original: dict[str, Any] | None, style: Style) -> None:
        self.path = path
        self.exists = original is not None
        self.original = original or {}
        self.style = style
        self.package = normalize(self.original)

    @classmethod
    def load(cls, folder: str) -> PackageFile:
        """Reads ``folder/package.json``; a missing one is empty. Raises RegistryError EJSONPARSE."""
        path = os.path.join(folder, "package.json")
        found = jsonfile.read(path)
        return cls(path, None, Style()) if found is None else cls(path, found[0], found[1])

    @classmethod
    def of_folder(cls, folder: str) -> PackageFile:
        """What global packages have instead of a file: every package of node_modules is a dependency."""
        modules = os.path.join(folder, "node_modules")
        found: dict[str, str] = {}
        for name in _packages(modules):
            path = os.path.join(modules, name)
            found[name] = f"file:{os.path.realpath(path)}" if os.path.islink(path) else "*"
        return cls(os.path.join(folder, "package.json"), {"dependencies": found} if found else {}, Style())

    def _has(self, key: str, name: str) -> bool:
        return name in (self.package.get(key) or {})

    def _infer(self, name: str) -> str:
        for kind, key in SAVE_KEYS.items():
            if self._has(key, name):
                meta = (self.package.get("peerDependenciesMeta") or {}).get(name) or {}
                return "peer" if kind == "peerOptional" and not meta.get("optional") else kind
        return "prod"

    def _drop(self, key: str, name: str) -> None:
        if self._has(key, name):
            kept = {other: spec for other, spec in self.package[key].items() if other != name}
            if kept:
                self.package[key] = kept
            else:
                del self.package[key]

    def add(self, name: str, raw: str, save_type: str | None) -> None:
        """Enters a dependency; `save_type` is in SAVE_KEYS or None (keep it there)."""
        kind = save_type or self._infer(name)
        if kind == "prod":
            drop = ["devDependencies", "peerDependencies"]
            if save_type == "prod":
                drop.append("optionalDependencies")
        elif kind == "dev":
            drop = ["dependencies"]
        elif kind == "optional":
            drop = ["peerDependencies"]
        else:
            drop = ["dependencies", "optionalDependencies"]
        for key in drop:
            self._drop(key, name)
        key = SAVE_KEYS[kind]
        section = dict(self.package.get(key) or {})
        if raw != "*" or name not in section:
            section[name] = raw
        self.package[key] = section
        if kind == "optional":  # older npm wants it in both; the lock file keeps that, `text` does not
            self.package["dependencies"] = {**(self.package.get("dependencies") or {}), name: section[name]}

    def remove(self, name: str) -> None:
        """Takes a dependency out, whatever its kind."""
        for key in DEPENDENCY_TYPES:
            self._drop(key, name)
        bundled = self.package.get("bundleDependencies")
        if bundled is not None and name in bundled:
            self.package["bundleDependencies"] = [other for other in bundled if other != name]
            if not self.package["bundleDependencies"]:
                del self.package["bundleDependencies"]

    def save_spec(self, name: str, spec: str, save_type: str | None) -> None:
        """Enters the final text for a dependency, once its version is known."""
        keys = (
            [SAVE_KEYS[save_type]] if save_type else [key for key in DEPENDENCY_TYPES if self._has(key, name)]
        )
        if not save_type and "devDependencies" in keys:
            keys = ["devDependencies"] + [
                key
                for key in keys
                if key in ("peerDependencies", "optionalDependencies")
                and not semver.intersects_caret(spec, self.package[key][name])
            ]
        for key in keys:
            self.package[key] = {**(self.package.get(key) or {}), name: spec}

    def save(self) -> None:
        """Writes the file when more than blanks at its ends would change."""
        jsonfile.write(self.path, self.text(), blanks_matter=False)

    def text(self) -> str:
        """The new file: the user's keys in the user's order, dependency maps sorted, empty ones gone."""
        result = dict(self.original)
        optional = self.package.get("optionalDependencies") or {}
        for key in DEPENDENCY_TYPES:
            section = self.package.get(key)
            if section and key == "dependencies":
                section = {name: spec for name, spec in section.items() if name not in optional}
            if section:
                result[key] = {name: section[name] for name in sorted(section, key=locale_key)}
            else:
                result.pop(key, None)
        for key in ("bundleDependencies", "bundledDependencies"):
            if isinstance(result.get(key), list):
                result[key] = self.package.get("bundleDependencies")
                if result[key] is None:
                    del result[key]
        before, peers = self.original.get("dependencies") or {}, self.original.get("peerDependencies") or {}
        for name in peers:
            if name in before and name in (result.get("peerDependencies") or {}):
                result.setdefault("dependencies", {})[name] = result["peerDependencies"][name]
        return jsonfile.dump(result, self.style)


def _packages(modules: str) -> list[str]:
    """The names of what is in a node_modules folder, in order."""
    names = sorted(os.listdir(modules)) if os.path.isdir(modules) else []
    found = []
    for name in names:
        if name.startswith("@"):
            found += [f"{name}/{inner}" for inner in sorted(os.listdir(os.path.join(modules, name)))]
        elif not name.startswith("."):
            found.append(name)
    return found
