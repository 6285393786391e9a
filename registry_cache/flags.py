# SPDX-License-Identifier: Apache-2.0
"""Which nodes are there only for development, only optionally, only as peers, or for nothing."""

from __future__ import annotations

from collections.abc import Iterable

from .tree import Node

__all__ = ["calculate", "clear", "reset", "should_omit"]


def reset(nodes: Iterable[Node]) -> None:
    """Sets every flag, as on a new node."""
    for node in nodes:
        node.extraneous = node.dev = node.optional = node.dev_optional = node.peer = True


def clear(node: Node) -> None:
    """Clears every flag: the state of a project's root."""
    node.extraneous = node.dev = node.optional = node.dev_optional = node.peer = False


def _state(node: Node) -> tuple[bool, ...]:
    return node.extraneous, node.dev, node.optional, node.dev_optional, node.peer


def calculate(root: Node) -> None:
    """Clears the flags that do not hold, walking out from the root until nothing changes (calc-dep-flags).

    What stays dev (optional, peer) is reached through dev (optional, peer) edges only; `dev_optional` is
    what development and an optional dependency both need; extraneous is what nothing needs.
    """
    clear(root)
    seen: dict[Node, None] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        seen[node] = None
        if not node.extraneous:
            above = node.resolve_parent
            while above is not None and above.extraneous:
                above.extraneous = False
                above = above.resolve_parent
        target = node.target
        if target is not None:
            before = _state(target)
            for flag in ("dev", "optional", "dev_optional", "peer", "extraneous"):
                setattr(target, flag, getattr(target, flag) and getattr(node, flag))
            if before != _state(target) or target not in seen:
                stack.append(target)
            continue
        for edge in node.edges_out.values():
            to = edge.to
            if to is None:
                continue
            before = _state(to)
            dev, optional = edge.type == "dev", edge.optional
            to.extraneous = to.extraneous and (node.extraneous or (edge.peer and optional))
            to.dev = to.dev and (node.dev or dev)
            to.optional = to.optional and (node.optional or optional)
            to.dev_optional = to.dev_optional and (
                node.dev_optional or node.dev or node.optional or dev or optional
            )
            to.peer = to.peer and (node.peer or edge.peer)
            if before != _state(to):
                stack.append(to)
    for node in seen:
        if node is not root and node.dev_optional and (node.dev or node.optional):
            node.dev_optional = False


def should_omit(node: Node, omit: frozenset[str]) -> bool:
    """Is the node left out by ``--omit``?"""
    return bool(omit) and (
        (node.peer and "peer" in omit)
        or (node.dev and "dev" in omit)
        or (node.optional and "optional" in omit)
        or (node.dev_optional and "optional" in omit and "dev" in omit)
    )
