# SPDX-License-Identifier: Apache-2.0
"""The content-addressed store: files by sha512, one index entry for each tarball.

    content-v1/sha512/ab/cdef...      a file; with ``-x`` appended, the executable twin
    index-v1/sha512/ab/cdef...        what a tarball of that integrity unpacks to
    .../.tmp-*                        unfinished files, beside their place

A content file is written once and then never changed. The last thing it gets is its seal, a fixed
modification time: a file that its writer did not finish has none. Packages are hard links to these files,
so a program that writes through a link breaks the seal, and `link` notices with one `stat`. An index
line begins with the digest of the rest, so a torn line counts as absent. Nothing is synced to disk: after
a power cut a file may be short, which the recorded size tells.
"""

from __future__ import annotations

import errno
import hashlib
import itertools
import json
import os
import shutil
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

from .disk import is_whole, link_files, write_files
from .errors import os_error
from .integrity import hex_digest
from .manifest import normalize

__all__ = ["Entry", "Store"]

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
    """One folder, shared by any number of threads and processes."""

    def __init__(self, root: str) -> None:
        self.root = os.path.abspath(root)
        self._content = os.path.join(self.root, _CONTENT)
        self._serial = itertools.count()
        self._prefix = f"{os.getpid():x}-{os.urandom(4).hex()}"
        self._shards: set[str] = set()

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

    def put(self, contents: Iterable[tuple[Any, bool]]) -> list[str]:
        """Stores each (bytes, executable) and gives their keys. Raises RegistryError with the OS code."""
        pairs = [(_key(data, executable), data, executable) for data, executable in contents]
        files = {key: (f"{key[:2]}/{key[2:]}", data, executable) for key, data, executable in pairs}
        try:
            write_files(self._content, f"{self._prefix}-{next(self._serial):x}", list(files.values()))
        except OSError as error:
            raise os_error(error, "write", error.filename) from error
        return [key for key, _data, _executable in pairs]

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
        found = {path: (data, executable) for path, executable, data in members}
        manifest = _read_manifest(found["package.json"][0]) if "package.json" in found else {}
        _fix_bins(manifest, found)
        kept = _without_clashes(found)
        keys = self.put(kept.values())
        files = [(path, key, len(kept[path][0])) for path, key in zip(kept, keys, strict=True)]
        package = {name: manifest[name] for name in _KEPT if name in manifest}
        entry = Entry(integrity, files, package)
        self._write_index(entry)
        return entry

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
            if not is_whole(path, size):
                _discard(path)
        _discard(self._index_path(integrity))

    def link(self, entry: Entry, folder: str) -> bool:
        """Puts a package into the new folder `folder` by hard links (copies across file systems).

        False means that a stored file is missing or was altered: nothing more is linked, and the caller
        should `forget` the entry and fetch the tarball again. Raises RegistryError with the OS code.
        """
        files = [(path, f"{key[:2]}/{key[2:]}", size) for path, key, size in entry.files]
        try:
            os.makedirs(folder, exist_ok=True)
            try:
                return link_files(self._content, folder, files) == len(files)
            except OSError as error:
                if error.errno not in _CANNOT_LINK:
                    raise
            return self._copy(files, folder)
        except OSError as error:
            raise os_error(error, "link") from error

    def _copy(self, files: list[tuple[str, str, int]], folder: str) -> bool:
        """`link` for what is not linked yet, by copying."""
        for path, source, size in files:
            if not is_whole(f"{self._content}/{source}", size):
                return False
            target = f"{folder}/{path}"
            if not os.path.exists(target):
                os.makedirs(os.path.dirname(target), exist_ok=True)
                shutil.copy(f"{self._content}/{source}", target)
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


def _key(data: Any, executable: bool) -> str:
    return hashlib.sha512(data).hexdigest() + ("-x" if executable else "")


def _read_manifest(data: Any) -> dict[str, Any]:
    try:
        manifest = json.loads(bytes(data).decode("utf-8-sig"))
    except ValueError:
        return {}  # npm installs such a package too, and fails when something reads the file
    return normalize(manifest) if isinstance(manifest, dict) else {}


def _fix_bins(manifest: dict[str, Any], files: dict[str, tuple[Any, bool]]) -> None:
    """A package's commands are executable, and their first line ends like a Unix line (bin-links)."""
    for path in (manifest.get("bin") or {}).values():
        if path not in files:
            continue
        data, _executable = files[path]
        if data[:2] == b"#!":
            line, newline, rest = bytes(data).partition(b"\n")
            if line.endswith(b"\r"):
                data = line[:-1] + newline + rest
        files[path] = (data, True)


def _without_clashes(files: dict[str, tuple[Any, bool]]) -> dict[str, tuple[Any, bool]]:
    """Drops a file whose path another file needs as a folder (only a hostile tarball has both)."""
    folders = set()
    for path in files:
        while "/" in path:
            path = path.rpartition("/")[0]
            if path in folders:
                break
            folders.add(path)
    return {path: value for path, value in files.items() if path not in folders}


def _discard(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
