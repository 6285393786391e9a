# SPDX-License-Identifier: Apache-2.0
"""Why a node is in the tree, as plain data for error reports, and npm's text for it.

Explanations are bounded when they are made: the graph of dependents can be exponentially large when it is
written out as a tree, so each level keeps few dependents and names some of the others.
"""

from __future__ import annotations

import math
from typing import Any

from .edge import Edge
from .tree import Node

__all__ = ["explain_edge", "explain_edge_to", "explain_node", "explanation", "render"]

_DEPTH = 4


def explain_node(node: Node, edge: Edge | None = None, depth: int = _DEPTH) -> dict[str, Any]:
    """`node` and who depends on it, `depth` levels up; only by `edge` when one is given."""
    if node.source is not None:
        return explain_node(node.source, edge, depth)
    if node.is_project and node.wants_dev:
        return {"root": True}
    why: dict[str, Any] = {"name": node.name, "version": node.version}
    if node.root.source is not None:
        project = node.root.package
        why["whileInstalling"] = {"name": project.get("name"), "version": project.get("version")}
    if not node.is_project:
        why["location"] = node.location
    edges = [edge] if edge else [one for one in node.edges_in if one.valid or one.source.is_project]
    shown = math.ceil(depth / 2) if depth > 0 else 0
    why["dependents"] = [explain_edge(one, depth) for one in edges[:shown]]
    why["others"] = [one.source.name for one in edges[shown:]] if shown else []
    return why


def explain_edge(edge: Edge, depth: int = _DEPTH) -> dict[str, Any]:
    """A dependency and where it comes from."""
    why: dict[str, Any] = {
        "type": edge.type,
        "name": edge.name,
        "spec": edge.spec,
        "from": explain_node(edge.source, depth=depth - 1),
    }
    if edge.name in edge.source.bundled_names:
        why["bundled"] = True
    return why


def explain_edge_to(node: Node, edge: Edge) -> dict[str, Any]:
    """`node`, as wanted by `edge` alone."""
    return explain_node(node, edge)


def explanation(edge: Edge, dep: Node | None, current: Node | None, *, strict: bool) -> dict[str, Any]:
    """The details of an ERESOLVE error."""
    return {
        "edge": explain_edge(edge),
        "dep": explain_node(dep, edge) if dep else None,
        "current": explain_node(current) if current else None,
        "strictPeerDeps": strict,
    }


def _indent(lines: list[str]) -> str:
    return "".join("\n" + line for line in lines).replace("\n", "\n  ")


def _print_node(why: dict[str, Any]) -> str:
    location = why.get("location")
    return f"{_js(why.get('name'))}@{_js(why.get('version'))}" + (f"\n{location}" if location else "")


def _js(value: str | None) -> str:
    """npm prints what is not there as JavaScript does."""
    return "undefined" if value is None else value


def _render_node(why: dict[str, Any], depth: int) -> str:
    text = "the root project" if why.get("root") else _print_node(why)
    if depth <= 0 or why.get("root"):
        return text
    lines = [_render_edge(edge, depth) for edge in why["dependents"][: math.ceil(depth / 2)]]
    others = [
        edge["from"].get("name", "the root project") for edge in why["dependents"][math.ceil(depth / 2) :]
    ]
    others += why["others"]
    if others:
        names: list[str] = []
        length = 0
        for index, name in enumerate(others):
            length += len(name)
            if length >= 50 and index < len(others) - 1:
                names.append("...")
                break
            names.append(name)
        lines.append(f"{len(others)} more ({', '.join(names)})")
    return text + (_indent(lines) if lines else "")


def _render_edge(why: dict[str, Any], depth: int) -> str:
    kind = "" if why["type"] == "prod" else f"{why['type']} "
    bundled = "bundled " if why.get("bundled") else ""
    source = why["from"]
    origin = "the root project" if source.get("root") else _render_node(source, depth - 1)
    return f'{kind}{bundled}{why["name"]}@"{why["spec"]}" from {origin}'


def render(why: dict[str, Any]) -> str:
    """npm's report (explain-eresolve): While resolving, Found, Could not resolve dependency, Conflicting."""
    out = []
    edge, dep, current, conflict = why["edge"], why.get("dep"), why.get("current"), why.get("peerConflict")
    installing = next(
        (
            one["whileInstalling"]
            for one in (dep, current, edge.get("from"))
            if one and one.get("whileInstalling")
        ),
        None,
    )
    if installing:
        out.append("While resolving: " + _print_node(installing))
    if current:
        out.append("Found: " + _render_node(current, _DEPTH))
    elif conflict and conflict.get("current"):
        out.append("Found: " + _render_node(conflict["current"], _DEPTH))
    else:
        out.append("Found: " + _render_edge(why.get("currentEdge") or edge, _DEPTH))
    out.append("\nCould not resolve dependency:\n" + _render_edge(edge, _DEPTH))
    if conflict and conflict.get("peer"):
        out.append("\nConflicting peer dependency: " + _render_node(conflict["peer"], _DEPTH))
    return "\n".join(out)
