# SPDX-License-Identifier: Apache-2.0
"""Packages that come from no registry: folders, tarballs in files and at addresses, git repositories.

Each is brought into the store like any other; `manifest` is then read from what was stored. `resolved`
is the lock file's word for where a package came from, with absolute paths: ``file:/…/x.tgz``,
``https://…``, ``git+ssh://…#commit``.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from .archive import members
from .client import RegistryClient
from .errors import RegistryError, os_error
from .git import checkout, packed_files, resolve_commit
from .gitspec import GitSpec
from .integrity import Checker
from .manifest import normalize
from .reporter import Reporter
from .spec import Spec, local_path
from .store import Entry, Store
from .tarballs import fetch_entry

__all__ = ["Sources", "folder_manifest", "git_key"]


def folder_manifest(path: str) -> dict[str, Any]:
    """The normalised package.json of a folder; empty when there is none. Raises RegistryError EJSONPARSE."""
    from .packagefile import PackageFile

    return PackageFile.load(path).package


def git_key(resolved: str) -> str:
    """The key of a package from git: a commit names its content, so the digest of the name serves."""
    return "sha512-" + base64.b64encode(hashlib.sha512(resolved.encode()).digest()).decode("ascii")


class Sources:
    """Finds and stores what registry specs do not cover, each thing once."""

    def __init__(self, client: RegistryClient, store: Store, reporter: Reporter) -> None:
        self._client = client
        self._store = store
        self._reporter = reporter
        self._manifests: dict[str, dict[str, Any]] = {}
        self._entries: dict[str, Entry] = {}

    def manifest(self, spec: Spec, base: str) -> dict[str, Any]:
        """The package.json behind a file, remote or git spec, with ``_resolved`` and ``_integrity``.

        Raises RegistryError: ENOENT for a missing file, the registry's codes, git's exit code.
        """
        key = f"{spec.type} {spec.raw} {base if spec.type == 'file' else ''}"
        found = self._manifests.get(key)
        if found is None:
            resolved = self._resolve(spec, base)
            entry = self.entry(resolved, None, str(spec))
            found = self._read(entry, str(spec))
            found["_resolved"] = resolved
            if spec.type != "git":
                found["_integrity"] = entry.integrity
            self._manifests[key] = found
        return dict(found)

    def _resolve(self, spec: Spec, base: str) -> str:
        if spec.type == "file":
            return f"file:{local_path(spec.raw, base)}"
        if spec.type == "remote":
            return spec.fetch_spec
        wanted = GitSpec.parse(spec.fetch_spec)
        return f"{wanted.repository}#{resolve_commit(wanted, offline=self._client.config.offline)}"

    def entry(self, resolved: str, integrity: str | None, pkgid: str) -> Entry:
        """What the store holds for `resolved`, fetched when it is not there."""
        found = self._entries.get(resolved)
        if found is None:
            if resolved.startswith("file:"):
                found = self._from_file(resolved[5:], integrity, pkgid)
            elif resolved.startswith(("git+", "git:")):
                found = self._from_git(resolved)
            else:
                known = self._store.entry(integrity) if integrity else None
                found = known or fetch_entry(
                    self._client, self._store, resolved, integrity, pkgid, self._reporter
                )
            self._entries[resolved] = found
        return found

    def _from_file(self, path: str, integrity: str | None, pkgid: str) -> Entry:
        try:
            with open(path, "rb") as file:
                checker = Checker(integrity)
                while chunk := file.read(1 << 20):
                    checker.update(chunk)
                computed = checker.verify(pkgid)
                known = self._store.entry(computed)
                if known is not None:
                    return known
                file.seek(0)
                return self._store.add(
                    members(file, pkgid, lambda code, text: self._reporter.warn("tar", f"{code} {text}")),
                    integrity or computed,
                    pkgid,
                )
        except OSError as error:
            raise os_error(error, "open", path) from error

    def _from_git(self, resolved: str) -> Entry:
        key = git_key(resolved)
        known = self._store.entry(key)
        if known is not None:
            return known
        wanted = GitSpec.parse(resolved)
        if self._client.config.offline:
            raise RegistryError("ENOTCACHED", f"{resolved} is not in the store", {"pkgid": resolved})
        with checkout(wanted, wanted.committish) as folder:
            package = folder_manifest(folder)
            prepare = (package.get("scripts") or {}).get("prepare")
            if prepare:
                self._reporter.warn("git", f"{resolved} has a `prepare` script, which was not run")
            return self._store.add(packed_files(folder, package), key, resolved)

    def _read(self, entry: Entry, pkgid: str) -> dict[str, Any]:
        key = next((key for path, key, _size in entry.files if path == "package.json"), None)
        if key is None:
            raise RegistryError("ENOENT", f"Could not read package.json: {pkgid} has none", {"pkgid": pkgid})
        try:
            with open(self._store.content_path(key), encoding="utf-8-sig") as file:
                return normalize(json.load(file))
        except ValueError as error:
            raise RegistryError(
                "EJSONPARSE", f"Invalid package.json: JSONParseError: {error}", {"pkgid": pkgid}
            ) from error
