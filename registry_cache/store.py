# SPDX-License-Identifier: Apache-2.0
"""The content-addressed store: files by sha512, one index entry for each tarball.

    content-v1/sha512/ab/cdef...      a file; with ``-x`` appended, the executable twin
    index-v1/sha512/ab/cdef...        what a tarball of that integrity unpacks to
    .../.tmp-*                        unfinished files, beside their place

A content file is written under a temporary name in its own folder (a rename between folders takes a
lock of the whole file system), then renamed, then never changed. All carry one fixed
modification time: packages are hard links to these files, so a program that writes through a link
changes the time, and `link` notices with one `stat`. An index line begins with the digest of the
rest, so a torn line counts as absent. Nothing is synced to disk: after a power cut a file may be
short, which the recorded size tells.
"""

from __future__ import annotations

import errno
import hashlib
import itertools
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

from .errors import os_error
from .integrity import hex_digest
from .manifest import normalize

__all__ = ["SEAL", "Entry", "Store"]

SEAL = 499_162_500_000_000_000
"""The modification time of every stored file, nanoseconds: 1985-10-26T08:15Z, as in npm's tarballs."""

_CONTENT = os.path.join("content-v1", "sha512")
_INDEX = "index-v1"
_KEPT = ("name", "version", "license", "funding", "bin", "hasInstallScript", "bundleDependencies")
_CANNOT_LINK = (errno.EXDEV, errno.EMLINK, errno.EPERM, errno.ENOTSUP)


class Entry:
    """What one tarball unpacks to: `files` as (path, content key, size), and parts of its package.json."""

    __slots__ = ("files", "integrity", "package")

    def __init__(self, integrity: str, files: list[tuple[str, str, int]], package: dict[str, Any]) -> None:
        self.integrity = integrity
        self.files = files
        self.package = package

    @property
    def size(self) -> int:
        """Bytes unpacked."""
        return sum(size for _path, _key, size in self.files)


