# SPDX-License-Identifier: Apache-2.0
"""``audit``: which packages of a tree the registry warns of, and what else is vulnerable for that.

The rules are Arborist's (`audit-report`, `vuln`).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from typing import Any

from . import semver
from .advisories import Advisories, Advisory, simplified
from .client import RegistryClient, status_error
from .edge import Edge
from .errors import RegistryError
from .flags import should_omit
from .order import locale_key
from .pick import avoiding
from .spec import REGISTRY_TYPES, resolve
from .tree import Node

__all__ = ["LEVELS", "Vulnerability", "audit", "report"]

LEVELS = ("info", "low", "moderate", "high", "critical")
"""Severities, the least first."""

_PATH = "-/npm/v1/security/advisories/bulk"


class Vulnerability:
    """A package of the tree that is vulnerable: where (`nodes`), by which `advisories`, what mends it.

    `fix` is True when a version in the asked range is not vulnerable, False when none at all is, or the
    version that has to be asked for: a dict with npm's keys ``name``, ``version`` and ``isSemVerMajor``.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.advisories: dict[Advisory, None] = {}
        self.nodes: dict[Node, None] = {}
        self.via: list[Vulnerability] = []
        self.effects: list[Vulnerability] = []
        self.fix: bool | dict[str, Any] = True
        self.stuck = False
        """Does the project itself ask for vulnerable versions only?"""

    @property
    def severity(self) -> str:
        return LEVELS[max(LEVELS.index(advisory.severity) for advisory in self.advisories)]

    @property
    def range(self) -> str:
        """All vulnerable versions, as short as may be."""
        whole = " || ".join(advisory.range for advisory in self.advisories)
        versions = next(iter(self.advisories)).versions
        short = simplified(versions, lambda version: semver.satisfies(version, whole, prerelease=True))
        return short if len(short) < len(whole) else whole

    @property
    def is_direct(self) -> bool:
        return any(edge.source.is_mine for node in self.nodes for edge in node.edges_in)

    def demand_fix(self, fix: bool | dict[str, Any]) -> None:
        """Takes the stricter of two fixes, here and in what this is vulnerable for."""
        self.fix = fix
        for cause in self.via:
            if cause.fix is not fix and _stricter(fix, cause.fix):
                cause.demand_fix(fix)

    def to_json(self) -> dict[str, Any]:
        records = [advisory.record() for advisory in self.advisories]
        return {
            "name": self.name,
            "severity": self.severity,
            "isDirect": self.is_direct,
            "via": sorted(
                records, key=lambda one: locale_key(str(one if isinstance(one, str) else one["source"]))
            ),
            "effects": sorted({effect.name for effect in self.effects}, key=locale_key),
            "range": self.range,
            "nodes": sorted((node.location for node in self.nodes), key=locale_key),
            "fixAvailable": self.fix,
        }


def _stricter(new: bool | dict[str, Any], old: bool | dict[str, Any]) -> bool:
    if new is False or old is True:
        return True
    return isinstance(new, dict) and not (isinstance(old, dict) and old["isSemVerMajor"])


def audit(root: Node, client: RegistryClient) -> dict[str, Vulnerability]:
    """The vulnerable packages of the tree by name.

    Raises RegistryError; E405 and the like when the registry does not audit.
    """
    nodes = [node for node in root.inventory.values() if _counts(node, client.config.omit)]
    return _Audit(nodes, client).run() if nodes else {}


def _counts(node: Node, omit: frozenset[str]) -> bool:
    """Is this a package from somewhere else that is to be installed?"""
    mine = node.is_project or node.target is not None or bool(node.links_in)
    return bool(node.version) and not mine and not should_omit(node, omit)


