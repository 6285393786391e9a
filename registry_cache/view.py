# SPDX-License-Identifier: Apache-2.0
"""``npm view``: a packument as people or programs want to see it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from . import query, semver
from .errors import RegistryError
from .inspect import inspect

__all__ = ["as_json", "as_text", "chosen_versions", "fields", "overview"]

_MOST_DEPENDENCIES = 24
_MOST_TAGS = 5


def chosen_versions(document: dict[str, Any], wanted: str, tag: str) -> list[str]:
    """The versions that ``name@wanted`` means, lowest first. Raises RegistryError E404 when there is none."""
    tags = document.get("dist-tags") or {}
    unpublished = (document.get("time") or {}).get("unpublished")
    if unpublished:
        raise RegistryError(
            "E404", f"Unpublished on {unpublished.get('time')}", {"pkgid": document.get("name")}
        )
    wanted = tag if wanted == "*" else wanted
    wanted = tags.get(wanted, wanted)
    versions = [one for one in document.get("versions") or {} if semver.valid(one)]
    found = [one for one in versions if semver.satisfies(one, wanted)]
    if not found and wanted != "latest":
        pkgid = f"{document.get('name')}@{wanted}"
        raise RegistryError("E404", f"No match found for version {wanted}", {"pkgid": pkgid})
    return found


def _person(value: Any) -> Any:
    """``{name, email, url}`` as ``name <email> (url)``, everywhere inside `value`."""
    if isinstance(value, list):
        return [_person(one) for one in value]
    if isinstance(value, dict) and value.get("name") and set(value) <= {"name", "email", "url"}:
        email = f" <{value['email']}>" if value.get("email") else ""
        return f"{value['name']}{email}" + (f" ({value['url']})" if value.get("url") else "")
    return value


def _merged(document: dict[str, Any], version: str) -> dict[str, Any]:
    """The packument's own fields with those of one version over them; ``versions`` is a sorted list."""
    merged = {key: value for key, value in document.items() if key != "readme"}
    merged["versions"] = sorted(
        (one for one in document.get("versions") or {} if semver.valid(one)), key=semver.sort_key
    )
    merged.update(document["versions"][version])
    return merged


def fields(
    document: dict[str, Any], versions: Sequence[str], names: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """{version: {field: value}} for those of `names` that are there; all fields when there are no names."""
    found: dict[str, dict[str, Any]] = {}
    for version in versions:
        merged = _merged(document, version)
        values: dict[str, Any] = {"": merged} if not names else {}
        for name in names:
            values.update(query.get(merged, name))
        if values:
            found[version] = {key: _person(value) for key, value in values.items()}
    return found


def as_text(found: dict[str, dict[str, Any]], name: str) -> str:
    """Fields for a terminal: bare when there is one, labelled when there are more."""
    many = len(found) > 1
    labelled = any(len(values) > 1 for values in found.values())
    lines = []
    for version, values in found.items():
        for key, value in values.items():
            shown = value if isinstance(value, str) and not many and not labelled else inspect(value)
            label = f"{key} = " if labelled else ""
            lines.append(f"{name}@{version} {label}{shown}" if many else f"{label}{shown}")
    return "\n".join(lines)


def as_json(found: dict[str, dict[str, Any]]) -> Any:
    """Fields for a program: npm unwraps what is single, versions and fields alike."""
    documents: list[Any] = [next(iter(one.values())) if len(one) == 1 else one for one in found.values()]
    return documents[0] if len(documents) == 1 else documents


def _ago(stamp: str, now: float) -> str:
    try:
        then = time.mktime(time.strptime(stamp[:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone
    except ValueError:
        return stamp
    days = int((now - then) // 86_400)
    for size, unit in ((365, "year"), (30, "month"), (7, "week"), (1, "day")):
        if days >= size:
            count = days // size
            return f"{'a' if count == 1 else count} {unit}{'' if count == 1 else 's'} ago"
    return "today"


def overview(document: dict[str, Any], version: str, now: float) -> str:
    """npm's page about one version: title, description, dist, dependencies, maintainers, tags."""
    manifest = document["versions"][version]
    dependencies = list((manifest.get("dependencies") or {}).items())
    license_ = manifest.get("license") or "Proprietary"
    if isinstance(license_, dict):
        license_ = license_.get("type") or "Proprietary"
    count = sum(1 for one in document["versions"] if semver.valid(one))
    title = (
        f"{manifest['name']}@{version} | {license_} | deps: {len(dependencies) or 'none'} | versions: {count}"
    )
    out = ["", title]
    homepage = manifest.get("homepage")
    out += [one for one in (manifest.get("description"), homepage) if isinstance(one, str) and one]
    if manifest.get("deprecated"):
        out.append(f"\nDEPRECATED ⚠️  - {manifest['deprecated']}")
    if document.get("keywords"):
        out.append("\nkeywords: " + ", ".join(document["keywords"]))
    if manifest.get("bin"):
        bins = manifest["bin"] if isinstance(manifest["bin"], dict) else {manifest["name"]: ""}
        out.append("\nbin: " + ", ".join(bins))
    dist = manifest.get("dist") or {}
    out += ["\ndist", f".tarball: {dist.get('tarball')}", f".shasum: {dist.get('shasum')}"]
    if dist.get("integrity"):
        out.append(f".integrity: {dist['integrity']}")
    if dist.get("unpackedSize"):
        out.append(f".unpackedSize: {_size(dist['unpackedSize'])}")
    if dependencies:
        shown = [f"{name}: {spec}" for name, spec in dependencies[:_MOST_DEPENDENCIES]]
        out += ["\ndependencies:", ", ".join(shown)]
        if len(dependencies) > _MOST_DEPENDENCIES:
            out.append(f"(...and {len(dependencies) - _MOST_DEPENDENCIES} more.)")
    if document.get("maintainers"):
        out += ["\nmaintainers:", *(f"- {_person(one)}" for one in document["maintainers"])]
    out += ["\ndist-tags:", *_tags(document)]
    published = (document.get("time") or {}).get(version)
    publisher = _person(manifest.get("_npmUser")) if manifest.get("_npmUser") else None
    if publisher or document.get("time"):
        when = f" {_ago(published, now)}" if published else ""
        out += ["", f"published{when}" + (f" by {publisher}" if publisher else "")]
    return "\n".join(out)


def _tags(document: dict[str, Any]) -> list[str]:
    times = document.get("time") or {}
    tags = sorted((document.get("dist-tags") or {}).items(), key=lambda tag: tag[0], reverse=True)
    tags.sort(key=lambda tag: times.get(tag[1], ""), reverse=True)
    tags.sort(key=lambda tag: tag[0] != "latest")
    shown = [f"{tag}: {version}" for tag, version in tags[:_MOST_TAGS]]
    return shown + ([f"(...and {len(tags) - _MOST_TAGS} more.)"] if len(tags) > _MOST_TAGS else [])


def _size(count: int) -> str:
    for factor, unit in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    return f"{count} B"
