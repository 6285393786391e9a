# SPDX-License-Identifier: Apache-2.0
"""``overrides`` of package.json: which spec a dependency gets in place of its own, and below whom.

Rules nest: ``{"a": {"b": "1"}}`` is about ``b`` wherever it is below ``a``. Each node of the tree carries
the set of the deepest rule that led to it (Arborist's OverrideSet), each edge the rule that it falls under.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from . import semver
from .errors import RegistryError
from .spec import parse, resolve

if TYPE_CHECKING:
    from .edge import Edge

__all__ = ["OverrideSet"]


class OverrideSet:
    """A rule with the rules nested in it; the root has neither `name` nor `value`.

    `key_spec` limits the rule to dependencies whose range meets it, `value` is what they get instead.
    """

    def __init__(self, overrides: Any, key: str = "", parent: OverrideSet | None = None) -> None:
        if isinstance(overrides, str):
            overrides = {".": overrides}
        if not isinstance(overrides, dict):
            raise RegistryError(
                "EOVERRIDE", f"Override for {key or 'the project'} must be a string or an object"
            )
        self.parent = parent
        self.key = key
        self.name = self.key_spec = self.value = ""
        if parent is not None:
            spec = parse(key)
            if not spec.name:
                raise RegistryError("EOVERRIDE", f"Override without name: {key}")
            own = overrides.get(".")
            self.name, self.key_spec = spec.name, spec.raw
            self.value = "*" if own == "" else str(own or spec.raw)
        self.children = {key: OverrideSet(inner, key, self) for key, inner in overrides.items() if key != "."}

    def ancestry(self) -> Iterator[OverrideSet]:
        """This rule and those it is nested in."""
        rule: OverrideSet | None = self
        while rule is not None:
            yield rule
            rule = rule.parent

    def rules(self) -> dict[str, OverrideSet]:
        """All that apply to what is below this rule, the nearest first."""
        found: dict[str, OverrideSet] = {}
        for rule in self.ancestry():
            for key, child in rule.children.items():
                found.setdefault(key, child)
            if rule.parent is not None:
                found.setdefault(rule.key, rule)
        return found

    def edge_rule(self, edge: Edge) -> OverrideSet:
        """The rule for a dependency of a node that carries this set: a rule of its own, or the set itself."""
        for rule in self.rules().values():
            if rule.name != edge.name:
                continue
            if rule.key_spec == "*":
                return rule
            spec = resolve(edge.name, edge.raw_spec).registry
            if spec.type in ("range", "version"):
                if semver.intersects_caret(spec.fetch_spec, rule.key_spec):
                    return rule
            elif spec.type != "git":
                return rule  # no versions to compare
        return self

    def same(self, other: OverrideSet | None) -> bool:
        return self is other or (
            other is not None
            and (self.key, self.value) == (other.key, other.value)
            and self._same_children(other)
            and (self.parent.same(other.parent) if self.parent else other.parent is None)
        )

    def _same_children(self, other: OverrideSet) -> bool:
        return self.children.keys() == other.children.keys() and all(
            child.value == other.children[key].value and child._same_children(other.children[key])
            for key, child in self.children.items()
        )

    def merged(self, other: OverrideSet) -> OverrideSet | None:
        """The more specific of two sets, else their nearest common ancestor; None when they contradict."""
        if any(rule.same(self) for rule in other.ancestry()):
            return other
        if any(rule.same(other) for rule in self.ancestry()):
            return self
        if self._contradicts(other):
            return None
        return next(
            (rule for rule in other.ancestry() if any(mine.same(rule) for mine in self.ancestry())), None
        )

    def _contradicts(self, other: OverrideSet) -> bool:
        theirs = other.rules()
        for key, rule in self.rules().items():
            against = theirs.get(key)
            if against is None or rule.same(against):
                continue
            if rule.value.startswith("$") or against.value.startswith("$"):
                continue
            if (
                semver.is_range(rule.value)
                and semver.is_range(against.value)
                and not semver.intersects_caret(rule.value, against.value)
            ):
                return True
        return False
