# SPDX-License-Identifier: Apache-2.0
"""One package.json, from a packument, a tarball or the disk, brought into one shape.

The steps are those of @npmcli/package-json's `normalize`, as far as a dependency tree needs them.
"""

from __future__ import annotations

import posixpath
from typing import Any

__all__ = ["DEPENDENCY_TYPES", "normalize", "normalize_bin"]

DEPENDENCY_TYPES = ("dependencies", "optionalDependencies", "devDependencies", "peerDependencies")
_INSTALL_SCRIPTS = ("preinstall", "install", "postinstall")


def normalize_bin(name: str | None, value: Any) -> dict[str, str]:
    """``bin`` as {command: path inside the package}; none may lead outside (npm-normalize-package-bin)."""
    if isinstance(value, str):
        pairs: dict[str, Any] = {name: value} if name else {}
    elif isinstance(value, list):
        pairs = {posixpath.basename(item): item for item in value if isinstance(item, str)}
    else:
        pairs = value if isinstance(value, dict) else {}
    clean = {}
    for command, target in pairs.items():
        base = posixpath.normpath(
            "/" + posixpath.basename(command.replace("\\", "/").replace(":", "/"))
        ).lstrip("/")
        if not isinstance(target, str) or not base:
            continue
        inside = posixpath.normpath("/" + target.replace("\\", "/")).lstrip("/")
        if inside:
            clean[base] = inside
    return clean


def _bundled(package: dict[str, Any]) -> list[str] | None:
    value = package.get("bundleDependencies")
    if value is None:
        value = package.get("bundledDependencies")
    if value is True:
        return list(package.get("dependencies") or {})
    if isinstance(value, dict):
        return list(value)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else None


def normalize(source: dict[str, Any]) -> dict[str, Any]:
    """A shallow copy of `source` with npm's normal forms; dependency maps hold strings only."""
    package = dict(source)
    bundled = _bundled(package)
    package.pop("bundledDependencies", None)
    package.pop("bundleDependencies", None)
    if bundled is not None:
        package["bundleDependencies"] = bundled
    for key in DEPENDENCY_TYPES:
        value = package.get(key)
        if value is None:
            continue
        if isinstance(value, dict):
            package[key] = {name: spec for name, spec in value.items() if isinstance(spec, str)}
        else:
            del package[key]
    optional = package.get("optionalDependencies")
    if optional and package.get("dependencies"):
        package["dependencies"] = {
            name: spec for name, spec in package["dependencies"].items() if name not in optional
        }
    if "bin" in package:
        clean = normalize_bin(package.get("name"), package["bin"])
        if clean:
            package["bin"] = clean
        else:
            del package["bin"]
    if isinstance(package.get("funding"), str):
        package["funding"] = {"url": package["funding"]}
    scripts = package.get("scripts")
    if isinstance(scripts, dict) and any(scripts.get(event) for event in _INSTALL_SCRIPTS):
        package["hasInstallScript"] = True
    if package.get("gypfile") and not (
        isinstance(scripts, dict) and (scripts.get("install") or scripts.get("preinstall"))
    ):
        package["hasInstallScript"] = True
    return package
