# SPDX-License-Identifier: Apache-2.0
"""Asking the registry ahead of need: while the tree is built step by step, all answers are on their way."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import Any

from .client import RegistryClient
from .errors import RegistryError
from .packument import Packument
from .spec import resolve

__all__ = ["Crawler"]


class Crawler:
    """Fetches packuments ahead of the builder, following dependencies as versions become known."""

    def __init__(self, client: RegistryClient, *, peers: bool = True) -> None:
        self._client = client
        self._keys = ("dependencies", "optionalDependencies", "peerDependencies")[: 3 if peers else 2]
        self._seen: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def want(self, name: str, raw: str) -> None:
        """Starts fetching what ``name: raw`` needs; errors are left for the builder to meet."""
        with self._lock:
            if (name, raw) in self._seen:
                return
            self._seen.add((name, raw))
        try:
            spec = resolve(name, raw).registry
        except RegistryError:
            return  # the builder will raise it, in its place in the tree
        if spec.type in ("version", "range", "tag"):
            self._client.request(spec.name).add_done_callback(lambda done: self._arrived(done, spec))

    def _arrived(self, done: Future[Packument], spec: Any) -> None:
        if done.cancelled() or done.exception() is not None:
            return
        packument = done.result()
        try:
            manifest = packument.manifest(self._client.pick(packument.document, spec))
        except RegistryError:
            return  # as above
        self.follow(manifest)

    def follow(self, manifest: dict[str, Any]) -> None:
        """Starts fetching the dependencies of a manifest."""
        meta = manifest.get("peerDependenciesMeta") or {}
        for key in self._keys:
            for name, raw in (manifest.get(key) or {}).items():
                if key != "peerDependencies" or not (meta.get(name) or {}).get("optional"):
                    self.want(name, raw)
