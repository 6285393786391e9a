# SPDX-License-Identifier: Apache-2.0
"""``npm outdated``: what is installed, what the ranges allow, and what there is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from .client import RegistryClient
from .edge import Edge
from .errors import RegistryError
from .order import locale_key
from .spec import REGISTRY_TYPES, Spec, resolve
from .tree import Node

__all__ = ["Outdated", "as_json", "find_outdated", "table"]

_SKIPPED = ("ETARGET", "E403", "E404", "ENOVERSIONS")


class Outdated(NamedTuple):
    """One dependency that could be newer; `current` is '' when it is missing."""

    name: str
    current: str
    wanted: str
    latest: str
    location: str
    path: str
    dependent: str
    type: str


def _edges(root: Node, names: Iterable[str], everything: bool) -> list[Edge]:
    chosen = set(names)
    if chosen:
        nodes = [node for node in root.inventory.values() if node.name in chosen]
        return [edge for node in nodes for edge in node.edges_in]
    sources = [node for node in root.inventory.values() if everything or node.is_mine]
    return [edge for node in sources for edge in node.edges_out.values() if edge.type != "workspace"]


def find_outdated(
    root: Node,
    client: RegistryClient,
    names: Iterable[str] = (),
    *,
    everything: bool = False,
    omit: frozenset[str] = frozenset(),
    workspaces: Collection[str] = (),
) -> list[Outdated]:
    """All dependencies of the project (of `everything`, or those called `names`) that could be newer.

    With `workspaces` (names) only what these depend on counts.

    Packages that the registry does not show, or that are not from a registry, are passed over.
    """
    edges = _edges(root, names, everything)
    if workspaces:
        folders = {root.workspaces[name] for name in workspaces}
        edges = [edge for edge in edges if edge.source.path in folders]
    for edge in edges:  # all answers are on their way before the first is read
        spec = resolve(edge.name, edge.spec)
        if spec.type in REGISTRY_TYPES:
            client.request(spec.registry.name)
    found = [one for edge in edges for one in [_look(edge, client, omit)] if one is not None]
    return sorted(set(found), key=lambda one: (locale_key(one.name), locale_key(one.dependent)))


def _look(edge: Edge, client: RegistryClient, omit: frozenset[str]) -> Outdated | None:
    node, spec = edge.to, resolve(edge.name, edge.spec)
    kind = "optional" if edge.optional else "peer" if edge.peer else "dev" if edge.type == "dev" else ""
    if spec.type not in REGISTRY_TYPES or (node is None and kind) or (node is not None and node.target):
        return None
    if node is not None and any(getattr(node, flag, False) for flag in omit):
        return None
    try:
        document = client.packument(spec.registry.name).document
        wanted = client.pick(document, spec.registry)
        latest = client.pick(document, Spec(spec.registry.name, "*", "range"))
    except RegistryError as error:
        if error.code in _SKIPPED:
            return None  # as npm does: what cannot be compared is not listed
        raise
    current = node.version if node is not None else ""
    if current == wanted == latest:
        return None
    source = edge.source
    return Outdated(
        edge.spec.replace("npm:", f"{edge.name}:", 1) if spec.type == "alias" else edge.name,
        current,
        wanted,
        latest,
        node.location if node is not None else "",
        node.path if node is not None else "",
        source.pkgid if source.is_workspace else source.package_name or source.name,
        f"{kind}Dependencies" if kind else "dependencies",
    )


def table(found: list[Outdated]) -> str:
    """npm's table: columns two blanks apart, versions to the right."""
    rows = [("Package", "Current", "Wanted", "Latest", "Location", "Depended by")]
    rows += [
        (one.name, one.current or "MISSING", one.wanted, one.latest, one.location or "-", one.dependent)
        for one in found
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if 1 <= column <= 3 else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def as_json(found: list[Outdated]) -> dict[str, Any]:
    """npm's ``--json`` document: by name, a list where a name comes more than once."""
    document: dict[str, Any] = {}
    for one in found:
        entry = {
            "current": one.current,
            "wanted": one.wanted,
            "latest": one.latest,
            "dependent": one.dependent,
            "location": one.path,
        }
        entry = {key: value for key, value in entry.items() if value}
        there = document.get(one.name)
        document[one.name] = (
            entry if there is None else [*(there if isinstance(there, list) else [there]), entry]
        )
    return document