class _Audit:
    """One run: asks for the advisories about `nodes`, then follows them to those who depend on these."""

    def __init__(self, nodes: Iterable[Node], client: RegistryClient) -> None:
        self._client = client
        self._nodes: dict[str, list[Node]] = {}
        for node in nodes:
            self._nodes.setdefault(node.package_name or node.name, []).append(node)
        self._found: dict[str, Vulnerability] = {}
        self._advisories = Advisories(self._versions)
        self._queue: dict[Advisory, None] = {}

    def run(self) -> dict[str, Vulnerability]:
        for name, records in self._ask().items():
            for record in records:
                self._queue[self._advisories.about(name, record)] = None
        done: set[Advisory] = set()
        while waiting := [one for one in self._queue if one not in done]:
            for advisory in waiting:
                done.add(advisory)
                self._apply(advisory)
        for found in self._found.values():
            for advisory in found.advisories:
                if advisory.derived:
                    cause = self._found[advisory.dependency]
                    if cause not in found.via:
                        found.via.append(cause)
                        cause.effects.append(found)
            found.demand_fix(found.fix)
        return self._found

    def _ask(self) -> Mapping[str, list[dict[str, Any]]]:
        body = {name: sorted({node.version for node in nodes}) for name, nodes in self._nodes.items()}
        url = self._client.config.registry + _PATH
        headers = {"content-type": "application/json", "content-encoding": "gzip"}
        response = self._client.transport.post(url, headers, gzip.compress(json.dumps(body).encode()))
        answer = response.read()
        if response.status != 200:
            raise status_error(response, answer, url, "", method="POST")
        try:
            found = json.loads(answer)
        except ValueError as error:
            raise RegistryError("EJSONPARSE", f"invalid json response body at {url}", {"url": url}) from error
        return found if isinstance(found, dict) else {}

    def _versions(self, name: str) -> Mapping[str, Mapping[str, Any]]:
        """The manifests of a package; none for what the registry lacks: all of it counts as vulnerable."""
        try:
            return self._client.packument(name).document.get("versions") or {}
        except RegistryError as error:
            if error.code != "E404":
                raise
            return {}

    def _apply(self, advisory: Advisory) -> None:
        vulnerable = [node for node in self._nodes.get(advisory.name, ()) if advisory.affects(node.version)]
        if not vulnerable:
            return
        found = self._found.setdefault(advisory.name, Vulnerability(advisory.name))
        found.advisories[advisory] = None
        for node in vulnerable:
            if node not in found.nodes:
                found.nodes[node] = None
                for edge in node.edges_in:
                    self._follow(advisory, found, edge)

    def _follow(self, advisory: Advisory, found: Vulnerability, edge: Edge) -> None:
        """What a vulnerable package means for one that asks for it."""
        asker = edge.source
        if asker.is_top:
            if not found.stuck:
                found.fix = self._fix(found, edge)
                found.stuck = found.fix is not True
            return
        name = asker.package_name or asker.name
        derived = self._advisories.about(name, advisory)
        if derived.affects(asker.version, edge.spec):
            self._queue[derived] = None

    def _fix(self, found: Vulnerability, edge: Edge) -> bool | dict[str, Any]:
        spec = resolve(edge.name, edge.spec)
        if spec.type not in REGISTRY_TYPES:
            return False
        wanted, bad = spec.registry, found.range
        versions = next(iter(found.advisories)).versions
        if any(
            semver.satisfies(one, wanted.fetch_spec) and not semver.satisfies(one, bad, prerelease=True)
            for one in versions
        ):
            return True
        document = self._client.packument(wanted.name).document
        chosen = avoiding(document, wanted.fetch_spec, bad, self._client.node_version)
        if chosen is None:
            return False
        version, major = chosen
        return {"name": wanted.name, "version": version, "isSemVerMajor": major}


def report(root: Node, found: Mapping[str, Vulnerability]) -> dict[str, Any]:
    """npm's JSON report, version 2."""
    counts = dict.fromkeys(LEVELS, 0)
    for vulnerability in found.values():
        counts[vulnerability.severity] += 1
    kinds = dict.fromkeys(("prod", "dev", "optional", "peer", "peerOptional"), 0)
    for node in root.inventory.values():
        flags = [kind for kind in ("dev", "optional", "peer") if getattr(node, kind)]
        for kind in flags or ["prod"]:
            kinds[kind] += 1
    return {
        "auditReportVersion": 2,
        "vulnerabilities": {name: found[name].to_json() for name in sorted(found, key=locale_key)},
        "metadata": {
            "vulnerabilities": {**counts, "total": len(found)},
            "dependencies": {**kinds, "total": len(root.inventory) - 1},
        },
    }
