# SPDX-License-Identifier: Apache-2.0
"""``npm ls``: the dependency graph unrolled into a tree, breadth first, each package shown in full once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from .edge import Edge
from .errors import RegistryError
from .order import locale_key
from .spec import parse
from .tree import Node

__all__ = ["Listing", "branches"]


class _Item:
    """One line of the tree: a package, or what is missing, as its parent asks for it."""

    def __init__(self, node: Node | None, edge: Edge | None, above: _Item | None, depth: int) -> None:
        self.node = node
        self.edge = edge
        self.above = above
        self.depth = depth
        self.deduped = False
        self.included = False
        self.below: list[_Item] = []

    @property
    def name(self) -> str:
        return self.node.name if self.node is not None else self.edge.name if self.edge else ""

    @property
    def pkgid(self) -> str:
        if self.node is not None:
            return self.node.pkgid
        return f"{self.edge.name}@{self.edge.spec}" if self.edge else ""

    @property
    def optional(self) -> bool:
        return self.edge is not None and self.edge.optional


class Listing:
    """What ``ls`` shows of the tree at `root`.

    `names` (arguments like ``a`` or ``a@1``) keep only these and what leads to them; `depth` is how many
    levels below the project's own dependencies are shown. `problems` are npm's lines about what is missing,
    invalid or extraneous; `found` says whether any argument matched.
    """

    def __init__(
        self,
        root: Node,
        names: Sequence[str] = (),
        *,
        depth: float = 0,
        omit: frozenset[str] = frozenset(),
        links_only: bool = False,
        workspaces: Sequence[str] = (),
        is_global: bool = False,
    ) -> None:
        self._is_global = is_global
        self.root = root
        self.problems: dict[str, None] = {}
        self._wanted = [parse(name) for name in names]
        self._depth = float("inf") if names and depth == 0 else depth
        self._omit = omit
        self._links_only = links_only
        self._workspaces = workspaces
        self._seen: set[Node] = {root}
        self._invalid: dict[Node, list[str]] = {}
        self._top = _Item(root, None, None, 0)
        self._top.included = not names
        self._order: list[_Item] = []
        self._unroll()
        self.found = self._top.included

    def _unroll(self) -> None:
        queue = [self._top]
        for item in queue:
            self._order.append(item)
            queue += self._children(item)
        for item in self._order:
            if item.included:
                above = item.above
                while above is not None:
                    above.included = True
                    above = above.above
        for item in self._order:
            if item.included:
                self.problems.update(dict.fromkeys(self._item_problems(item)))
                if item.above is not None:
                    item.above.below.append(item)

    def _children(self, item: _Item) -> list[_Item]:
        node = item.node
        depth = 0 if node is not None and node.is_workspace else item.depth
        if node is None or item.deduped or depth > self._depth:
            return []
        real = node.target or node
        found: list[_Item] = []
        known: set[Node] = set()
        for edge in real.edges_out.values():
            if depth == 0 and not self._shown_on_top(edge):
                continue
            if edge.to is not None:
                known.add(edge.to)
            if edge.problem == "INVALID" and edge.to is not None:
                where = edge.source.location or "the root project"
                self._invalid.setdefault(edge.to, []).append(f'"{edge.spec}" from {where}')
            found.append(_Item(edge.to, edge, item, depth + 1))
        for child in real.children.values():
            if child.extraneous and child not in known:
                found.append(_Item(child, None, item, depth + 1))
        found.sort(key=lambda one: locale_key(one.pkgid))
        for one in found:
            if one.node is not None:
                one.deduped = one.node in self._seen
                self._seen.add(one.node)
            one.included = self._matches(one)
        return found

    def _shown_on_top(self, edge: Edge) -> bool:
        if edge.type in self._omit or (edge.optional and "optional" in self._omit):
            return False
        if self._links_only:
            return edge.to is not None and edge.to.target is not None
        if self._workspaces and edge.source.is_project:
            return edge.to is not None and edge.to.is_workspace and edge.name in self._workspaces
        return True

    def _matches(self, item: _Item) -> bool:
        if not self._wanted:
            return True
        node = item.node
        if node is None:
            return False
        return any(
            Edge(node, spec.name, spec.raw, "prod").accepts(node)
            for spec in self._wanted
            if spec.name == node.name
        )

    def _item_problems(self, item: _Item) -> list[str]:
        node = item.node
        if node is None:
            if item.optional or item.edge is None:
                return []
            return [f"missing: {item.pkgid}, required by {item.edge.source.pkgid}"]
        problems = []
        if node in self._invalid:
            problems.append(f"invalid: {item.pkgid} {node.path}")
        if node.extraneous and not item.deduped:
            problems.append(f"extraneous: {item.pkgid} {node.path}")
        return problems

    @property
    def failure(self) -> RegistryError | None:
        """The ELSPROBLEMS error that the tree deserves; what is only extraneous deserves none."""
        if all(problem.startswith("extraneous:") for problem in self.problems):
            return None
        return RegistryError("ELSPROBLEMS", "\n".join(self.problems))

    # Rendering.

    def _label(self, item: _Item, long: bool) -> str:
        node = item.node
        if node is None:
            return f"UNMET {'OPTIONAL ' if item.optional else ''}DEPENDENCY {item.pkgid}"
        label = item.pkgid
        if node.is_project:
            named = bool(node.package) and not self._is_global
            own = f"{node.package_name or node.name}@{node.version}"
            label = own + ("\n" if long else " ") + node.path if named else node.path
        if item.deduped:
            label += " deduped"
        if node in self._invalid:
            label += f" invalid: {', '.join(self._invalid[node])}"
        if node.extraneous and not item.deduped:
            label += " extraneous"
        if any(edge.overridden for edge in node.edges_in):
            label += " overridden"
        if node.resolved and node.resolved.startswith("git+"):
            label += f" ({node.resolved})"
        if node.target is not None:
            label += f" -> ./{os.path.relpath(node.target.path, self.root.path)}"
        return label + (f"\n{node.package.get('description') or ''}" if long else "")

    def text(self, *, long: bool = False) -> str:
        """The tree with ``├──``, as npm draws it."""

        def grown(item: _Item) -> tuple[str, list[Any]]:
            return self._label(item, long), [grown(one) for one in item.below]

        label, below = grown(self._top)
        return branches(label, below or [("(empty)", [])])

    def parseable(self, *, long: bool = False) -> str:
        """One path a line; with `long` also package, real path of a link, and what is wrong."""
        lines = []
        for item in self._order:
            node = item.node
            if node is None or not item.included or item.deduped:
                continue
            line = node.path
            if long:
                line += f":{item.pkgid}"
                line += f":{node.target.path}" if node.target is not None else ""
                line += ":EXTRANEOUS" if node.extraneous else ""
                line += ":INVALID" if node in self._invalid else ""
            lines.append(line)
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """npm's ``--json`` document."""
        document = self._json(self._top)
        return document

    def _json(self, item: _Item) -> dict[str, Any]:
        node = item.node
        found: dict[str, Any] = {}
        if node is not None:
            if node.version:
                found["version"] = node.version
            resolved = node.resolved
            if node.target is not None:
                resolved = f"file:../{os.path.relpath(node.target.path, self.root.path)}"
            if resolved and not item.deduped:
                found["resolved"] = resolved
            if not node.is_project and not item.deduped:
                found["overridden"] = any(edge.overridden for edge in node.edges_in)
            elif node.is_project and node.package:
                found["name"] = node.package_name or node.name
            if node.extraneous and not item.deduped:
                found["extraneous"] = True
            if node in self._invalid:
                found["invalid"] = ", ".join(self._invalid[node])
        elif not item.optional and item.edge is not None:
            found.update({"required": item.edge.spec or "*", "missing": True})
        problems = list(self.problems) if item is self._top else self._item_problems(item)
        if problems:
            found["problems"] = problems
        if item.below:
            found["dependencies"] = {one.name: self._json(one) for one in item.below}
        return found


def branches(label: str, below: list[Any], prefix: str = "") -> str:
    """A tree of (label, children) pairs as lines, in archy's drawing; ends with a line break."""
    bar = "│" if below else " "
    text = label.replace("\n", f"\n{prefix}{bar} ") + "\n"
    for number, (name, children) in enumerate(below):
        last = number == len(below) - 1
        inner = prefix + ("  " if last else "│ ")
        corner = ("└─" if last else "├─") + ("┬ " if children else "─ ")
        text += prefix + corner + branches(name, children, inner)
    return text
