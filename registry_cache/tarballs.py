# SPDX-License-Identifier: Apache-2.0
"""From a node of the tree to an entry of the store: download, verify, unpack, each tarball once."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from .archive import members
from .client import RegistryClient
from .errors import RegistryError
from .integrity import Checker
from .reporter import Reporter
from .spec import resolve
from .store import Entry, Store
from .tree import Node

__all__ = ["Tarballs", "fetch_entry"]

_NO_REGISTRY = ("file:", "git+", "git:")
_CORRUPT = frozenset({"EINTEGRITY", "Z_DATA_ERROR", "Z_BUF_ERROR", "TAR_BAD_ARCHIVE"})


def fetch_entry(
    client: RegistryClient, store: Store, url: str, integrity: str | None, pkgid: str, reporter: Reporter
) -> Entry:
    """Downloads a tarball, checks its digest, and only then unpacks it into the store.

    A corrupt download is tried once more, as pacote does. Raises EINTEGRITY, Z_*, TAR_BAD_ARCHIVE,
    EARCHIVELIMIT, the registry's codes and the OS's.
    """
    for last in (False, True):
        try:
            checker = Checker(integrity)
            response = client.tarball(url, pkgid)
            with client.working, store.receive(response.chunks(), checker.update) as spool:
                computed = checker.verify(pkgid)
                warn = functools.partial(_warn_entry, reporter, pkgid)
                return store.add(members(spool, pkgid, warn), integrity or computed, pkgid)
        except RegistryError as error:
            if last or error.code not in _CORRUPT:
                error.details.setdefault("pkgid", pkgid)
                raise
            reporter.warn(
                "tarball", f"tarball data for {pkgid} ({integrity}) seems to be corrupted. Trying again."
            )
        finally:
            reporter.answered(url)
    raise AssertionError("unreachable")


def _warn_entry(reporter: Reporter, pkgid: str, code: str, message: str) -> None:
    reporter.warn("tar", f"{code} {pkgid}: {message}")


def _key(node: Node) -> str:
    return node.integrity or node.resolved or f"{node.package_name}@{node.version}"


class Tarballs:
    """Entries for nodes, fetched on the client's threads; `other` fetches from files and repositories."""

    def __init__(
        self,
        client: RegistryClient,
        store: Store,
        reporter: Reporter,
        other: Callable[[str, str | None, str], Entry] | None = None,
    ) -> None:
        self._other = other
        self._client = client
        self._store = store
        self._reporter = reporter
        self._lock = threading.Lock()
        self._known: dict[str, Future[Entry]] = {}

    def start(self, node: Node) -> Future[Entry]:
        """The entry of `node`'s tarball, now or later; asking twice costs nothing."""
        key = _key(node)
        with self._lock:
            future = self._known.get(key)
            if future is not None:
                return future
            future = self._known[key] = Future()
        entry = self._store.entry(node.integrity) if node.integrity else None
        if entry is not None:
            future.set_result(entry)
            self._reporter.fetched(node.pkgid)
        else:
            name = node.package_name or node.name
            work = (future, self._settle, name, node.version, node.resolved, node.integrity, future)
            if node.resolved:
                self._client.settle_by(*work)
            else:
                # The packument says where the tarball is. Waiting for it on the pool would, with as many
                # packages as there are threads, leave none to fetch it.
                document = self._client.request(name)
                document.add_done_callback(lambda _: self._client.settle_by(*work))
        return future

    def again(self, node: Node) -> Future[Entry]:
        """Fetches anew what the store turned out to have lost."""
        if node.integrity:
            self._store.forget(node.integrity)
        with self._lock:
            self._known.pop(_key(node), None)
        return self.start(node)

    def _settle(
        self, name: str, version: str, resolved: str | None, integrity: str | None, future: Future[Any]
    ) -> None:
        try:
            pkgid = f"{name}@{version}"
            if resolved and resolved.startswith(_NO_REGISTRY) and self._other is not None:
                future.set_result(self._other(resolved, integrity, pkgid))
                return
            url = resolved or self._address(name, version)
            entry = fetch_entry(
                self._client,
                self._store,
                self._client.tarball_url(name, url),
                integrity,
                pkgid,
                self._reporter,
            )
            self._reporter.fetched(pkgid)
            future.set_result(entry)
        except BaseException as error:
            future.set_exception(error)

    def _address(self, name: str, version: str) -> str:
        """Where the tarball is, when the lock file does not say (``omit-lockfile-registry-resolved``)."""
        manifest = self._client.manifest(resolve(name, version))
        url = manifest.get("_resolved")
        if not url:
            raise RegistryError(
                "ENOTARBALL",
                "Invalid package manifest: no `dist.tarball` field",
                {"pkgid": f"{name}@{version}"},
            )
        return str(url)
