# SPDX-License-Identifier: Apache-2.0
"""May a package go here? The question that placement asks of every place, answered without touching the tree.

The rules are Arborist's (`can-place-dep`).
"""

from __future__ import annotations

import enum

from . import semver
from .edge import Edge
from .sets import peer_entry_sets
from .tree import Node

__all__ = ["Check", "Verdict", "deepest_target"]


class Verdict(enum.Enum):
    """The answers of a `Check`."""

    OK = "OK"
    REPLACE = "REPLACE"
    KEEP = "KEEP"
    CONFLICT = "CONFLICT"


def deepest_target(start: Node, name: str) -> Node:
    """The first place, going up from `start`, that `name` may be put: not below who has it as a peer."""
    node = start
    while not node.is_project and not node.is_global and node.resolve_parent is not None:
        edge = node.edges_out.get(name)
        if edge is None or not edge.peer:
            return node
        node = node.resolve_parent
    return node


class Check:
    """May `dep` (in a virtual root, its peers around it) go into `target`'s node_modules for `edge`?"""

    def __init__(
        self,
        dep: Node,
        target: Node,
        edge: Edge,
        *,
        prefer_dedupe: bool,
        parent: Check | None = None,
        peer_path: tuple[Node, ...] = (),
        explicit: bool = False,
    ) -> None:
        self.dep = dep
        self.target = target
        self.edge = edge
        self.parent = parent
        self.explicit = explicit
        self.prefer_dedupe = prefer_dedupe or edge.peer
        self.children: list[Check] = []
        self.current = target.children.get(edge.name)
        self._peer_path = peer_path
        self._peers_verdict: Verdict | None = None
        self.itself: Verdict | None = None
        """The verdict without regard to the peers."""
        self.verdict = self._judge()
        if self.itself is None:
            self.itself = self.verdict

    @property
    def top_edge(self) -> Edge:
        return self.edge if self.parent is None else self.parent.top_edge

    def _deepest(self) -> Node:
        start = self.parent._deepest() if self.parent else self.edge.source
        return deepest_target(start, self.edge.name)

    def conflicts(self) -> list[Check]:
        """The peers, and peers of peers, that cannot go here."""
        found = []
        queue = list(self.children)
        for check in queue:
            queue += [child for child in check.children if child not in queue]
            if check.verdict is Verdict.CONFLICT:
                found.append(check)
        return found

    def _judge(self) -> Verdict:
        if self.dep.error is not None:  # it will fail the install, or be dropped as optional
            return Verdict.REPLACE if self.current else Verdict.OK
        own = self.target.edges_out.get(self.edge.name)
        if own is not None and own.peer and not (self.target.is_top or self.target.is_global):
            return Verdict.CONFLICT
        if self.current is not None:
            return self._judge_occupied(self.current)
        if own is not None and own is not self.edge and not own.accepts(self.dep):
            return Verdict.CONFLICT
        return self._judge_free()

    def _judge_free(self) -> Verdict:
        """Nothing has the name here; those below who look past this place must not find a wrong one now."""
        if self.target is not self.top_edge.source:
            shadowed = self.target.lookup(self.edge.name)
            for edge in shadowed.edges_in if shadowed else ():
                if edge.valid and edge.source.descends_from(self.target) and not edge.accepts(self.dep):
                    return Verdict.CONFLICT
        return self._with_peers(Verdict.OK)

    def _judge_occupied(self, current: Node) -> Verdict:
        dep, edge = self.dep, self.edge
        if dep.matches(current) and (edge.accepts(current) or not edge.accepts(dep)):
            return Verdict.REPLACE if self.explicit else Verdict.KEEP
        newer = bool(current.version and dep.version and semver.gte(dep.version, current.version))
        if newer and dep.can_replace(current):
            verdict = self._with_peers(Verdict.REPLACE)
            if verdict is not Verdict.CONFLICT:
                return verdict
        if edge.accepts(current) and (not self.explicit or self.prefer_dedupe):
            return Verdict.KEEP
        if self.prefer_dedupe and not newer and dep.can_replace(current):
            verdict = self._with_peers(Verdict.REPLACE)
            if verdict is not Verdict.CONFLICT:
                return verdict
        if self.target is not self._deepest():
            return Verdict.CONFLICT  # it can go deeper and leave the current one alone
        if not edge.peer and self.target is edge.source:
            return self._with_peers(Verdict.REPLACE)  # the one place it can go
        if self.parent is None and not edge.peer:
            return Verdict.CONFLICT
        return self._with_peers(Verdict.REPLACE) if self._can_push_away(current) else Verdict.CONFLICT

    def _can_push_away(self, current: Node) -> bool:
        """Can each peer set that `current` belongs to be replaced by the new one, or nested deeper?"""
        pushable = True
        newcomers = self.dep.parent.children if self.dep.parent else {}
        for entry, members in peer_entry_sets(current).items():
            if entry is self.edge or entry is self.top_edge:
                continue
            node = entry.to
            assert node is not None
            substitute = newcomers.get(node.name)
            if substitute is not None and substitute.can_replace(node, newcomers):
                continue
            if substitute is None and _clobberable(node, newcomers):
                continue
            for member in members:
                deep = deepest_target(entry.source, member.name)
                if deep is self.target or self.target.descends_from(deep):
                    pushable = False
                    break
        return pushable

    def _with_peers(self, verdict: Verdict) -> Verdict:
        """`verdict`, or CONFLICT when a peer cannot go here or higher."""
        self.itself = verdict
        if self._peers_verdict is None:
            path = (*self._peer_path, self.dep)
            clash = False
            for edge in self.dep.edges_out.values():
                if not edge.peer or edge.to is None or edge.to in path:
                    continue
                child = Check(
                    edge.to,
                    deepest_target(self.target, edge.name),
                    edge,
                    prefer_dedupe=True,
                    parent=self,
                    peer_path=path,
                )
                self.children.append(child)
                clash = clash or child.verdict is Verdict.CONFLICT
            self._peers_verdict = Verdict.CONFLICT if clash else verdict
        return self._peers_verdict


def _clobberable(node: Node, newcomers: dict[str, Node]) -> bool:
    """Do the newcomers satisfy every peer edge in the set around `node` that they would take over?"""
    seen: dict[Node, None] = {node: None}
    queue = [node]
    for member in queue:
        for edge in member.edges_out.values():
            if not edge.peer or not edge.valid:
                continue
            substitute = newcomers.get(edge.name)
            if substitute is None:
                if edge.to is not None and edge.to not in seen:
                    seen[edge.to] = None
                    queue.append(edge.to)
            elif not edge.accepts(substitute):
                return False
    return True
