# SPDX-License-Identifier: Apache-2.0
"""The dependency graph laid over a tree of node_modules folders.

A `Node` is a package in a place; an `Edge` is one entry of its package.json. An edge points at what
Node's lookup finds from where its node is, so moving nodes makes edges look again: each root keeps an
index of the edges of its tree by name, and only those are asked.

A tree's root is a project, or a virtual root: a stand-in for another node (`source`) with its
dependencies and no place on disk, in which a set of peers is worked out before it is placed.

A link (of a workspace, of a `file:` folder) has a `target`: a node of the same tree that is in no
node_modules, with edges and maybe a node_modules of its own. The link itself has none.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from . import semver
from .edge import Edge
from .errors import RegistryError
from .integrity import matches as same_integrity
from .overrides import OverrideSet
from .sets import bundler, gather

__all__ = ["Edge", "Node"]


class Node:
    """A package in the tree. Change the tree only through `place_in`, `remove`, `replace` and `set_package`.

    Flags (`dev`, `optional`, `dev_optional`, `peer`, `extraneous`) start True and are cleared by
    `flags.calculate`. Only projects and what links lead to have `devDependencies`. `inert` nodes are
    recorded in the lock file and not installed. `folder` is the absolute path of a project or a link's
    target; `workspaces` maps names to absolute paths.
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
        folder: str = "",
        target: Node | None = None,
        overrides: OverrideSet | None = None,
        workspaces: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.package: dict[str, Any] = target.package if target is not None else package
        self.folder = folder
        self.target = target
        self.fs_parent: Node | None = None
        self.links_in: dict[Node, None] = {}
        self.workspaces = workspaces or {}
        self.overrides = overrides
        self.resolved = None if target else resolved or package.get("_resolved")
        self.integrity = None if target else integrity or package.get("_integrity")
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
        self._named: dict[str, dict[Node, None]] = {name: {self: None}}
        self._wanted: dict[str, dict[Edge, None]] = {}
        self.dev = self.optional = self.dev_optional = self.peer = self.extraneous = True
        self.inert = False
        self.place = ""
        """Where the linked layout has put it, absolute; "" in the others, where `location` says it."""
        self.from_bundle = False
        self.holds_global = False
        """Are the children global packages, each with all that it needs inside of it, peers too?"""
        if target is not None:
            target.links_in[self] = None
        if parent is not None:
            self.place_in(parent)
        self._load_edges()

    @classmethod
    def at(cls, path: str, package: dict[str, Any], *, legacy_peers: bool = False) -> Node:
        """What a link leads to: the folder `path`, named as npm names it, not yet in a tree."""
        name, above = os.path.basename(path), os.path.basename(os.path.dirname(path))
        return cls(
            f"{above}/{name}" if above.startswith("@") else name,
            package,
            project=True,
            folder=path,
            legacy_peers=legacy_peers,
        )

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
        for link in self.links_in:
            link.package = package
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
        if self.target is not None:
            return
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
        kinds.update({name: (f"file:{path}", "workspace") for name, path in self.workspaces.items()})
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
    def is_global(self) -> bool:
        """Is this a global package (not one inside it)?"""
        return self.parent is not None and self.parent.holds_global

    @property
    def is_project(self) -> bool:
        """Is this a root (a project, or a virtual one)?"""
        return self is self.root

    @property
    def is_workspace(self) -> bool:
        """Is this one of the project's workspaces, or the link to it?"""
        return (self.target or self).path in self._project.workspaces.values()

    @property
    def is_mine(self) -> bool:
        """Is this the user's own: the project or one of its workspaces?"""
        return self.is_project or self.is_workspace

    @property
    def is_outside(self) -> bool:
        """Is this the target of a link out of the project? It is somebody else's to install."""
        return self.parent is None and self.fs_parent is None and not self.is_project

    @property
    def _project(self) -> Node:
        return self.root if self.root.source is None else self.root.source.root

    @property
    def project_path(self) -> str:
        """The absolute path of the project at the root."""
        return self._project.folder

    @property
    def path(self) -> str:
        """Where the node is or will be, absolute."""
        if self.place:
            return self.place
        if self.source is not None:
            return self.source.path
        if self.root is self:
            return self.folder
        return os.path.normpath(os.path.join(self.root.path, self.location))

    @property
    def base(self) -> str:
        """The folder that relative paths in its dependencies start from: for a tarball, where that lies."""
        node = self.source or self
        if node.resolved and node.resolved.startswith("file:"):
            return os.path.dirname(node.resolved[5:])
        return node.path

    @property
    def resolve_parent(self) -> Node | None:
        """Where a lookup goes on: the node whose node_modules this is in, or the folder it lies in."""
        return self.parent or self.fs_parent

    @property
    def depth(self) -> int:
        return 0 if self.parent is None else self.parent.depth + 1

    def ancestry(self) -> Iterator[Node]:
        """This node, where a lookup goes on from it, and so on to the root."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.resolve_parent

    def descends_from(self, other: Node) -> bool:
        return any(node is other for node in self.ancestry())

    def named(self, name: str) -> list[Node]:
        """All nodes of this root's tree that have the name."""
        return list(self._named.get(name, ()))

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
            node = node.resolve_parent
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

    def add_target(self, target: Node) -> Node:
        """Enters what a link leads to into the tree of this project; gives what is known there already."""
        location = os.path.relpath(target.folder, self.folder).replace(os.sep, "/")
        known = self.inventory.get("" if location == "." else location)
        if known is not None:
            return known
        above = location
        while above and not location.startswith("../") and target.fs_parent is None:
            above = above.rpartition("/")[0]
            target.fs_parent = self.inventory.get(above)
        target._adopt(self, location)
        return target

    def remove(self) -> None:
        """Takes the node, with all below it, out of its tree."""
        if self.parent is None:
            if self.root is not self:
                self.fs_parent = None
                self._adopt(self, "")
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
            old_root._named.get(node.name, {}).pop(node, None)
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
            root._named.setdefault(node.name, {})[node] = None
            for edge in node.edges_out.values():
                root._wanted.setdefault(edge.name, {})[edge] = None
        for node in moved:
            for edge in list(node.edges_in):
                if edge.source.root is not root:
                    edge.reload()
            for edge in node.edges_out.values():
                edge.reload()

    def carry(self, overrides: OverrideSet) -> None:
        """Notes the rules that an edge brings along; the more specific ones win."""
        merged = overrides if self.overrides is None else self.overrides.merged(overrides)
        if merged is None or merged.same(self.overrides):
            return
        self.overrides = merged
        for edge in list(self.edges_out.values()):
            edge.reload(hard=True)
        if self.target is not None:
            self.target.carry(merged)

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
        if self.target is not None or other.target is not None:
            return self.target is other.target
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
        if not other.edges_out:
            return True
        same = other.overrides is self.overrides or (
            other.overrides is not None and other.overrides.same(self.overrides)
        )
        return same

    def can_dedupe(self, prefer_dedupe: bool = False, explicit: bool = False) -> bool:
        """May this node go, because what its dependents would find instead serves them?"""
        above = self.parent.resolve_parent if self.parent is not None else None
        if self.in_dependency_bundle or above is None:
            return False
        if not self.edges_in:
            return True
        other = above.lookup(self.name)
        if other is None:
            return False
        if other.matches(self):
            return True
        if not other.can_replace(self):
            return False
        return prefer_dedupe or explicit or semver.gte(other.version, self.version)

    # Bundles.

    @property
    def in_bundle(self) -> bool:
        return self.from_bundle or (bool(self.root.bundled_names) and bundler(self) is not None)

    @property
    def in_dependency_bundle(self) -> bool:
        return self.from_bundle

    def __repr__(self) -> str:
        return f"<Node {self.location or '.'} {self.version}>"
