# SPDX-License-Identifier: Apache-2.0
"""A registry's document about one package, and its copy on disk."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from . import integrity
from .errors import RegistryError, os_error
from .manifest import normalize

if TYPE_CHECKING:
    from msgspec import Raw

__all__ = ["ACCEPT_CORGI", "ACCEPT_FULL", "CachedBody", "MetadataCache", "Packument"]

ACCEPT_CORGI = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*"
ACCEPT_FULL = "application/json"
_DIRECTORY = "packuments-v1"


class _Versions(Mapping[str, Any]):
    """The manifests of a document, each parsed when it is looked at.

    Some packages have thousands of versions, of which an install looks at a few: parsing all took a quarter
    of its time, and most of its memory.
    """

    def __init__(self, manifests: dict[str, Raw]) -> None:
        self._raw = manifests
        self._parsed: dict[str, Any] = {}

    def __getitem__(self, version: str) -> Any:
        if version not in self._parsed:
            self._parsed[version] = json.loads(bytes(self._raw[version]))
        return self._parsed[version]

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)

    def __contains__(self, version: object) -> bool:
        return version in self._raw


class Packument:
    """The parsed document; manifests are normalised when asked for, once."""

    def __init__(self, document: dict[str, Any], *, abbreviated: bool) -> None:
        self.document = document
        self.abbreviated = abbreviated
        self._manifests: dict[str, dict[str, Any]] = {}

    @property
    def name(self) -> str:
        return str(self.document.get("name", ""))

    @property
    def versions(self) -> Mapping[str, Any]:
        versions: Mapping[str, Any] = self.document.get("versions") or {}
        return versions

    def manifest(self, version: str) -> dict[str, Any]:
        """The normalised manifest, with npm's ``_resolved`` and ``_integrity`` from ``dist``."""
        found = self._manifests.get(version)
        if found is None:
            found = normalize(self.versions[version])
            dist = found.get("dist") or {}
            if dist.get("tarball"):
                found["_resolved"] = dist["tarball"]
            if dist.get("integrity"):
                found["_integrity"] = dist["integrity"]
            elif dist.get("shasum"):
                found["_integrity"] = integrity.from_shasum(dist["shasum"])
            self._manifests[version] = found
        return found


class CachedBody:
    """One stored answer: the body, its validators and until when it is fresh (seconds since 1970)."""

    __slots__ = ("body", "content_type", "etag", "fresh_until", "last_modified")

    def __init__(self, body: bytes, head: Mapping[str, Any]) -> None:
        self.body = body
        self.etag: str | None = head.get("etag")
        self.last_modified: str | None = head.get("lastModified")
        self.content_type: str = head.get("contentType") or ""
        self.fresh_until: float = head.get("freshUntil") or 0.0

    @property
    def fresh(self) -> bool:
        return time.time() < self.fresh_until


class MetadataCache:
    """Bodies of packuments, one file an address: a line of JSON about the body, then the body.

    A file is written beside its place and renamed, so a reader sees the old or the new one; the
    length and digest in the first line betray a torn or altered body, which then counts as absent.
    """

    def __init__(self, root: str) -> None:
        self.root = os.path.join(root, _DIRECTORY)

    def _path(self, url: str, accept: str) -> str:
        key = hashlib.sha256(f"{accept}\n{url}".encode()).hexdigest()
        host = re.sub(r"[^\w.-]", "_", urlsplit(url).netloc)
        return os.path.join(self.root, host, key[:2], key[2:])

    def read(self, url: str, accept: str) -> CachedBody | None:
        """The stored answer, or None when there is none that is whole."""
        try:
            with open(self._path(url, accept), "rb") as file:
                head = json.loads(file.readline())
                body = file.read()
        except (FileNotFoundError, ValueError):
            return None
        except OSError as error:
            raise os_error(error, "read") from error
        if not isinstance(head, dict) or head.get("url") != url or head.get("size") != len(body):
            return None
        if hashlib.sha256(body).hexdigest() != head.get("sha256"):
            return None
        return CachedBody(body, head)

    def write(self, url: str, accept: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Stores an answer; raises RegistryError ENOSPC and the like, leaving the old file as it was."""
        head = {
            "url": url,
            "size": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
            "etag": headers.get("etag"),
            "lastModified": headers.get("last-modified"),
            "contentType": headers.get("content-type"),
            "freshUntil": _fresh_until(headers),
        }
        path = self._path(url, accept)
        temporary = None
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".tmp-")
            with os.fdopen(handle, "wb") as file:
                file.write(json.dumps(head).encode() + b"\n")
                file.write(body)
            os.replace(temporary, path)
        except OSError as error:
            if temporary and os.path.exists(temporary):
                os.unlink(temporary)
            raise os_error(error, "write", path) from error

    def refresh(self, url: str, accept: str, cached: CachedBody, headers: Mapping[str, str]) -> None:
        """Notes that the server called the stored body still good (status 304)."""
        merged = {
            "etag": cached.etag,
            "last-modified": cached.last_modified,
            "content-type": cached.content_type,
        }
        merged.update(
            {
                key.lower(): value
                for key, value in headers.items()
                if key.lower() in ("etag", "last-modified", "cache-control")
            }
        )
        self.write(url, accept, cached.body, {key: value for key, value in merged.items() if value})


def _fresh_until(headers: Mapping[str, str]) -> float:
    control = headers.get("cache-control") or ""
    if "no-store" in control or "no-cache" in control:
        return 0.0
    found = re.search(r"max-age=(\d+)", control)
    return time.time() + int(found.group(1)) if found else 0.0


def decode(body: bytes, url: str, content_type: str) -> Packument:
    """Parses a body; RegistryError EJSONPARSE names the address when it is not a JSON object."""
    try:
        document = _split(body) or json.loads(body)
    except ValueError as error:
        raise RegistryError(
            "EJSONPARSE", f"Invalid response body while trying to fetch {url}: {error}", {"url": url}
        ) from error
    if not isinstance(document, dict):
        raise RegistryError(
            "EJSONPARSE", f"Invalid response body while trying to fetch {url}: not an object", {"url": url}
        )
    return Packument(document, abbreviated="vnd.npm.install-v1" in content_type)


def _split(body: bytes) -> dict[str, Any] | None:
    """The document with its versions unparsed; None for what is not of that form, or not JSON to msgspec.

    msgspec is stricter than JSON.parse, about halves of surrogate pairs; `json` has the last word then.
    """
    import msgspec

    try:
        fields = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
        versions = msgspec.json.decode(fields.pop("versions"), type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, KeyError):
        return None
    return {
        **{key: json.loads(bytes(value)) for key, value in fields.items()},
        "versions": _Versions(versions),
    }
