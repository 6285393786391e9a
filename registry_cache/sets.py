# SPDX-License-Identifier: Apache-2.0
"""Sets of nodes that come and go together: dependencies, optional packages, peers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .edge import Edge
    from .tree import Node

__all__ = ["bundler", "gather", "optional_set", "peer_entry_sets"]


def gather(start: Iterable[Node], follow: Callable[[Edge], bool]) -> dict[Node, None]:
    """`start` and its dependencies, less all that something outside depends on (gather-dep-set)."""
    found: dict[Node, None] = dict.fromkeys(start)
    queue = list(found)
    for node in queue:
        for edge in node.edges_out.values():
            if edge.to is not None and edge.to not in found and follow(edge):
                found[edge.to] = None
                queue.append(edge.to)
    changed = True
    while changed and found:
        changed = False
        for node in list(found):
            if any(edge.source not in found and follow(edge) for edge in node.edges_in):
                del found[node]
                changed = True
    return found


def optional_set(node: Node) -> dict[Node, None]:
    """All that falls when the optional `node` does: up to the optional edges, and what only that needs."""
    found: dict[Node, None] = {node: None}
    queue = [node]
    for member in queue:
        for edge in member.edges_in:
            if not edge.optional and edge.source not in found:
                found[edge.source] = None
                queue.append(edge.source)
    return gather(found, lambda edge: edge.to not in found and not edge.source.inert)


def _closure(node: Node, step: Callable[[Node], Iterable[Node]]) -> dict[Node, None]:
    found: dict[Node, None] = {node: None}
    queue = [node]
    for member in queue:
        for other in step(member):
            if other not in found:
                found[other] = None
                queue.append(other)
    return found


def _peers_below(node: Node) -> Iterator[Node]:
    for edge in node.edges_out.values():
        if edge.valid and edge.peer and edge.to is not None:
            yield edge.to


def _peers_around(node: Node) -> Iterator[Node]:
    yield from _peers_below(node)
    for edge in node.edges_in:
        if edge.valid and edge.peer:
            yield edge.source


def peer_entry_sets(node: Node) -> dict[Edge, dict[Node, None]]:
    """The peer sets that `node` is in, by the edge that brought each into the tree."""
    sets: dict[Edge, dict[Node, None]] = {}
    for peer in _closure(node, _peers_around):
        for edge in peer.edges_in:
            if edge.valid and (not edge.peer or edge.source.is_top):
                members = _closure(peer, _peers_below)
                if node in members:
                    sets[edge] = members
    return sets


def bundler(node: Node, seen: set[Node] | None = None) -> Node | None:
    """The node whose tarball carries `node`, by its own list or by that of a dependent."""
    seen = set() if seen is None else seen
    if node in seen or node.parent is None:
        return None
    seen.add(node)
    above = bundler(node.parent, seen)
    if above is not None:
        return above
    if node.name in node.parent.bundled_names:
        return node.parent
    for edge in node.edges_in:
        if bundler(edge.source, seen) is node.parent:
            return node.parent
    return None
