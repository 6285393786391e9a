# SPDX-License-Identifier: Apache-2.0
"""The dependency graph laid over a tree of node_modules folders.

A `Node` is a package in a place; an `Edge` is one entry of its package.json. An edge points at what
Node's lookup finds from where its node is, so moving nodes makes edges look again: each root keeps an
index of the edges of its tree by name, and only those are asked.

A tree's root is a project, or a virtual root: a stand-in for another node (`source`) with its
dependencies and no place on disk, in which a set of peers is worked out before it is placed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from . import semver
from .errors import RegistryError
from .integrity import matches as same_integrity
from .spec import Spec, resolve

__all__ = ["Edge", "Node", "gather", "optional_set", "peer_entry_sets"]


def _fits(node: Node, raw: str) -> bool:
    """Is `node` what the spec `raw` asks for (Arborist's dep-valid)? Tags need only come from a registry."""
    try:
        spec: Spec = resolve(node.name, raw)
    except RegistryError:
        return False
    wanted = spec.registry
    if wanted.type == "range" and wanted.fetch_spec == "*":
        return True
    if wanted.type in ("version", "range"):
        return semver.satisfies(node.version, wanted.fetch_spec)
    if wanted.type == "tag":
        return bool(node.resolved and "://" in node.resolved)
    return wanted.type == "remote" and node.resolved == wanted.fetch_spec


class Edge:
    """A dependency: ``type`` is prod, dev, optional, peer or peerOptional.

    `problem` is None, or MISSING, INVALID or PEER LOCAL (a peer must not sit below its dependent).
    `conflicted` marks a peer that could not be had and was given up.
    """

    __slots__ = ("_checked", "_problem", "conflicted", "name", "source", "spec", "to", "type")

    def __init__(self, source: Node, name: str, spec: str, kind: str) -> None:
        self.source = source
        self.name = name
        self.spec = spec
        self.type = kind
        self.to: Node | None = None
        self.conflicted = False
        self._problem: str | None = None
        self._checked = False

    @property
    def peer(self) -> bool:
        return self.type in ("peer", "peerOptional")

    @property
    def optional(self) -> bool:
        return self.type in ("optional", "peerOptional")

    def accepts(self, node: Node) -> bool:
        """Would `node` satisfy this edge?"""
        return node.name == self.name and _fits(node, self.spec)

    @property
    def problem(self) -> str | None:
        if not self._checked:
            self._checked = True
            to = self.to
            if to is None:
                self._problem = None if self.optional else "MISSING"
            elif self.peer and self.source is to.parent and not self.source.is_top:
                self._problem = "PEER LOCAL"
            else:
                self._problem = None if self.accepts(to) else "INVALID"
        return self._problem

    @property
    def valid(self) -> bool:
        return self.problem is None

    def reload(self, hard: bool = False) -> None:
        """Looks again what the name leads to; `hard` forgets the verdict even when that is the same."""
        found = self.source.lookup(self.name)
        if found is not self.to:
            if self.to is not None:
                self.to.edges_in.pop(self, None)
            self.to = found
            self._checked = False
            if found is not None:
                found.edges_in[self] = None
        elif hard:
            self._checked = False

    def detach(self) -> None:
        if self.to is not None:
            self.to.edges_in.pop(self, None)
            self.to = None

    def __repr__(self) -> str:
        place = self.source.location or "."
        return f"<Edge {self.type} {place} -> {self.name}@{self.spec} {self.problem or 'ok'}>"


class Node:
    """A package in the tree. Change the tree only through `place_in`, `remove`, `replace` and `set_package`.

    Flags (`dev`, `optional`, `dev_optional`, `peer`, `extraneous`) start True and are cleared by
    `flags.calculate`. Only a project (and its virtual root) has `devDependencies`. `inert` nodes are
    recorded in the lock file and not installed.
    """

    def __init__(
        self,
        name: str,
        package: dict[str, Any],
        *,
        parent: Node | None = None,
        resolved: str | None = None,
        integrity: str | None = None,
        source: Node | None = None,
        error: RegistryError | None = None,
        legacy_peers: bool = False,
        project: bool = False,
    ) -> None:
        self.name = name
        self.package = package
        self.resolved = resolved or package.get("_resolved")
        self.integrity = integrity or package.get("_integrity")
        self.source = source
        self.error = error
        self.legacy_peers = legacy_peers
        self.wants_dev: bool = project or (source is not None and source.wants_dev)
        self.parent: Node | None = None
        self.root: Node = self
        self.location = ""
        self.children: dict[str, Node] = {}
        self.edges_out: dict[str, Edge] = {}
        self.edges_in: dict[Edge, None] = {}
        self.inventory: dict[str, Node] = {"": self}
        self._wanted: dict[str, dict[Edge, None]] = {}
        self.dev = self.optional = self.dev_optional = self.peer = self.extraneous = True
        self.inert = False
        self.from_bundle = False
        if parent is not None:
            self.place_in(parent)
        self._load_edges()

    # What the package says.

    @property
    def version(self) -> str:
        return str(self.package.get("version") or "")

    @property
    def package_name(self) -> str | None:
        return self.package.get("name") or None

    @property
    def pkgid(self) -> str:
        name = self.package_name
        alias = f"npm:{name}@" if name and name != self.name and not self.is_project else ""
        return f"{self.name}@{alias}{self.version}"

    @property
    def bundled_names(self) -> list[str]:
        return self.package.get("bundleDependencies") or []

    def set_package(self, package: dict[str, Any]) -> None:
        """Gives the node another package.json; all its edges are made anew."""
        for edge in self.edges_out.values():
            edge.detach()
            self.root._wanted.get(edge.name, {}).pop(edge, None)
        self.edges_out = {}
        self.package = package
        self._load_edges()
        for edge in list(self.edges_in):
            edge.reload(hard=True)

    def _load_edges(self) -> None:
        """One edge for each name; later kinds win (Arborist's _loadDeps)."""
        package = self.package
        kinds: dict[str, tuple[str, str]] = {}
        if not self.legacy_peers:
            meta = package.get("peerDependenciesMeta") or {}
            optional = {
                name for name, value in meta.items() if isinstance(value, dict) and value.get("optional")
            }
            peers = (package.get("peerDependencies") or {}).items()
            kinds.update({name: (spec, "peer") for name, spec in peers if name not in optional})
            for name, spec in peers:
                if name in optional:
                    kinds[name] = (spec, "peerOptional")
        for key, kind in (("dependencies", "prod"), ("optionalDependencies", "optional")):
            kinds.update({name: (spec, kind) for name, spec in (package.get(key) or {}).items()})
        if self.wants_dev:
            kinds.update(
                {name: (spec, "dev") for name, spec in (package.get("devDependencies") or {}).items()}
            )
        for name, (spec, kind) in kinds.items():
            edge = Edge(self, name, spec, kind)
            self.edges_out[name] = edge
            self.root._wanted.setdefault(name, {})[edge] = None
            edge.reload(hard=True)

    # Where the node is.

    @property
    def is_top(self) -> bool:
        return self.parent is None

    @property
    def is_project(self) -> bool:
        """Is this a root (a project, or a virtual one)?"""
        return self is self.root

    @property
    def depth(self) -> int:
        return 0 if self.parent is None else self.parent.depth + 1

    def ancestry(self) -> Iterator[Node]:
        """This node, its parent, and so on to the root."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent

    def descends_from(self, other: Node) -> bool:
        return any(node is other for node in self.ancestry())

    def subtree(self) -> Iterator[Node]:
        """This node and all below it."""
        yield self
        for child in list(self.children.values()):
            yield from child.subtree()

    def lookup(self, name: str) -> Node | None:
        """What `require(name)` would find from inside this node."""
        node: Node | None = self
        while node is not None:
            found = node.children.get(name)
            if found is not None:
                return found
            node = node.parent
        return None

    # Changing the tree.

    def place_in(self, parent: Node) -> None:
        """Moves the node, with all below it, into `parent`'s node_modules; what had that name there goes."""
        if self.parent is parent:
            return
        current = parent.children.get(self.name)
        if current is not None:
            current.remove()
        self._leave()
        self.parent = parent
        parent.children[self.name] = self
        prefix = f"{parent.location}/" if parent.location else ""
        self._adopt(parent.root, f"{prefix}node_modules/{self.name}")
        parent._look_again(self.name)

    def remove(self) -> None:
        """Takes the node, with all below it, out of its tree."""
        if self.parent is None:
            return
        self._leave()
        self.parent = None
        self._adopt(self, "")

    def replace(self, old: Node) -> None:
        """Takes `old`'s place and its children."""
        parent, kids = old.parent, list(old.children.values())
        if parent is None:
            return
        for kid in kids:
            kid._leave()
            kid.parent = None
        self.place_in(parent)
        for kid in kids:
            kid.place_in(self)

    def _leave(self) -> None:
        if self.parent is not None and self.parent.children.get(self.name) is self:
            del self.parent.children[self.name]

    def _adopt(self, root: Node, location: str) -> None:
        """Enters the tree of `root` at `location`: inventory, edge index, edges, for the whole subtree."""
        moved = list(self.subtree())
        old_root = self.root
        for node in moved:
            if old_root.inventory.get(node.location) is node:
                del old_root.inventory[node.location]
            for edge in node.edges_out.values():
                old_root._wanted.get(edge.name, {}).pop(edge, None)
        self.location = location
        for node in moved:
            node.root = root
            if node is not self:
                assert node.parent is not None
                prefix = f"{node.parent.location}/" if node.parent.location else ""
                node.location = f"{prefix}node_modules/{node.name}"
            root.inventory[node.location] = node
            for edge in node.edges_out.values():
                root._wanted.setdefault(edge.name, {})[edge] = None
        for node in moved:
            for edge in list(node.edges_in):
                if edge.source.root is not root:
                    edge.reload()
            for edge in node.edges_out.values():
                edge.reload()

    def _look_again(self, name: str) -> None:
        """Edges for `name` below this node may lead elsewhere now."""
        for edge in list(self.root._wanted.get(name, ())):
            if edge.source.descends_from(self):
                edge.reload(hard=True)

    # Comparing nodes.

    def satisfies(self, edge: Edge) -> bool:
        return edge.accepts(self)

    def matches(self, other: Node) -> bool:
        """Are both the same package at the same version, by integrity, address or name?"""
        if self is other:
            return True
        if self.name != other.name:
            return False
        if self.integrity and other.integrity:
            return same_integrity(self.integrity, other.integrity)
        if self.resolved and other.resolved:
            return self.resolved == other.resolved
        return bool(
            self.package_name
            and self.package_name == other.package_name
            and self.version
            and self.version == other.version
        )

    def can_replace(self, other: Node, ignored_peers: Iterable[str] = ()) -> bool:
        """Would all that depend on `other`, except its own dependencies, be content with this node?"""
        if other.name != self.name or other.package_name != self.package_name:
            return False
        ignored = set(ignored_peers)
        own = gather([other], lambda edge: edge.to is not other and edge.valid)
        for edge in other.edges_in:
            if (
                not other.is_top
                and edge.source.parent is other.parent
                and edge.peer
                and edge.source.name in ignored
            ):
                continue
            if edge.source not in own and not edge.accepts(self):
                return False
        return True

    def can_dedupe(self, prefer_dedupe: bool = False, explicit: bool = False) -> bool:
        """May this node go, because what its dependents would find instead serves them?"""
        if self.in_dependency_bundle or self.parent is None or self.parent.parent is None:
            return False
        if not self.edges_in:
            return True
        other = self.parent.parent.lookup(self.name)
        if other is None:
            return False
        if other.matches(self):
            return True
        if not other.can_replace(self):
            return False
        return prefer_dedupe or explicit or semver.gte(other.version, self.version)

    # Bundles.

    def bundler(self, seen: set[Node] | None = None) -> Node | None:
        """The node whose tarball carries this one, by its own list or by that of a dependent."""
        seen = set() if seen is None else seen
        if self in seen or self.parent is None:
            return None
        seen.add(self)
        above = self.parent.bundler(seen)
        if above is not None:
            return above
        if self.name in self.parent.bundled_names:
            return self.parent
        for edge in self.edges_in:
            if edge.source.bundler(seen) is self.parent:
                return self.parent
        return None

    @property
    def in_bundle(self) -> bool:
        return self.from_bundle or (bool(self.root.bundled_names) and self.bundler() is not None)

    @property
    def in_dependency_bundle(self) -> bool:
        return self.from_bundle

    def __repr__(self) -> str:
        return f"<Node {self.location or '.'} {self.version}>"


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