class Store:
    """One folder, shared by any number of threads and processes.

    `write_file` is the seam for fault injection: every content byte passes through it.
    """

    def __init__(self, root: str) -> None:
        self.root = os.path.abspath(root)
        self._content = os.path.join(self.root, _CONTENT)
        self._serial = itertools.count()
        self._prefix = f"{os.getpid():x}-{os.urandom(4).hex()}"
        self._shards: set[str] = set()
        self._written: set[str] = set()
        self._lock = threading.Lock()

    def _shard(self, folder: str) -> None:
        if folder not in self._shards:
            os.makedirs(folder, exist_ok=True)
            self._shards.add(folder)

    def _temporary(self, path: str) -> str:
        """A fresh name in the folder of `path`, which is made when it is not there."""
        folder = path[: path.rfind(os.sep)]
        self._shard(folder)
        return f"{folder}{os.sep}.tmp-{self._prefix}-{next(self._serial):x}"

    def content_path(self, key: str) -> str:
        """Where the content `key` (hex digest, maybe with ``-x``) lives."""
        return f"{self._content}/{key[:2]}/{key[2:]}"

    def _index_path(self, integrity: str) -> str:
        algorithm, digest = hex_digest(integrity)
        return os.path.join(self.root, _INDEX, algorithm, digest[:2], digest[2:])

    @staticmethod
    def write_file(path: str, data: bytes, mode: int) -> None:
        """Writes a new sealed file."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            view = data
            while view:
                view = view[os.write(descriptor, view) :]
            os.utime(descriptor, ns=(SEAL, SEAL))
        finally:
            os.close(descriptor)

    def put(self, data: bytes, executable: bool) -> str:
        """Stores one content and gives its key. Raises RegistryError with the OS code (ENOSPC ...)."""
        key = hashlib.sha512(data).hexdigest() + ("-x" if executable else "")
        if key in self._written:
            return key
        path = self.content_path(key)
        temporary = ""
        try:
            if not self._whole(path, len(data)):
                temporary = self._temporary(path)
                self.write_file(temporary, data, 0o755 if executable else 0o644)
                os.rename(temporary, path)
        except OSError as error:
            if temporary:
                _discard(temporary)
            raise os_error(error, "write", path) from error
        self._written.add(key)
        return key

    @staticmethod
    def _whole(path: str, size: int) -> bool:
        try:
            found = os.stat(path)
        except FileNotFoundError:
            return False
        return found.st_mtime_ns == SEAL and found.st_size == size

    def entry(self, integrity: str) -> Entry | None:
        """The index entry of a tarball, or None when there is none that is whole."""
        try:
            with open(self._index_path(integrity), "rb") as file:
                line = file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise os_error(error, "read") from error
        digest, tab, text = line.partition(b"\t")
        if not tab or hashlib.sha1(text).hexdigest().encode() != digest:
            return None
        record = json.loads(text)
        return Entry(record["integrity"], record["files"], record["package"])

    def add(self, members: Iterable[Any], integrity: str, pkgid: str) -> Entry:
        """Stores the files of a verified tarball and its index entry; the entry is the last thing written."""
        keys: dict[str, tuple[str, int]] = {}
        manifest: dict[str, Any] = {}
        loose: dict[str, bytes] = {}
        for path, executable, data in members:
            keys[path] = (self.put(data, executable), len(data))
            if path == "package.json":
                manifest = _read_manifest(data)
            elif data[:2] == b"#!":
                loose[path] = data
        self._fix_bins(manifest, keys, loose)
        files = [(path, key, size) for path, (key, size) in _without_clashes(keys).items()]
        package = {name: manifest[name] for name in _KEPT if name in manifest}
        entry = Entry(integrity, files, package)
        self._write_index(entry)
        return entry

    def _fix_bins(
        self, manifest: dict[str, Any], keys: dict[str, tuple[str, int]], scripts: dict[str, bytes]
    ) -> None:
        """A package's commands are executable, and their first line ends like a Unix line (bin-links)."""
        for path in (manifest.get("bin") or {}).values():
            if path not in keys:
                continue
            key, size = keys[path]
            data = scripts.get(path)
            if data is not None:
                line, newline, rest = data.partition(b"\n")
                if line.endswith(b"\r"):
                    data = line[:-1] + newline + rest
                    keys[path] = (self.put(data, True), len(data))
                    continue
            if not key.endswith("-x"):
                if data is None:
                    with open(self.content_path(key), "rb") as file:
                        data = file.read()
                keys[path] = (self.put(data, True), size)

    def _write_index(self, entry: Entry) -> None:
        path = self._index_path(entry.integrity)
        record = {"integrity": entry.integrity, "package": entry.package, "files": entry.files}
        text = json.dumps(record, separators=(",", ":")).encode()
        temporary = ""
        try:
            temporary = self._temporary(path)
            with open(temporary, "wb") as file:
                file.write(hashlib.sha1(text).hexdigest().encode() + b"\t" + text)
            os.replace(temporary, path)
        except OSError as error:
            if temporary:
                _discard(temporary)
            raise os_error(error, "write", path) from error

    def forget(self, integrity: str) -> None:
        """Drops an index entry and those of its files that are damaged, so that it is fetched again."""
        entry = self.entry(integrity)
        for _path, key, size in entry.files if entry else ():
            path = self.content_path(key)
            if not self._whole(path, size):
                self._written.discard(key)
                _discard(path)
        _discard(self._index_path(integrity))

    def link(self, entry: Entry, folder: str, made: set[str]) -> bool:
        """Puts a package into `folder` by hard links (copies across file systems).

        `made` remembers folders that exist. False means that a stored file is missing or was altered:
        nothing more is linked, and the caller should `forget` the entry and fetch the tarball again.
        Raises RegistryError with the OS code.
        """
        content, stat, link = self._content, os.stat, os.link
        try:
            if folder not in made:
                os.makedirs(folder, exist_ok=True)
                made.add(folder)
            for path, key, size in entry.files:
                slash = path.rfind("/")
                target = f"{folder}/{path}"
                if slash > 0:
                    parent = f"{folder}/{path[:slash]}"
                    if parent not in made:
                        _make_folders(parent, made)
                source = f"{content}/{key[:2]}/{key[2:]}"
                try:
                    found = stat(source)
                except FileNotFoundError:
                    return False
                if found.st_mtime_ns != SEAL or found.st_size != size:
                    return False
                try:
                    link(source, target)
                except OSError as error:
                    if error.errno not in _CANNOT_LINK:
                        raise
                    shutil.copy(source, target)
        except OSError as error:
            raise os_error(error, "link") from error
        return True

    def receive(self, chunks: Iterable[bytes], update: Callable[[bytes], None]) -> BinaryIO:
        """Spools a download into an unnamed file of the store (in memory while small), hashing on the way."""
        import tempfile

        try:
            self._shard(self.root)
        except OSError as error:
            raise os_error(error, "mkdir", self.root) from error
        spool = tempfile.SpooledTemporaryFile(max_size=16 << 20, dir=self.root)  # noqa: SIM115
        try:
            for chunk in chunks:
                update(chunk)
                spool.write(chunk)
            spool.seek(0)
        except OSError as error:
            spool.close()
            raise os_error(error, "write", self.root) from error
        except BaseException:
            spool.close()
            raise
        return spool  # type: ignore[return-value]


def _read_manifest(data: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(data.decode("utf-8-sig"))
    except ValueError:
        return {}  # npm installs such a package too, and fails when something reads the file
    return normalize(manifest) if isinstance(manifest, dict) else {}


def _without_clashes(keys: dict[str, tuple[str, int]]) -> dict[str, tuple[str, int]]:
    """Drops a file whose path another file needs as a folder (only a hostile tarball has both)."""
    folders = set()
    for path in keys:
        while "/" in path:
            path = path.rpartition("/")[0]
            if path in folders:
                break
            folders.add(path)
    return {path: value for path, value in keys.items() if path not in folders}


def _make_folders(path: str, made: set[str]) -> None:
    parent = path.rpartition("/")[0]
    if parent and parent not in made:
        _make_folders(parent, made)
    try:
        os.mkdir(path)
    except FileExistsError:
        if not os.path.isdir(path):
            raise
    made.add(path)


def _discard(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
