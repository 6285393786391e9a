# SPDX-License-Identifier: Apache-2.0
"""``audit signatures``: did the registry sign what is installed, and does the signature hold?

The registry's keys come from ``-/npm/v1/keys``. A signature is ECDSA over P-256 with SHA-256 of
``name@version:integrity`` (pacote, npm's verify-signatures). Provenance attestations, which are Sigstore's
bundles, are not checked; packages that have some are named.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .client import RegistryClient, status_error
from .errors import RegistryError
from .order import locale_key
from .pick import parse_date
from .spec import REGISTRY_TYPES, resolve
from .tree import Node

if TYPE_CHECKING:
    from .project import Project

__all__ = ["Package", "Verification", "verify"]

_KEYS = "-/npm/v1/keys"
_UNDATED = "2015-01-01T00:00:00.000Z"
"""The date of versions without one, as for pacote: before any key expired."""


@dataclass(frozen=True)
class Package:
    """A package with no signature (`code` is "") or a wrong one."""

    name: str
    version: str
    location: str
    registry: str
    code: str = ""
    message: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def pkgid(self) -> str:
        return f"{self.name}@{self.version}"

    def to_json(self) -> dict[str, str]:
        said = {"code": self.code, "message": self.message, **self.details} if self.code else {}
        return {
            **said,
            "name": self.name,
            "version": self.version,
            "location": self.location,
            "registry": self.registry,
        }


@dataclass
class Verification:
    """`audited` packages come from registries with keys; `verified` of them are signed.

    `attested` are those that also have attestations, which nobody checked.
    """

    audited: int = 0
    verified: int = 0
    missing: list[Package] = field(default_factory=list)
    invalid: list[Package] = field(default_factory=list)
    attested: list[Package] = field(default_factory=list)
    seconds: float = 0.0


def verify(project: Project, *, locked: bool = False) -> Verification:
    """Checks every package that came from a registry.

    Raises RegistryError: EMISSINGSIGNATUREKEY and EEXPIREDSIGNATUREKEY as npm does, ENOAUDIT when there is
    nothing to check.
    """
    started = time.monotonic()
    root = project.tree(locked=locked)
    nodes = _from_registries(root)
    if not nodes:
        raise RegistryError("ENOAUDIT", "found no installed dependencies to audit")
    result = Verification()
    with project.client(full=True) as client:
        keys: dict[str, list[dict[str, Any]]] = {}
        for node, name in nodes:
            registry = client.config.registry_for(name)
            if registry not in keys:
                keys[registry] = _fetch_keys(client, registry)
            if keys[registry]:
                result.audited += 1
                _check(client, node, name, registry, keys[registry], result)
    if not result.audited:
        text = "found no dependencies to audit that were installed from a supported registry"
        raise RegistryError("ENOAUDIT", text)
    for packages in (result.missing, result.invalid, result.attested):
        packages.sort(key=lambda package: locale_key(package.name))
    result.seconds = time.monotonic() - started
    return result


def _from_registries(root: Node) -> list[tuple[Node, str]]:
    """The nodes that somebody asked a registry for, with the name that it knows them by."""
    found: dict[Node, str] = {}
    for node in root.inventory.values():
        for edge in node.edges_out.values():
            to = edge.to
            if to is None or to.is_mine or to.target is not None or not to.version:
                continue
            try:
                spec = resolve(edge.name, edge.spec)
            except RegistryError:
                continue  # npm passes over what it cannot read, too
            if spec.type in REGISTRY_TYPES:
                found.setdefault(to, spec.registry.name)
    return list(found.items())


def _fetch_keys(client: RegistryClient, registry: str) -> list[dict[str, Any]]:
    """The keys of a registry; none for one that does not sign."""
    url = registry + _KEYS
    response = client.transport.get(url, {"accept": "application/json"})
    body = response.read()
    if response.status in (400, 404):
        return []
    if response.status != 200:
        raise status_error(response, body, url, "")
    keys: list[dict[str, Any]] = json.loads(body).get("keys") or []
    return keys


def _check(
    client: RegistryClient,
    node: Node,
    name: str,
    registry: str,
    keys: list[dict[str, Any]],
    result: Verification,
) -> None:
    document = client.packument(name).document
    manifest = (document.get("versions") or {}).get(node.version) or {}
    dist = manifest.get("dist") or {}
    published = (document.get("time") or {}).get(node.version) or _UNDATED
    pkgid, integrity = f"{name}@{node.version}", str(dist.get("integrity") or "")
    package = Package(name, node.version, node.location, registry)
    if dist.get("attestations"):
        result.attested.append(package)
    signatures = dist.get("signatures") or []
    for signature in signatures:
        key = _key(keys, signature, pkgid, published)
        if not _holds(key["key"], signature["sig"], f"{pkgid}:{integrity}"):
            text = f"{pkgid} has an invalid registry signature with keyid: {key['keyid']}"
            text += f" and signature: {signature['sig']}"
            details = {"integrity": integrity, "keyid": key["keyid"], "signature": signature["sig"]}
            result.invalid.append(
                Package(name, node.version, node.location, registry, "EINTEGRITYSIGNATURE", text, details)
            )
            return
    if signatures:
        result.verified += 1
    else:
        result.missing.append(package)


def _key(
    keys: list[dict[str, Any]], signature: Mapping[str, str], pkgid: str, published: str
) -> dict[str, Any]:
    keyid = signature.get("keyid")
    said = f"{pkgid} has a registry signature with keyid: {keyid} but "
    key = next((key for key in keys if key.get("keyid") == keyid), None)
    if key is None:
        raise RegistryError("EMISSINGSIGNATUREKEY", f"{said}no corresponding public key can be found")
    expires = key.get("expires")
    if expires and parse_date(published) >= parse_date(expires):
        raise RegistryError(
            "EEXPIREDSIGNATUREKEY", f"{said}the corresponding public key has expired {expires}"
        )
    return key


def _holds(key: str, signature: str, message: str) -> bool:
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.serialization import load_der_public_key
    except ImportError as error:
        text = "checking signatures needs the Python package cryptography: pip install 'edgejs[crypto]'"
        raise RegistryError("EMISSINGDEPENDENCY", text) from error
    public = load_der_public_key(base64.b64decode(key))
    if not isinstance(public, EllipticCurvePublicKey):
        return False
    try:
        public.verify(base64.b64decode(signature), message.encode(), ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True
