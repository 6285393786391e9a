# SPDX-License-Identifier: Apache-2.0
"""Which packages depend on each other in a circle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .tree import Node

__all__ = ["circles"]


def circles(nodes: list[Node], dependencies: Any) -> Iterator[list[Node]]:
    """The strongly connected parts of the graph, dependencies first (Tarjan's algorithm)."""
    members = set(nodes)
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    on_stack: set[Node] = set()
    for start in nodes:
        if start in index:
            continue
        work: list[tuple[Node, Iterator[Node]]] = []

        def enter(node: Node) -> None:
            index[node] = low[node] = len(index)
            stack.append(node)
            on_stack.add(node)
            work.append((node, (to for _name, to in dependencies(node) if to in members)))  # noqa: B023

        enter(start)
        while work:
            node, rest = work[-1]
            to = next(rest, None)
            if to is not None:
                if to not in index:
                    enter(to)
                elif to in on_stack:
                    low[node] = min(low[node], index[to])
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[node])
            if low[node] == index[node]:
                circle = []
                while True:
                    member = stack.pop()
                    on_stack.discard(member)
                    circle.append(member)
                    if member is node:
                        break
                yield circle
