# SPDX-License-Identifier: Apache-2.0
"""Lock files of version 1, which npm wrote before 2021: read once, and written as version 3.

They know versions, addresses and digests, but nothing else of a package; the rest is asked of the registry
(Arborist's ``inflateAncientLockfile``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .client import RegistryClient
from .errors import RegistryError
from .reporter import Reporter
from .sources import Sources
from .spec import REGISTRY_TYPES, resolve
from .tree import Node

__all__ = ["inflate", "packages_of"]

_WARNING = """
The {name} file was created with an old version of npm,
so supplemental metadata must be fetched from the registry.

This is a one-time fix-up, please be patient...
"""


def packages_of(data: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The entries of a file of version 1 in the form and by the places of version 3."""
    return dict(_entries(data.get("dependencies") or {}, ""))


def _entries(dependencies: Mapping[str, Any], above: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, old in dependencies.items():
        location = f"{above}node_modules/{name}"
        spec = resolve(name, str(old.get("version") or "*"))
        entry: dict[str, Any] = {key: old[key] for key in ("integrity", "dev", "optional") if old.get(key)}
        if old.get("bundled"):
            entry["inBundle"] = True
        if spec.type == "directory":
            entry = {"link": True, "resolved": spec.fetch_spec.removeprefix("file:")}
            yield entry["resolved"], {}
        elif spec.type in REGISTRY_TYPES:
            entry["version"] = spec.registry.fetch_spec
            if spec.target is not None:
                entry["name"] = spec.target.name
            if old.get("resolved"):
                entry["resolved"] = old["resolved"]
        else:
            entry["resolved"] = spec.fetch_spec
        if isinstance(old.get("requires"), dict):
            entry["dependencies"] = old["requires"]
        yield location, entry
        yield from _entries(old.get("dependencies") or {}, f"{location}/")


def inflate(root: Node, name: str, client: RegistryClient, sources: Sources, reporter: Reporter) -> None:
    """Gives the nodes of a tree read from the old file `name` the package.json that belongs to each.

    Raises RegistryError when one of them can no longer be had.
    """
    for line in _WARNING.format(name=name).splitlines():
        reporter.warn("old lockfile", line)
    nodes = [node for node in root.inventory.values() if node.parent is not None and node.target is None]
    for node in nodes:
        if _specifier(node).type in REGISTRY_TYPES:
            client.request(node.package_name or node.name)  # all at once; each is waited for below
    for node in nodes:
        spec = _specifier(node)
        try:
            manifest = (
                client.manifest(spec) if spec.type in REGISTRY_TYPES else sources.manifest(spec, root.path)
            )
        except RegistryError:
            if node.optional or node.in_bundle:
                continue
            raise
        node.set_package({**manifest, "name": node.package_name or node.name})
        node.resolved = node.resolved or manifest.get("_resolved")
        node.integrity = node.integrity or manifest.get("_integrity")


def _specifier(node: Node) -> Any:
    name = node.package_name or node.name
    return resolve(name, node.version or str(node.resolved))
