# SPDX-License-Identifier: Apache-2.0
"""Where a package goes: as high as nothing forbids, together with its peers.

`Check` answers "may this go here?" without touching the tree; `Placement` walks up from the dependent
until the answer is no, takes the highest yes, and changes the tree. The rules are Arborist's
(`can-place-dep`, `place-dep`), for npm's hoisted layout, so that both make the same tree.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

from . import semver
from .edge import Edge
from .errors import RegistryError
from .explain import explain_edge_to, explain_node, explanation
from .order import locale_key
from .sets import gather, peer_entry_sets
from .tree import Node

__all__ = ["Check", "Placement", "Policy", "Verdict", "deepest_target"]


class Verdict(enum.Enum):
    """The answers of a `Check`."""

    OK = "OK"
    REPLACE = "REPLACE"
    KEEP = "KEEP"
    CONFLICT = "CONFLICT"


class Policy:
    """How placement settles conflicts; `warn` gets each peer edge that is given up and why.

    Packages named in `update` are looked up and placed again even where the edge is content.
    """

    def __init__(
        self,
        *,
        force: bool = False,
        strict_peers: bool = False,
        prefer_dedupe: bool = False,
        legacy_peers: bool = False,
        update: frozenset[str] = frozenset(),
        warn: Callable[[dict[str, Any]], None] = lambda why: None,
    ) -> None:
        self.force = force
        self.strict_peers = strict_peers
        self.prefer_dedupe = prefer_dedupe
        self.legacy_peers = legacy_peers
        self.update = update
        self.warn = warn


def deepest_target(start: Node, name: str) -> Node:
    """The first place, going up from `start`, that `name` may be put: not below who has it as a peer."""
    node = start
    while not node.is_project and node.resolve_parent is not None:
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
        if own is not None and own.peer and not self.target.is_top:
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
            if not target.is_top and own is not None and own.peer:
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
            if self.dep.error is not None:
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
        for node in [node for node in target.root.inventory.values() if node.name == self.edge.name]:
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
