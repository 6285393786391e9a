# SPDX-License-Identifier: Apache-2.0
"""Which version of a packument a spec means (npm-pick-manifest).

In order: the exact version or tag asked for; else ``latest`` when it is in range, not deprecated and
runs on this Node; else the highest in range, preferring what is neither deprecated nor for another Node.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from . import semver
from .errors import RegistryError
from .platforms import engine_ok

if TYPE_CHECKING:
    from .spec import Spec

__all__ = ["avoiding", "parse_date", "pick"]


def _avoided(version: str, avoid: str | None) -> bool:
    return avoid is not None and semver.satisfies(version, avoid, prerelease=True)


def _in_range(
    versions: Mapping[str, Any], wanted: str, node_version: str, avoid: str | None = None
) -> str | None:
    """The best version in range. Sorted highest first, so the first flawless one is the answer."""
    best: tuple[tuple[bool, ...], str] | None = None
    for version in sorted(versions, key=semver.sort_key, reverse=True):
        if not semver.satisfies(version, wanted):
            continue
        manifest = versions[version]
        engine, kept = engine_ok(manifest, node_version), not manifest.get("deprecated")
        rank = (not _avoided(version, avoid), engine and kept, engine, kept)
        if all(rank):
            return version
        if best is None or rank > best[0]:
            best = (rank, version)
    return best[1] if best else None


def _in_time(document: Mapping[str, Any], version: str, before: float | None) -> bool:
    """Was `version` published by `before`? What has no date passes, as for npm."""
    stamp = (document.get("time") or {}).get(version) if before is not None else None
    return stamp is None or before is None or parse_date(str(stamp)) <= before


def parse_date(text: str) -> float:
    """Seconds since 1970 of an ISO date. Raises RegistryError EINVALIDCONFIG."""
    try:
        date = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError as error:
        raise RegistryError("EINVALIDCONFIG", f"invalid date {text!r}") from error
    return (date if date.tzinfo else date.replace(tzinfo=timezone.utc)).timestamp()


def pick(
    document: Mapping[str, Any],
    spec: Spec,
    node_version: str,
    default_tag: str = "latest",
    before: float | None = None,
    avoid: str | None = None,
) -> str:
    """The version of `document` (a packument) that `spec`, a registry spec, selects.

    With `before` (seconds since 1970) ranges and tags mean what they did then; an exact version is
    taken however young it is. Versions in the range `avoid` are chosen only when no other fits. Raises
    RegistryError ETARGET when there is none and ENOVERSIONS when nothing is published.
    """
    versions: Mapping[str, Any] = document.get("versions") or {}
    tags: Mapping[str, str] = document.get("dist-tags") or {}
    wanted = spec.fetch_spec
    chosen: str | None
    if spec.type == "tag":
        chosen = tags.get(wanted)
        if chosen is not None and chosen in versions and not _in_time(document, chosen, before):
            wanted = f"<={chosen}"
            versions = {one: found for one, found in versions.items() if _in_time(document, one, before)}
            chosen = _in_range(versions, wanted, node_version)
    elif spec.type == "version":
        chosen = semver.clean(wanted)
    else:
        if before is not None:
            versions = {one: found for one, found in versions.items() if _in_time(document, one, before)}
        latest = tags.get(default_tag)
        manifest = versions.get(latest) if latest else None
        if (
            latest
            and manifest is not None
            and (wanted == "*" or semver.satisfies(latest, wanted))
            and not _avoided(latest, avoid)
            and not manifest.get("deprecated")
            and engine_ok(manifest, node_version)
        ):
            return latest
        if not versions:
            raise RegistryError("ENOVERSIONS", f"No versions available for {spec.name}", {"pkgid": str(spec)})
        chosen = _in_range(versions, wanted, node_version, avoid)
    if chosen is not None and chosen in versions:
        return chosen
    raise RegistryError(
        "ETARGET",
        f"No matching version found for {spec.name}@{wanted}.",
        {
            "pkgid": str(spec),
            "wanted": wanted,
            "distTags": dict(tags),
            "versions": sorted(versions, key=semver.sort_key),
        },
    )


def avoiding(
    document: Mapping[str, Any], wanted: str, avoid: str, node_version: str
) -> tuple[str, bool] | None:
    """The best version outside of the range `avoid`, and whether that is a breaking change from `wanted`.

    None when there is none (npm-pick-manifest's ``avoidStrict``).
    """
    versions: Mapping[str, Any] = document.get("versions") or {}
    latest = str((document.get("dist-tags") or {}).get("latest"))
    inside = _in_range(versions, wanted, node_version, avoid)
    for accepted, major in ((wanted, False), (f"^{inside}", False), ("*", True)):
        if latest in versions and not _avoided(latest, avoid) and semver.satisfies(latest, accepted):
            return latest, major
        chosen = _in_range(versions, accepted, node_version, avoid)
        if chosen is not None and not _avoided(chosen, avoid):
            return chosen, major
    return None
