# SPDX-License-Identifier: Apache-2.0
"""Writing and linking the files of a package, all in one call.

Installed, the loops are C (src/disk.c), which does not hold the interpreter's lock: many packages are
unpacked and linked at once. The build of edgejs, which fetches packages before there is a core, runs this
folder alone, and the same loops in Python.
"""

from __future__ import annotations

import contextlib
import os
from array import array
from collections.abc import Sequence
from typing import Any

__all__ = ["SEAL", "is_whole", "link_files", "write_files"]

SEAL = 499_162_500_000_000_000
"""The modification time of every stored file, nanoseconds: 1985-10-26T08:15Z, as in npm's tarballs."""


def is_whole(path: str, size: int) -> bool:
    """Is this a stored file that nobody altered?"""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return False
    return found.st_mtime_ns == SEAL and found.st_size == size


def write_files(root: str, prefix: str, files: Sequence[tuple[str, Any, bool]]) -> None:
    """Writes (path below `root`, bytes, executable) each, sealed, unless that very file is there.

    A process that dies leaves at most a file without its seal, which the next writer replaces. Temporary
    names are made of `prefix`, which no two calls share. Raises OSError; a file that failed is gone.
    """
    if "." not in (__package__ or ""):
        for path, data, executable in files:
            _write(f"{root}/{path}", prefix, data, 0o755 if executable else 0o644)
        return
    from ..engine.ffi import ffi, lib

    buffers = [ffi.from_buffer(data) for _path, data, _executable in files]
    failed = ffi.new("int *")
    done = lib.ej_disk_write(
        os.fsencode(root),
        prefix.encode(),
        _joined([path for path, _data, _executable in files]),
        ffi.new("char *[]", buffers),
        ffi.from_buffer("uint64_t[]", array("Q", map(len, buffers))),
        bytes(executable for _path, _data, executable in files),
        len(files),
        SEAL,
        failed,
    )
    if failed[0]:
        raise OSError(failed[0], os.strerror(failed[0]), f"{root}/{files[done][0]}")


def link_files(root: str, folder: str, files: Sequence[tuple[str, str, int]]) -> int:
    """Links (path below `folder`, path below `root`, size) each, making folders.

    Gives how many it did: it stops at a file of `root` that is not whole. Raises OSError, whose `filename` is
    that of the link.
    """
    if "." not in (__package__ or ""):
        return _link(root, folder, files)
    from ..engine.ffi import ffi, lib

    failed = ffi.new("int *")
    done: int = lib.ej_disk_link(
        os.fsencode(root),
        os.fsencode(folder),
        _joined([name for path, source, _size in files for name in (source, path)]),
        ffi.from_buffer("uint64_t[]", array("Q", [size for _path, _source, size in files])),
        len(files),
        SEAL,
        failed,
    )
    if failed[0]:
        raise OSError(failed[0], os.strerror(failed[0]), f"{folder}/{files[done][0]}")
    return done


def _joined(names: list[str]) -> bytes:
    """The names as C reads them: each with a zero at its end."""
    return os.fsencode("\0".join(names))


def _write(path: str, prefix: str, data: Any, mode: int) -> None:
    if is_whole(path, len(data)):
        return
    folder, name = os.path.split(path)
    os.makedirs(folder, exist_ok=True)
    temporary = f"{folder}/.tmp-{prefix}-{name}"
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
        os.utime(temporary, ns=(SEAL, SEAL))
        os.rename(temporary, path)
    except OSError:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def _link(root: str, folder: str, files: Sequence[tuple[str, str, int]]) -> int:
    for done, (path, source, size) in enumerate(files):
        if not is_whole(f"{root}/{source}", size):
            return done
        target = f"{folder}/{path}"
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.link(f"{root}/{source}", target)
    return len(files)
