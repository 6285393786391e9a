# SPDX-License-Identifier: Apache-2.0
"""A software bill of materials in CycloneDX 1.5, as ``npm sbom`` writes it.

Source: https://cyclonedx.org/docs/1.5/json/
"""

from __future__ import annotations

import os
import re
import uuid
from datetime import datetime, timezone
from typing import Any

from .integrity import hex_digest
from .packagefile import PackageFile
from .tree import Node

__all__ = ["cyclonedx"]

_ALGORITHMS = {"sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
_LICENSE_ID = re.compile(r"[A-Za-z0-9.+-]+\Z")


def _reference(node: Node) -> str:
    return f"{node.package_name or node.name}@{node.version}"


def _purl(node: Node) -> str:
    from packageurl import PackageURL

    scope, _, name = (node.package_name or node.name).rpartition("/")
    git = node.resolved if node.resolved and node.resolved.startswith("git+") else None
    return PackageURL(
        "npm", scope or None, name, node.version or None, {"vcs_url": git} if git else None
    ).to_string()


def _url(value: Any) -> str | None:
    found = value.get("url") if isinstance(value, dict) else value
    return found if isinstance(found, str) and "://" in found else None


def _component(node: Node, kind: str) -> dict[str, Any]:
    package = PackageFile.load(node.path).original if os.path.isdir(node.path) else node.package
    author = package.get("author")
    found: dict[str, Any] = {
        "bom-ref": _reference(node),
        "type": kind,
        "name": node.package_name or node.name if node.is_project else node.name,
        "version": node.version,
        "scope": "optional" if node.optional or node.dev_optional else "required",
        "author": author.get("name") if isinstance(author, dict) else author,
        "description": package.get("description"),
        "purl": _purl(node),
    }
    found = {key: value for key, value in found.items() if value}
    flags = {
        "development": node.dev,
        "private": package.get("private") is True,
        "extraneous": node.extraneous,
        "bundled": node.in_bundle,
    }
    found["properties"] = [
        {"name": f"cdx:npm:package:{name}", "value": "true"} for name, is_set in flags.items() if is_set
    ]
    references = {
        "distribution": node.resolved,
        "vcs": _url(package.get("repository")),
        "website": _url(package.get("homepage")),
        "issue-tracker": _url(package.get("bugs")),
    }
    found["externalReferences"] = [{"type": name, "url": url} for name, url in references.items() if url]
    if node.integrity:
        algorithm, digest = hex_digest(node.integrity)
        found["hashes"] = [{"alg": _ALGORITHMS.get(algorithm, algorithm), "content": digest}]
    license_ = package.get("license")
    license_ = license_.get("type") if isinstance(license_, dict) else license_
    if isinstance(license_, str) and _LICENSE_ID.match(license_):
        found["licenses"] = [{"license": {"id": license_}}]
    elif isinstance(license_, str) and re.search(r" (?:AND|OR|WITH) ", license_):
        found["licenses"] = [{"expression": license_}]
    return found


def cyclonedx(
    root: Node, *, kind: str = "library", omit: frozenset[str] = frozenset(), locked: bool = False
) -> dict[str, Any]:
    """The document about the tree of `root`; `kind` is what the project is (library, application ...)."""
    from .flags import should_omit

    nodes: dict[str, Node] = {}
    for node in root.inventory.values():
        if node is not root and node.target is None and not should_omit(node, omit) and not node.inert:
            nodes.setdefault(_reference(node), node)
    dependencies = []
    for node in (root, *nodes.values()):
        targets = [edge.to.target or edge.to for edge in node.edges_out.values() if edge.to is not None]
        references = dict.fromkeys(_reference(one) for one in targets)
        dependencies.append(
            {"ref": _reference(node), "dependsOn": [one for one in references if one in nodes]}
        )
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "lifecycles": [{"phase": "pre-build" if locked else "build"}],
            "tools": [{"name": "edgejs"}],
            "component": _component(root, kind),
        },
        "components": [_component(node, "library") for node in nodes.values()],
        "dependencies": dependencies,
    }
