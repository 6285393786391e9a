# SPDX-License-Identifier: Apache-2.0
"""Directory primitives of `fs`: listing, making, removing and copying whole entries.

Apart from `fs`, so that running a script that only reads files does not load them.
"""

from __future__ import annotations

import errno
import os
import stat as stat_bits

from ..engine.errors import system_error
from .fs import Operations, decode_path, encode_path, submitter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .fs import Path

    Names = list[str | bytes]

__all__ = ["binding"]


_COPY_CHUNK = 1 << 30
_COPYFILE_EXCL, _COPYFILE_FICLONE, _COPYFILE_FICLONE_FORCE = 1, 2, 4
_FICLONE = 0x40049409  # ioctl request, linux/fs.h
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

# Kinds of directory entries, as libuv numbers them (UV_DIRENT_*).
_KINDS = {
    stat_bits.S_IFREG: 1,
    stat_bits.S_IFDIR: 2,
    stat_bits.S_IFLNK: 3,
    stat_bits.S_IFIFO: 4,
    stat_bits.S_IFSOCK: 5,
    stat_bits.S_IFCHR: 6,
    stat_bits.S_IFBLK: 7,
}

OPERATIONS = Operations()


def _named(name: bytes, raw: bool) -> str | bytes:
    return name if raw else name.decode("utf-8", "replace")


def _kind(entry: os.DirEntry[bytes]) -> int:
    """An entry's kind; the three common ones cost no system call."""
    if entry.is_symlink():
        return 3
    if entry.is_dir(follow_symlinks=False):
        return 2
    if entry.is_file(follow_symlinks=False):
        return 1
    return _KINDS.get(stat_bits.S_IFMT(entry.stat(follow_symlinks=False).st_mode), 0)


@OPERATIONS.add("readdir", "scandir", 1)
def _readdir(path: Path, raw: bool = False) -> Names:
    """The names in a directory, in the order of their bytes (as libuv's scandir)."""
    return [_named(name, raw) for name in sorted(os.listdir(encode_path(path)))]


@OPERATIONS.add("readdirKinds", "scandir", 1)
def _readdir_kinds(path: Path, raw: bool = False) -> list[Any]:
    """Two lists, the names in a directory and the kinds of what they name."""
    with os.scandir(encode_path(path)) as entries:
        found = sorted((entry.name, _kind(entry)) for entry in entries)
    return [[_named(name, raw) for name, _ in found], [kind for _, kind in found]]


@OPERATIONS.add("opendir", "opendir", 1)
def _opendir(path: Path, raw: bool = False) -> list[Any]:
    return _readdir_kinds(path, raw)


@OPERATIONS.add("mkdir", "mkdir", 1)
def _mkdir(path: Path, mode: int) -> None:
    os.mkdir(encode_path(path), mode)


@OPERATIONS.add("mkdirRecursive", "mkdir", 1)
def _mkdir_recursive(path: Path, mode: int) -> str | None:
    """Make a directory and its missing parents: the first one made, or None when all were there."""
    name = encode_path(path)
    missing = []
    while True:
        try:
            os.mkdir(name, mode)
            break
        except FileNotFoundError:
            parent = os.path.dirname(name.rstrip(b"/"))
            if not parent or parent == name:
                raise
            missing.append(name)
            name = parent
        except FileExistsError:
            if os.path.isdir(name):
                if not missing:
                    return None
                name = b""
                break
            if missing:  # a file in the middle of the path
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from None
            raise
    first = name or missing[-1]
    for descendant in reversed(missing):
        try:
            os.mkdir(descendant, mode)
        except FileExistsError:  # `a/b/..` and a directory that somebody else made first are both fine
            if not os.path.isdir(descendant):
                raise
    return decode_path(first)


def _mkdtemp(prefix: Path, raw: bool = False) -> str | bytes:
    """A new directory, private to the user, at the prefix and six random letters."""
    start = encode_path(prefix)
    while True:
        letters = "".join(_LETTERS[byte % len(_LETTERS)] for byte in os.urandom(6))
        name = start + letters.encode()
        try:
            os.mkdir(name, 0o700)
        except FileExistsError:
            continue
        except OSError as err:
            raise system_error(err, "mkdtemp", decode_path(start) + "XXXXXX") from None
        return _named(name, raw)


OPERATIONS["mkdtemp"] = _mkdtemp


@OPERATIONS.add("rmdir", "rmdir", 1)
def _rmdir(path: Path) -> None:
    os.rmdir(encode_path(path))


def _remove(root: bytes) -> None:
    """Without recursion: a tree may be deeper than the stack. A directory goes when it is found empty."""
    if not stat_bits.S_ISDIR(os.lstat(root).st_mode):
        os.unlink(root)
        return
    pending = [root]
    while pending:
        inner = []
        with os.scandir(pending[-1]) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    inner.append(entry.path)
                else:
                    os.unlink(entry.path)
        if inner:
            pending.extend(inner)
        else:
            os.rmdir(pending.pop())


@OPERATIONS.add("removeTree", "rm", 1)
def _remove_tree(path: Path) -> None:
    """Remove whatever has this name, with all that is in it; links are removed, never followed."""
    _remove(encode_path(path))


def _clone(source: int, target: int) -> bool:
    import fcntl

    try:
        fcntl.ioctl(target, _FICLONE, source)
    except OSError as err:
        if err.errno in (errno.EOPNOTSUPP, errno.ENOTTY, errno.EXDEV, errno.EINVAL):
            return False
        raise
    return True


def _copy_bytes(source: int, target: int, size: int, flags: int) -> None:
    if flags & (_COPYFILE_FICLONE | _COPYFILE_FICLONE_FORCE):
        if _clone(source, target):
            return
        if flags & _COPYFILE_FICLONE_FORCE:
            raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))
    while size > 0:
        sent = os.sendfile(target, source, None, min(size, _COPY_CHUNK))
        if not sent:
            return
        size -= sent


@OPERATIONS.add("copyFile", "copyfile", 2)
def _copy_file(source: Path, target: Path, flags: int) -> None:
    """Copy bytes and mode; a target that could not be completed is removed again, as libuv does."""
    source_name, target_name = encode_path(source), encode_path(target)
    from_descriptor = os.open(source_name, os.O_RDONLY)
    try:
        status = os.fstat(from_descriptor)
        if stat_bits.S_ISDIR(status.st_mode):
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
        exclusive = os.O_EXCL if flags & _COPYFILE_EXCL else 0
        to_descriptor = os.open(target_name, os.O_WRONLY | os.O_CREAT | exclusive, status.st_mode & 0o777)
        try:
            existing = os.fstat(to_descriptor)
            if (existing.st_dev, existing.st_ino) == (status.st_dev, status.st_ino):
                return
            os.ftruncate(to_descriptor, 0)
            os.fchmod(to_descriptor, stat_bits.S_IMODE(status.st_mode))
            _copy_bytes(from_descriptor, to_descriptor, status.st_size, flags)
        except OSError:
            os.unlink(target_name)
            raise
        finally:
            os.close(to_descriptor)
    finally:
        os.close(from_descriptor)


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('fs_tree')`."""
    return {**OPERATIONS, "submit": submitter(isolate, OPERATIONS)}
