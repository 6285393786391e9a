# SPDX-License-Identifier: Apache-2.0
"""``npm explain``: every chain of dependents that keeps a package installed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from . import semver
from .edge import Edge
from .errors import RegistryError
from .spec import parse
from .tree import Node

__all__ = ["explain", "find", "render"]

_MOST = 2000
"""How many dependents are written out: the graph can be exponentially larger as a tree."""


def find(root: Node, arguments: Iterable[str], cwd: str) -> list[Node]:
    """The nodes that arguments mean: a name, a place in node_modules, or ``name@range``.

    Raises RegistryError ENOMATCH with npm's words when there is none.
    """
    found: dict[Node, None] = {}
    for argument in arguments:
        location = argument.rstrip("/")
        inside = os.path.relpath(os.path.join(cwd, location), root.path)
        nodes = [node for node in root.inventory.values() if node.location and node.package_name == argument]
        if not nodes:
            nodes = [root.inventory[one] for one in (location, inside) if one and one in root.inventory][:1]
        if not nodes:
            spec = parse(argument)
            nodes = [
                node
                for node in root.inventory.values()
                if node.package_name == spec.name and semver.satisfies(node.version, spec.fetch_spec)
            ]
        found.update(dict.fromkeys(nodes))
    if not found:
        raise RegistryError("ENOMATCH", f"No dependencies found matching {', '.join(arguments)}")
    return list(found)


class _Budget:
    def __init__(self) -> None:
        self.left = _MOST


def explain(node: Node, seen: tuple[Node, ...] = (), budget: _Budget | None = None) -> dict[str, Any]:
    """`node`, its flags, and who depends on it, as npm's ``--json`` has it."""
    budget = budget or _Budget()
    if node.is_project:
        return {"location": node.path}
    why: dict[str, Any] = {"name": node.name, "version": node.version, "dependents": []}
    if node in seen:
        return why
    why["location"] = node.location
    why["isWorkspace"] = node.is_workspace
    if budget.left <= 0:
        return why
    seen = (*seen, node)
    for edge in node.edges_in:
        if edge.valid or edge.source.is_project:
            budget.left -= 1
            why["dependents"].append(_explain_edge(edge, seen, budget))
    if node.links_in:
        why["linksIn"] = [explain(link, seen, budget) for link in node.links_in]
    if len(seen) == 1:
        flags = ("extraneous",) if node.extraneous else ("dev", "optional", "peer")
        why.update({flag: getattr(node, flag) for flag in flags})
        if not node.extraneous:
            why["devOptional"] = node.dev_optional
            why["bundled"] = node.in_bundle
            why["overridden"] = any(edge.overridden for edge in node.edges_in)
    return why


def _explain_edge(edge: Edge, seen: tuple[Node, ...], budget: _Budget) -> dict[str, Any]:
    why: dict[str, Any] = {"type": edge.type, "name": edge.name, "spec": edge.spec}
    if edge.overridden:
        why["rawSpec"] = edge.raw_spec
        why["overridden"] = True
    if edge.name in edge.source.bundled_names:
        why["bundled"] = True
    why["from"] = explain(edge.source, seen, budget)
    return why


def _indented(lines: list[str]) -> str:
    return "".join("\n" + line for line in lines).replace("\n", "\n  ")


def render(why: dict[str, Any]) -> str:
    """npm's text: the package, and below it, indented, each dependent with its own."""
    flags = [
        name for name in ("extraneous", "dev", "optional", "peer", "bundled", "overridden") if why.get(name)
    ]
    text = f"{why['name']}@{why['version']}" + "".join(f" {flag}" for flag in flags)
    text += f"\n{why['location']}" if why.get("location") else ""
    text += _indented([_render_edge(edge) for edge in why["dependents"]])
    return text + _indented([render(link) for link in why.get("linksIn", ())])


def _render_edge(why: dict[str, Any]) -> str:
    source = why["from"]
    kind = "" if why["type"] == "prod" else f"{why['type']} "
    bundled = "bundled " if why.get("bundled") else ""
    wanted = f'{why["name"]}@"{why["spec"]}"'
    if why["type"] == "workspace":
        wanted = os.path.relpath(why["spec"].removeprefix("file:"), source["location"])
    if why.get("overridden"):
        wanted = f'overridden {wanted} (was "{why["rawSpec"]}")'
    origin = render(source) if "name" in source else "the root project"
    return f"{kind}{bundled}{wanted} from {origin}"
