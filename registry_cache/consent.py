# SPDX-License-Identifier: Apache-2.0
"""Whose install scripts may run: nobody's, but for those named.

``allowScripts`` of the project's package.json is npm's own field: ``{"esbuild": true, "core-js": false}``,
names with an optional ``@version`` (or several, ``1.0.0 || 1.0.1``). ``trustedDependencies``, a list of
names, is read as well. ``--allow-scripts`` adds names for one run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import semver
from .errors import RegistryError
from .spec import parse
from .tree import Node

__all__ = ["Consent"]


class Consent:
    """The decisions of one project. `everything` is ``--dangerously-allow-all-scripts``."""

    def __init__(
        self, package: Mapping[str, Any], extra: Iterable[str] = (), *, everything: bool = False
    ) -> None:
        field = package.get("allowScripts") or {}
        if isinstance(field, list):
            field = dict.fromkeys(field, True)
        if not isinstance(field, dict):
            raise RegistryError("EALLOWSCRIPTS", "`allowScripts` in package.json must be an object")
        trusted = package.get("trustedDependencies") or []
        rules = {**dict.fromkeys(trusted if isinstance(trusted, list) else [], True), **field}
        rules.update(dict.fromkeys(extra, True))
        self._everything = everything
        self._rules = [(parse(str(key)), bool(value)) for key, value in rules.items()]

    def decision(self, node: Node) -> bool | None:
        """May the scripts of `node` run? None when nobody has said anything; a no weighs more than a yes."""
        name = node.package_name or node.name
        found = [
            allowed
            for spec, allowed in self._rules
            if spec.name == name and (spec.raw == "*" or semver.satisfies(node.version, spec.raw))
        ]
        if found and not all(found):
            return False
        return True if found or self._everything else None
