# SPDX-License-Identifier: Apache-2.0
"""One dependency of one package: what it asks for, what it finds, and whether that will do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import semver
from .errors import RegistryError
from .gitspec import GitSpec
from .spec import Spec, local_path, resolve

if TYPE_CHECKING:
    from .overrides import OverrideSet
    from .tree import Node

__all__ = ["Edge"]

_ANY_WORKSPACE = ("*", "^", "~", "")


def _fits(node: Node, raw: str, base: str) -> bool:
    """Is `node` what the spec `raw` asks for (Arborist's dep-valid)? Tags need only come from a registry.

    `base` is the folder that relative paths start from.
    """
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
    if wanted.type == "remote":
        return node.resolved == wanted.fetch_spec
    if wanted.type == "directory":
        return node.target is not None and node.target.path == local_path(raw, base)
    if wanted.type == "file":
        return node.target is None and node.resolved == f"file:{local_path(raw, base)}"
    if wanted.type == "workspace":
        range_ = wanted.fetch_spec.partition(":")[2]
        return node.is_workspace and (range_ in _ANY_WORKSPACE or semver.satisfies(node.version, range_))
    return _is_repository(node, wanted)


def _is_repository(node: Node, spec: Spec) -> bool:
    if not node.resolved or "#" not in node.resolved:
        return False
    wanted, have = GitSpec.parse(spec.fetch_spec), GitSpec.parse(node.resolved)
    if wanted.repository != have.repository or (wanted.commit and wanted.commit != have.commit):
        return False
    return not wanted.range or semver.satisfies(node.version, wanted.range)


class Edge:
    """A dependency: ``type`` is prod, dev, optional, peer, peerOptional or workspace.

    `spec` is what counts, `raw_spec` what package.json says: they differ when an override applies.
    `problem` is None, or MISSING, INVALID or PEER LOCAL (a peer must not sit below its dependent).
    `conflicted` marks a peer that could not be had and was given up.
    """

    __slots__ = (
        "_checked",
        "_problem",
        "conflicted",
        "name",
        "overrides",
        "raw_spec",
        "source",
        "spec",
        "to",
        "type",
    )

    def __init__(self, source: Node, name: str, spec: str, kind: str) -> None:
        self.source = source
        self.name = name
        self.spec = self.raw_spec = spec
        self.type = kind
        self.to: Node | None = None
        self.overrides: OverrideSet | None = None
        self.conflicted = False
        self._problem: str | None = None
        self._checked = False

    @property
    def peer(self) -> bool:
        return self.type in ("peer", "peerOptional")

    @property
    def optional(self) -> bool:
        return self.type in ("optional", "peerOptional")

    @property
    def overridden(self) -> bool:
        return self.spec != self.raw_spec

    @property
    def base(self) -> str:
        """The folder that relative paths in `spec` start from: the project's when an override gave it."""
        return self.source.project_path if self.overridden else self.source.base

    def accepts(self, node: Node) -> bool:
        """Would `node` satisfy this edge?"""
        if node.name != self.name:
            return False
        if node.from_bundle or not self.overridden:
            return _fits(node, self.raw_spec, self.source.base)
        if _fits(node, self.spec, self.base):
            return True
        rule = self.overrides
        limit = rule.key_spec if rule is not None else "*"
        return _fits(node, self.raw_spec, self.source.base) and not _fits(node, limit, self.base)

    @property
    def problem(self) -> str | None:
        if not self._checked:
            self._checked = True
            to = self.to
            if to is None:
                self._problem = None if self.optional else "MISSING"
            elif self.peer and self.source is to.parent and not (self.source.is_top or self.source.is_global):
                self._problem = "PEER LOCAL"
            else:
                self._problem = None if self.accepts(to) and not self._overrides_clash(to) else "INVALID"
        return self._problem

    def _overrides_clash(self, to: Node) -> bool:
        return (
            self.overrides is not None
            and to.overrides is not None
            and bool(to.edges_out)
            and self.overrides.merged(to.overrides) is None
        )

    @property
    def valid(self) -> bool:
        return self.problem is None

    def _apply_overrides(self) -> None:
        carried = self.source.overrides
        rule = carried.edge_rule(self) if carried is not None else None
        if rule is self.overrides and not (rule is not None and rule.value.startswith("$")):
            return  # a reference may mean something else once the node is in its tree
        self.overrides = rule
        self.spec = self._overriding(rule) or self.raw_spec
        self._checked = False
        if self.to is not None and rule is not None:
            self.to.carry(rule)

    def _overriding(self, rule: OverrideSet | None) -> str:
        """What the rule puts in place of the spec; ``$name`` is the project's own dependency."""
        if rule is None or rule.name != self.name or rule.value in ("", "*"):
            return ""
        if not rule.value.startswith("$"):
            return rule.value
        project = (self.source.source or self.source).root.package
        for package in (project, self.source.package):
            for key in ("devDependencies", "optionalDependencies", "dependencies", "peerDependencies"):
                found = (package.get(key) or {}).get(rule.value[1:])
                if found:
                    return str(found)
        raise RegistryError("EOVERRIDE", f"Unable to resolve reference {rule.value}")

    def reload(self, hard: bool = False) -> None:
        """Looks again what the name leads to; `hard` forgets the verdict even when that is the same."""
        if self.overrides is not None or self.source.overrides is not None:
            self._apply_overrides()
        found = self.source.lookup(self.name)
        if found is not self.to:
            if self.to is not None:
                self.to.edges_in.pop(self, None)
            self.to = found
            self._checked = False
            if found is not None:
                found.edges_in[self] = None
                if self.overrides is not None:
                    found.carry(self.overrides)
        elif hard:
            self._checked = False

    def detach(self) -> None:
        if self.to is not None:
            self.to.edges_in.pop(self, None)
            self.to = None

    def __repr__(self) -> str:
        place = self.source.location or "."
        return f"<Edge {self.type} {place} -> {self.name}@{self.spec} {self.problem or 'ok'}>"
