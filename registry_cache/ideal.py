# SPDX-License-Identifier: Apache-2.0
"""The tree that node_modules ought to be: what Arborist's buildIdealTree makes.

Breadth first from the root, names in order: each dependency that is missing or wrong is looked up,
joined by its peers in a virtual root, and placed. While this goes on step by step, a `Crawler` runs
ahead on the client's threads and asks the registry for everything that will be needed.
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Callable
from typing import Any

from . import flags
from .check import Verdict
from .client import RegistryClient
from .crawler import Crawler
from .edge import Edge
from .errors import RegistryError
from .explain import explain_edge, explanation
from .order import locale_key
from .place import Placement, Policy
from .platforms import Platform, check_engine
from .reporter import Reporter
from .sets import optional_set
from .sources import Sources, folder_manifest
from .spec import Spec, local_path, resolve
from .tree import Node

__all__ = ["IdealTree"]

_MAX_VISITS = 200
"""How often one place may be looked at again; npm has no bound and runs until its memory is full."""


class IdealTree:
    """Completes the tree of `root` in place.

    `explicit` are the dependencies (node, name) the user asked for, which are looked up again even when
    something serves; `changing` says that the user asked for any change.
    `placed` is called with each new node as soon as it has a place, so that its tarball can be fetched.
    `unpack_bundle` is called with a node that bundles dependencies and must hang them below it.
    """

    def __init__(
        self,
        root: Node,
        client: RegistryClient,
        policy: Policy,
        sources: Sources,
        *,
        explicit: frozenset[tuple[Node, str]] = frozenset(),
        changing: bool | None = None,
        save: bool = True,
        reporter: Reporter | None = None,
        placed: Callable[[Node], None] = lambda node: None,
        unpack_bundle: Callable[[Node], None] = lambda node: None,
    ) -> None:
        self.root = root
        self._client = client
        self._policy = policy
        self._sources = sources
        self._targets: list[Node] = [
            node for node in root.inventory.values() if node.is_top and not node.is_project
        ]
        self._links: list[Node] = []
        self._explicit = explicit
        self._requested = bool(explicit) if changing is None else changing
        self._save = save
        self._reporter = reporter or Reporter()
        self._placed = placed
        self._unpack_bundle = unpack_bundle
        self._crawler = Crawler(client, peers=not policy.legacy_peers)
        self._queue: list[tuple[int, Any, int, Node]] = []
        self._serial = itertools.count()
        self._visits: Counter[str] = Counter()
        self._seen: set[Node] = set()
        self._failures: dict[Node, None] = {}
        self._virtual_roots: dict[Node, Node] = {}
        self._peer_source: dict[Node, Node] = {}

    def build(self) -> None:
        """Places all that is missing. Raises RegistryError ERESOLVE, or what the registry said."""
        for node in list(self.root.inventory.values()):
            if node.is_outside:
                continue
            if node is self.root or any(
                self._needs_work(edge) or self._to_update(edge) for edge in node.edges_out.values()
            ):
                self._push(node)
                for edge in self._problem_edges(node):
                    self._crawler.want(edge.name, edge.spec)
        self._check_overrides()
        self._drain()
        while (
            self._links
        ):  # what links lead to comes last, as for npm: by then the root's node_modules is full
            for link in self._links:
                target = link.target
                if link.root is self.root and target is not None and not target.is_outside:
                    self._push(target)
            self._links.clear()
            self._drain()

    def _check_overrides(self) -> None:
        """The project's own dependencies cannot be overridden, only repeated."""
        for edge in self.root.edges_out.values():
            if edge.overridden:
                raise RegistryError(
                    "EOVERRIDE", f"Override for {edge.name}@{edge.raw_spec} conflicts with direct dependency"
                )

    def _drain(self) -> None:
        while self._queue:
            node = heapq.heappop(self._queue)[3]
            if node not in self._seen and node.root is self.root:
                self._seen.add(node)
                self._visits[node.location] += 1
                if self._visits[node.location] > _MAX_VISITS:
                    raise RegistryError(
                        "ERESOLVELOOP",
                        f"unable to resolve: {node.pkgid} and others keep replacing each other",
                        {"pkgid": node.pkgid, "location": node.location},
                    )
                self._complete(node)

    def _push(self, node: Node) -> None:
        """Queues `node`: shallow ones first, for they affect what is deeper; then by place."""
        heapq.heappush(self._queue, (node.depth, locale_key(node.location), next(self._serial), node))

    def _needs_work(self, edge: Edge) -> bool:
        if edge.type == "peerOptional" and not self._save and not self._requested:
            return False
        return edge.to is None or not edge.valid

    def _to_update(self, edge: Edge) -> bool:
        return edge.name in self._policy.update and edge.to is not None and not edge.to.in_dependency_bundle

    def _is_explicit(self, edge: Edge) -> bool:
        return (edge.source, edge.name) in self._explicit

    def _problem_edges(self, node: Node) -> list[Edge]:
        """The edges that nothing in the tree satisfies, or that the user asked to renew."""
        bundled = set() if node.is_mine else set(node.bundled_names)
        problems = []
        for edge in node.edges_out.values():
            if edge.name in bundled or (edge.to is not None and edge.to in self._failures):
                continue
            if edge.to is None:
                wanted = edge.type != "peerOptional" or self._is_explicit(edge)
            elif not edge.valid:
                wanted = edge.type != "peerOptional" or self._save or self._requested
            else:
                wanted = self._is_explicit(edge) or edge.name in self._policy.update
            if wanted:
                problems.append(edge)
        return problems

    def _complete(self, node: Node) -> None:
        """One step: finds and places what `node` lacks."""
        if node.bundled_names and not node.is_mine and not node.children:
            self._unpack_bundle(node)
        self._reporter.resolving(node.name)
        tasks = [(edge, self._find(edge, node)) for edge in self._problem_edges(node) if not edge.conflicted]
        for edge, dep in sorted(tasks, key=lambda task: locale_key(task[0].name)):
            placement = Placement(dep, edge, self._policy, explicit=self._is_explicit(edge))
            self._note(placement)

    def _find(self, edge: Edge, node: Node) -> Node:
        source = self._peer_source.get(node, node) if edge.peer else node
        virtual = self._virtual_root(source, reuse=True)
        ready = virtual.edges_out.get(edge.name)
        if ready is not None and ready.valid and ready.to is not None and edge.accepts(ready.to):
            return ready.to
        renew = self._is_explicit(edge) or edge.name in self._policy.update
        if edge.type == "peerOptional" and not renew:
            hoistable = _hoistable(edge.source.resolve_parent or edge.source, edge)
            if hoistable is not None:
                return hoistable
        return self._from_edge(edge, virtual if edge.peer else None, None, {edge.source})

    def _note(self, placement: Placement) -> None:
        """Queues what a placement changed: the new node, and edges that it broke or that wait for it."""
        node = placement.placed
        if node is not None and placement.check is not None:
            if node.error is not None:
                self._failures[node] = None
            for edge in node.edges_in:
                if edge is placement.edge or edge.valid or edge.conflicted:
                    continue
                again = self._save or self._requested or placement.check.itself is Verdict.REPLACE
                if edge.source not in self._seen or again:
                    self._revisit(edge.source)
            self._push(node)
            for dependent in placement.reconsider:
                self._revisit(dependent)
            if node.target is not None:
                self._links.append(node)
            else:
                self._crawler.follow(node.package)
                self._placed(node)
        for child in placement.children:
            self._note(child)

    def _revisit(self, node: Node) -> None:
        self._seen.discard(node)
        self._push(node)

    # Looking a dependency up, with its peers.

    def _virtual_root(self, node: Node, reuse: bool = False) -> Node:
        found = self._virtual_roots.get(node) if reuse else None
        if found is None:
            found = Node(
                node.name,
                node.package,
                source=node,
                legacy_peers=self._policy.legacy_peers,
                overrides=node.overrides,
            )
            self._virtual_roots[node] = found
        return found

    def _from_spec(self, edge: Edge, parent: Node) -> Node:
        name, legacy = edge.name, self._policy.legacy_peers
        try:
            spec = resolve(name, edge.spec)
            target = self._linked(spec, edge)
            if target is not None:
                return Node(name, {}, parent=parent, target=target, legacy_peers=legacy)
            if spec.registry.type in ("version", "range", "tag"):
                manifest = self._client.manifest(spec)
            else:
                manifest = self._sources.manifest(spec, edge.base)
        except RegistryError as error:
            node = Node(name, {}, parent=parent, error=error, legacy_peers=legacy)
            self._failures[node] = None
            return node
        return Node(name, manifest, parent=parent, legacy_peers=legacy)

    def _linked(self, spec: Spec, edge: Edge) -> Node | None:
        """The node that a link for `spec` leads to, or None when it is a package to be fetched."""
        path: str | None = None
        if spec.type == "directory":
            path = local_path(spec.raw, edge.base)
        elif spec.type == "workspace":
            path = self.root.workspaces.get(spec.name)
            if path is None:
                raise RegistryError(
                    "EUNSUPPORTEDPROTOCOL",
                    f'Unsupported URL Type "workspace:": {spec.raw}, and no workspace is named {spec.name}',
                )
        elif spec.name in self.root.workspaces:
            existing = self.root.children.get(spec.name)
            if existing is not None and existing.target is not None and edge.accepts(existing):
                return existing.target
        if path is None:
            return None
        known = next((node for node in self._targets if node.path == path), None)
        if known is None:
            node = Node.at(path, folder_manifest(path), legacy_peers=self._policy.legacy_peers)
            known = self.root.add_target(node)
            self._targets.append(known)
        return known

    def _from_edge(self, edge: Edge, parent: Node | None, second: Edge | None, required: set[Node]) -> Node:
        """A node for `edge` in `parent` (a virtual root), its peers loaded beside it.

        When `second` is not content with the first find, a node for `second` is used if `edge` accepts it.
        """
        parent = parent or self._virtual_root(edge.source)
        first = self._from_spec(edge, parent)
        other = None
        if second is not None and not second.valid:
            other = self._from_spec(second, parent)
        node = other if other is not None and edge.valid else first
        node.place_in(parent)
        if (edge.source in required and edge.type != "peerOptional") or (
            second is not None and second.source in required and second.type != "peerOptional"
        ):
            required.add(node)
        if parent.source is not None:
            self._peer_source[node] = parent.source
        if parent.source is None or not parent.source.holds_global:  # peers of global packages go into these
            self._load_peers(node, required)
        return node

    def _load_peers(self, node: Node, required: set[Node]) -> None:
        """Loads the peers of `node`, and theirs, into its virtual root; see npm's notes on conflicts.

        A clash is an error when the project itself asked; otherwise it is left for placement to judge.
        """
        edges = [
            edge for edge in node.edges_out.values() if edge.peer and not (edge.valid and edge.to is not None)
        ]
        for edge in sorted(edges, key=lambda one: locale_key(one.name)):
            parent = node.parent
            if parent is None:
                return
            if edge.valid and edge.to is not None:
                continue
            ours = parent.source is not None and parent.source.is_mine
            tolerant = self._policy.force or (not ours and not self._policy.strict_peers)
            above = parent.edges_out.get(edge.name)
            if edge.to is None:
                if above is None:
                    self._from_edge(edge, parent, None, required)
                    continue
                dep = self._from_edge(above, parent, edge, required)
                if edge.valid:
                    continue
                if tolerant or dep not in required:
                    edge.conflicted = True
                    continue
                if node.parent is None:
                    return
                raise self._peer_conflict(edge, above)
            current = edge.to
            if self._from_edge(edge, None, None, required).can_replace(current):
                self._from_edge(edge, parent, None, required)
            elif not tolerant and edge.source in required:
                raise self._peer_conflict(edge, above)

    def _peer_conflict(self, edge: Edge, above: Edge | None) -> RegistryError:
        why = explanation(edge, None, edge.source.lookup(edge.name), strict=self._policy.strict_peers)
        why["currentEdge"] = explain_edge(above) if above else None
        return RegistryError("ERESOLVE", "unable to resolve dependency tree", why)

    # After the building.

    def finish(
        self, *, from_disk: bool, platform: Platform, omit: frozenset[str], force: bool, engine_strict: bool
    ) -> None:
        """Sets the flags, prunes what is extraneous, and drops what failed or does not fit and is optional.

        Raises the error of a failed package that is not optional, EBADPLATFORM, or EBADENGINE if strict.
        """
        flags.reset(self.root.inventory.values())
        flags.calculate(self.root)
        if from_disk:
            for node in [one for one in self.root.inventory.values() if one.extraneous]:
                node.remove()
        for node in [one for one in self.root.inventory.values() if one.is_top and not one.is_project]:
            if not any(link.root is self.root for link in node.links_in):
                for inner in list(node.subtree()):
                    inner.remove()
        for node in self._failures:
            if node.root is not self.root or node.error is None:
                continue
            if not node.optional:
                raise node.error
            _make_inert(node)
        for node in list(self.root.inventory.values()):
            self._check_fit(node, platform, omit, force, engine_strict)

    def _check_fit(
        self, node: Node, platform: Platform, omit: frozenset[str], force: bool, strict: bool
    ) -> None:
        wrong_engine = (
            None
            if node.is_project and node.package.get("devEngines")
            else check_engine(node.package, self._client.node_version)
        )
        if node.optional:
            if not node.inert and (wrong_engine or not platform.fits(node.package)):
                _make_inert(node)
            return
        if flags.should_omit(node, omit):
            return
        if wrong_engine and not force:
            if strict:
                raise wrong_engine
            self._reporter.warn("EBADENGINE", _engine_warning(wrong_engine.details))
        if not force:
            platform.check(node.package)


def _engine_warning(details: dict[str, Any]) -> str:
    """npm's warning, which prints an object as util.inspect does."""

    def inspected(value: dict[str, str]) -> str:
        return "{ " + ", ".join(f"{key}: '{text}'" for key, text in value.items()) + " }"

    return (
        f"Unsupported engine {{\n  package: '{details['pkgid']}',\n"
        f"  required: {inspected(details['required'])},\n  current: {inspected(details['current'])}\n}}"
    )


def _make_inert(node: Node) -> None:
    for member in optional_set(node):
        member.inert = True


def _hoistable(start: Node, edge: Edge) -> Node | None:
    """The node nearest to the root, below `start`, that satisfies `edge`."""
    queue = list(start.children.values())
    for node in queue:
        if node.name == edge.name and not node.in_dependency_bundle and edge.accepts(node):
            return node
        queue += node.children.values()
    return None
