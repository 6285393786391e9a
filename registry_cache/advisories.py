# SPDX-License-Identifier: Apache-2.0
"""What an advisory says of each version of a package, and what follows for packages that depend on it.

A registry's advisory names a range of versions. A package all of whose choices for a dependency lie in
such a range is vulnerable itself; for it an `Advisory` is derived from the first, version by version (npm's
metavuln-calculator).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

from . import semver

__all__ = ["Advisories", "Advisory"]

_NOTHING = "<0.0.0-0"
_KINDS = ("dependencies", "optionalDependencies", "peerDependencies")


class Advisory:
    """What is wrong with the package `name`, whose published `versions` map to their manifests.

    `cause` is the registry's record (``id``, ``title``, ``url``, ``severity``, ``vulnerable_versions``,
    ``cwe``, ``cvss``), or the advisory about a dependency.
    """

    def __init__(
        self, name: str, versions: Mapping[str, Mapping[str, Any]], cause: Mapping[str, Any] | Advisory
    ) -> None:
        self.name = name
        self.cause = cause
        self.versions = sorted(versions, key=semver.sort_key)
        self._manifests = versions
        self._verdicts: dict[str, bool] = {}
        self._specs: dict[str, bool] = {}
        if isinstance(cause, Advisory):
            self.dependency = cause.name
            self.severity: str = cause.severity
            self.range = self._derived_range()
        else:
            self.dependency = name
            self.severity = str(cause.get("severity") or "high")
            self.range = str(cause.get("vulnerable_versions") or "*")

    @property
    def derived(self) -> bool:
        """Is the package vulnerable only for what it depends on?"""
        return isinstance(self.cause, Advisory)

    def affects(self, version: str, spec: str | None = None) -> bool:
        """Is `version` vulnerable? `spec` is how it asks for the dependency when it is not published."""
        found = self._verdicts.get(version)
        if found is None:
            found = self._verdicts[version] = self._judge(version, spec)
        return found

    def _judge(self, version: str, spec: str | None) -> bool:
        if not isinstance(self.cause, Advisory):
            return semver.satisfies(version, self.range, prerelease=True)
        manifest = self._manifests.get(version) or {"dependencies": {self.dependency: spec}}
        spec = _spec(manifest, self.dependency)
        if spec is None:
            return False
        if not semver.is_range(spec):
            return True  # a folder, an address: nothing better can be chosen
        if self.dependency in (manifest.get("bundleDependencies") or ()):
            return semver.intersects_caret(spec, self.cause.range)
        return self.cause.unavoidable(spec)

    def unavoidable(self, spec: str) -> bool:
        """Is every version in the range `spec` vulnerable?"""
        found = self._specs.get(spec)
        if found is None:
            chosen = (one for one in self.versions if semver.satisfies(one, spec, prerelease=True))
            found = self._specs[spec] = all(self.affects(one) for one in chosen)
        return found

    def _derived_range(self) -> str:
        """The vulnerable versions as a range."""
        return simplified(self.versions, self.affects) or _NOTHING

    def record(self) -> dict[str, Any] | str:
        """The entry of ``via`` in the JSON report: the advisory, or the name of the vulnerable dependency."""
        if isinstance(self.cause, Advisory):
            return self.dependency
        return {
            "source": self.cause.get("id"),
            "name": self.name,
            "dependency": self.name,
            "title": self.cause.get("title"),
            "url": self.cause.get("url"),
            "severity": self.severity,
            **{key: self.cause[key] for key in ("cwe", "cvss") if key in self.cause},
            "range": self.range,
        }


class Advisories:
    """Makes each advisory once; `versions_of` gives the manifests of a package's published versions."""

    def __init__(self, versions_of: Callable[[str], Mapping[str, Mapping[str, Any]]]) -> None:
        self._versions_of = versions_of
        self._made: dict[tuple[str, int], Advisory] = {}
        self._causes: list[object] = []

    def about(self, name: str, cause: Mapping[str, Any] | Advisory) -> Advisory:
        """The advisory about `name` that follows from `cause`, which is kept as long as this object."""
        key = (name, id(cause))
        if key not in self._made:
            self._causes.append(cause)
            self._made[key] = Advisory(name, self._versions_of(name), cause)
        return self._made[key]


def simplified(versions: list[str], chosen: Callable[[str], bool]) -> str:
    """A short range that has, of the sorted `versions`, those `chosen` (``semver.simplifyRange``)."""
    parts = []
    for wanted, run in itertools.groupby(versions, chosen):
        if not wanted:
            continue
        members = list(run)
        first, last = members[0], members[-1]
        if last == versions[-1]:
            parts.append("*" if first == versions[0] else f">={first}")
        elif first == last:
            parts.append(first)
        else:
            parts.append(f"<={last}" if first == versions[0] else f"{first} - {last}")
    return " || ".join(parts)


def _spec(manifest: Mapping[str, Any], name: str) -> str | None:
    for kind in _KINDS:
        spec = (manifest.get(kind) or {}).get(name)
        if isinstance(spec, str):
            return spec
    return None
