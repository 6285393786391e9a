# SPDX-License-Identifier: Apache-2.0
"""Where a package goes: as high as nothing forbids, together with its peers.

`Check` answers "may this go here?" without touching the tree; `Placement` walks up from the dependent
until the answer is no, takes the highest yes, and changes the tree. The rules are Arborist's
(`can-place-dep`, `place-dep`), for npm's hoisted layout, so that both make the same tree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .check import Check, Verdict, deepest_target
from .edge import Edge
from .errors import RegistryError
from .explain import explain_edge_to, explain_node, explanation
from .order import locale_key
from .sets import gather, peer_entry_sets
from .tree import Node

__all__ = ["Placement", "Policy"]


class Policy:
    """How placement goes about it; `warn` gets each peer edge that is given up and why.

    `strategy` is npm's ``install-strategy``: hoisted as far up as may be, nested where it is asked for, or
    shallow, which hoists no further than below the project's own dependencies.

    Packages named in `update` are looked up and placed again even where the edge is content.
    """

    def __init__(
        self,
        *,
        force: bool = False,
        strict_peers: bool = False,
        prefer_dedupe: bool = False,
        legacy_peers: bool = False,
        strategy: str = "hoisted",
        update: frozenset[str] = frozenset(),
        warn: Callable[[dict[str, Any]], None] = lambda why: None,
    ) -> None:
        self.force = force
        self.strict_peers = strict_peers
        self.prefer_dedupe = prefer_dedupe
        self.legacy_peers = legacy_peers
        self.strategy = strategy
        self.update = update
        self.warn = warn


def _leads_elsewhere(node: Node) -> Callable[[Edge], bool]:
    return lambda edge: edge.to is not node


def _leads_validly_elsewhere(node: Node) -> Callable[[Edge], bool]:
    return lambda edge: edge.to is not node and edge.valid


def _leads_willingly_elsewhere(node: Node) -> Callable[[Edge], bool]:
    return lambda edge: edge.to is not node and not edge.conflicted


class Placement:
    """Puts `dep` and its peers into the tree for `edge`; everything happens in the constructor.

    `placed` is the new node or None when what is there serves, `children` the placements of peers,
    `reconsider` the nodes whose dependencies must be looked at again. Raises RegistryError ERESOLVE.
    """

    def __init__(
        self,
        dep: Node,
        edge: Edge,
        policy: Policy,
        *,
        explicit: bool = False,
        parent: Placement | None = None,
    ) -> None:
        self.dep = dep
        self.edge = edge
        self.policy = policy
        self.explicit = explicit
        self.parent = parent
        self.children: list[Placement] = []
        self.reconsider: dict[Node, None] = {}
        self.placed: Node | None = None
        self.check: Check | None = None
        self._partly: Check | None = None
        self._before = edge.to
        if edge.to is not None and edge.valid and not explicit and edge.name not in policy.update:
            return
        self._find()
        if self.check is None:
            if not policy.force and (self._is_ours() or policy.strict_peers):
                raise self._conflict_error()
            if self._partly is None:
                self._give_up(edge, dep)
                return
            self.check = self._partly
        self._settle(self.check)

    @property
    def _top(self) -> Placement:
        return self if self.parent is None else self.parent._top

    def _start(self) -> Node:
        return deepest_target(self.parent._start() if self.parent else self.edge.source, self.edge.name)

    def _find(self) -> None:
        """Walks up; remembers the highest place for the whole peer set, and the highest for `dep` alone."""
        for target in self._start().ancestry():
            own = target.edges_out.get(self.edge.name)
            if own is not None and own.peer and not (target.is_top or target.is_global):
                continue
            check = Check(
                self.dep,
                target,
                self.edge,
                prefer_dedupe=self.policy.prefer_dedupe,
                parent=self.parent.check if self.parent else None,
                explicit=self.explicit,
            )
            if check.itself is not Verdict.CONFLICT:
                self._partly = check
            if check.verdict is Verdict.CONFLICT:
                return
            self.check = check
            if self.dep.error is not None or self.policy.strategy == "nested":
                return
            above = target.resolve_parent
            if self.policy.strategy == "shallow" and above is not None and above.is_project:
                return

    def _settle(self, check: Check) -> None:
        target = check.target
        verdict = check.itself if check.verdict is Verdict.CONFLICT else check.verdict
        if verdict is Verdict.KEEP:
            if self.edge.peer and not self.edge.valid:
                self._give_up(self.edge, self.dep)
            self._prune_duplicates(target)
            return
        dep, virtual_root = self.dep, self.dep.parent
        if any(node.matches(dep) and not node.is_top for node in target.ancestry()):
            raise RegistryError(
                "ENESTINGLOOP",
                f"{dep.pkgid} would have to be nested inside itself at {target.location}; "
                "npm makes a link there, which edgejs does not",
                {"pkgid": dep.pkgid, "location": target.location},
            )
        placed = self.placed = Node(
            dep.name,
            dep.package,
            resolved=dep.resolved,
            integrity=dep.integrity,
            error=dep.error,
            legacy_peers=dep.legacy_peers,
            target=dep.target,
            overrides=dep.overrides,
        )
        old = target.children.get(self.edge.name)
        if old is not None:
            self._replace(old, placed)
        else:
            placed.place_in(target)
        if self.edge.peer and not self.edge.accepts(placed):
            self._give_up(self.edge, self.dep)
        if self.edge.valid and self.edge.to is not None and self.edge.to is not placed:
            self._prune_duplicates(self.edge.to, descend=False)
        self._prune_below(target)
        self._place_peers(placed, virtual_root)

    def _prune_below(self, target: Node) -> None:
        for node in target.root.named(self.edge.name):
            if node.root is target.root and not node.is_top and node.descends_from(target):
                self._prune_duplicates(node, descend=False)
                if node.root is target.root:
                    for kid in list(node.children.values()):
                        self._prune_duplicates(kid, descend=False)

    def _place_peers(self, placed: Node, virtual_root: Node | None) -> None:
        for edge in list(placed.edges_out.values()):
            if edge.valid or not edge.peer or edge.conflicted or virtual_root is None:
                continue
            peer = virtual_root.children.get(edge.name)
            if peer is not None and edge.accepts(peer):
                self.children.append(Placement(peer, edge, self.policy, explicit=self.explicit, parent=self))

    def _replace(self, old: Node, placed: Node) -> None:
        """Puts `placed` where `old` is; removes what only `old` needed and peer sets that must move."""
        target = old.parent
        leftovers: dict[Node, None] = {}
        for name, edge in old.edges_out.items():
            if name not in placed.edges_out and edge.to is not None:
                leftovers.update(gather([edge.to], _leads_elsewhere(edge.to)))
        moving: dict[Node, None] = {}
        for edge in list(old.edges_in):
            if edge.accepts(placed) or not edge.peer or edge.source.parent is not target or edge.conflicted:
                continue
            for entry in peer_entry_sets(edge.source):
                node = entry.to
                assert node is not None
                if deepest_target(node, node.name) is not target and not entry.source.is_mine:
                    moving.update(gather([node], _leads_willingly_elsewhere(node)))
                else:
                    self._give_up(edge, self.dep)
        placed.replace(old)
        self._prune_replaced(placed, leftovers)
        for node in moving:
            for edge in list(node.edges_in):
                self.reconsider[edge.source] = None
            node.remove()

    @staticmethod
    def _prune_replaced(placed: Node, leftovers: dict[Node, None]) -> None:
        useless: dict[Node, None] = {
            edge.to: None for edge in placed.edges_out.values() if edge.to is not None and not edge.valid
        }
        for dep in leftovers:
            useless.update(gather([dep], _leads_validly_elsewhere(dep)))
        for node in gather(
            useless, lambda edge: edge.source is not placed and edge.to is not placed and edge.valid
        ):
            node.remove()

    def _prune_duplicates(self, node: Node, descend: bool = True) -> None:
        """Removes `node`, with what only it needs, when what would be found without it serves as well."""
        if node.can_dedupe(self.policy.prefer_dedupe, self.explicit):
            for dep in gather([node], _leads_validly_elsewhere(node)):
                dep.remove()
        elif descend:
            for child in sorted(node.children.values(), key=lambda kid: locale_key(kid.location)):
                self._prune_duplicates(child)

    # Conflicts.

    def _is_ours(self) -> bool:
        """Is the project itself among those who ask for this?"""
        edge = self._top.edge
        node = edge.source
        if node.is_mine:
            return True
        if not edge.peer:
            return False
        peers = False
        for incoming in node.edges_in:
            if incoming.peer:
                peers = True
            elif incoming.source.is_mine:
                return True
        return peers and any(entry.source.is_mine for entry in peer_entry_sets(node))

    def _give_up(self, edge: Edge, dep: Node) -> None:
        edge.conflicted = True
        self.policy.warn(self._explain(edge, dep))

    def _conflict_error(self) -> RegistryError:
        return RegistryError("ERESOLVE", "could not resolve", self._explain(self._top.edge, self._top.dep))

    def _explain(self, edge: Edge, dep: Node) -> dict[str, Any]:
        current = edge.source.lookup(edge.name)
        why = explanation(edge, dep, current, strict=self.policy.strict_peers)
        if self.parent is not None:
            if self._before is not None:
                why["peerConflict"] = explain_edge_to(self._before, self.edge)
            return why
        if self._partly is not None and self._partly.itself is not Verdict.CONFLICT:
            for check in self._partly.conflicts():
                if check.current is not None:
                    why["peerConflict"] = {
                        "current": explain_node(check.current),
                        "peer": explain_edge_to(check.dep, check.edge),
                    }
                    break
        else:
            why["peerConflict"] = {
                "current": explain_node(self._before) if self._before else None,
                "peer": explain_edge_to(self.dep, self.edge),
            }
        return why
