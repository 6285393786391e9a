# SPDX-License-Identifier: Apache-2.0
"""File system primitives behind the JavaScript module `fs`, and the loader's fast path.

Every primitive takes paths as `str` or as a buffer of bytes, numbers as in Node (descriptors, modes,
flags), and raises a system error with Node's `syscall`, `path` and `dest`. They are plain functions, so
that `submit` can run the same one on the thread pool. Directory trees are in `fs_tree`.
"""

from __future__ import annotations

import errno
import os
import stat as stat_bits
from struct import Struct

from ..engine.errors import system_error
from ..engine.values import JSBigInt

__all__ = ["Operations", "binding", "decode_path", "encode_path", "submitter"]

TYPE_CHECKING = False  # every program imports this module, and typing costs more than all else in it
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    Path = str | bytes | bytearray | memoryview
    Function = TypeVar("Function", bound=Callable[..., Any])
    Table = dict[str, Callable[..., Any]]
else:
    Table = dict

_CHUNK = 512 * 1024
_pack_stats = Struct("=14d").pack


def encode_path(path: Path) -> bytes:
    """JavaScript strings name files in UTF-8, whatever Python's own file system encoding is."""
    return path.encode("utf-8", "surrogatepass") if isinstance(path, str) else bytes(path)


def decode_path(path: Path) -> str:
    return path if isinstance(path, str) else bytes(path).decode("utf-8", "replace")


class Operations(Table):
    """The primitives of one binding by their JavaScript names."""

    def add(self, name: str, syscall: str, paths: int = 0) -> Callable[[Function], Function]:
        """Register a function; an `OSError` of it names `syscall` and its first `paths` arguments."""

        def register(function: Function) -> Function:
            def call(*args: Any) -> Any:
                try:
                    return function(*args)
                except OSError as err:
                    raise system_error(err, syscall, *[decode_path(path) for path in args[:paths]]) from None

            self[name] = call
            return function

        return register


def submitter(isolate: Any, operations: Operations) -> Callable[..., Any]:
    """`submit(name, ...args)`: the primitive's result as a promise. Buffers are copied: they are lent."""

    def submit(name: str, *args: Any) -> Any:
        kept = [arg if isinstance(arg, (str, int, float, type(None))) else _keep(arg) for arg in args]
        return isolate.submit(operations[name], *kept)

    return submit


def _keep(arg: Any) -> Any:
    return arg if isinstance(arg, (list, dict)) else bytes(arg)


OPERATIONS = Operations()

# -- whole files


def _read_all(descriptor: int) -> bytes:
    """Read to the end. The size is only a hint: it is 0 in /proc, and may change meanwhile."""
    data = os.read(descriptor, (os.fstat(descriptor).st_size or _CHUNK) + 1)
    parts = []
    while data:
        parts.append(data)
        data = os.read(descriptor, _CHUNK)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _read_file(file: Path | int, flags: int = os.O_RDONLY) -> bytes:
    """The bytes of a path, or what is left to read of an open descriptor (which stays open)."""
    if isinstance(file, int):
        descriptor = file
    else:
        try:
            descriptor = os.open(encode_path(file), flags, 0o666)
        except OSError as err:
            raise system_error(err, "open", decode_path(file)) from None
    try:
        return _read_all(descriptor)
    except OSError as err:
        raise system_error(err, "read") from None
    finally:
        if descriptor is not file:
            os.close(descriptor)


def _read_file_utf8(file: Path | int, flags: int = os.O_RDONLY) -> str:
    return _read_file(file, flags).decode("utf-8", "replace")


def _write_file(file: Path | int, data: Any, flags: int, mode: int, flush: bool) -> None:
    """Write `data` (text becomes UTF-8) to a path, or at the position of an open descriptor."""
    view = memoryview(data.encode("utf-8", "replace") if isinstance(data, str) else data)
    if isinstance(file, int):
        descriptor = file
    else:
        try:
            descriptor = os.open(encode_path(file), flags, mode)
        except OSError as err:
            raise system_error(err, "open", decode_path(file)) from None
    try:
        while view:
            view = view[os.write(descriptor, view) :]
        if flush:
            os.fsync(descriptor)
    except OSError as err:
        raise system_error(err, "write") from None
    finally:
        if descriptor is not file:
            os.close(descriptor)


OPERATIONS.update(readFile=_read_file, readFileUtf8=_read_file_utf8, writeFile=_write_file)

# -- descriptors


@OPERATIONS.add("open", "open", 1)
def _open(path: Path, flags: int, mode: int) -> int:
    return os.open(encode_path(path), flags, mode)


@OPERATIONS.add("close", "close")
def _close(descriptor: int) -> None:
    os.close(descriptor)


@OPERATIONS.add("read", "read")
def _read(descriptor: int, view: Any, offset: int, length: int, position: int | None) -> int:
    """Fill `view[offset:offset + length]` from `position`, or from the descriptor's own when that is None."""
    target = memoryview(view)[offset : offset + length]
    return os.readv(descriptor, [target]) if position is None else os.preadv(descriptor, [target], position)


@OPERATIONS.add("readBytes", "read")
def _read_bytes(descriptor: int, length: int, position: int | None) -> bytes:
    return os.read(descriptor, length) if position is None else os.pread(descriptor, length, position)


@OPERATIONS.add("write", "write")
def _write(descriptor: int, data: Any, offset: int, length: int, position: int | None) -> int:
    view = memoryview(data)[offset : offset + length]
    return os.write(descriptor, view) if position is None else os.pwrite(descriptor, view, position)


@OPERATIONS.add("ftruncate", "ftruncate")
def _ftruncate(descriptor: int, length: int) -> None:
    os.ftruncate(descriptor, length)


@OPERATIONS.add("fsync", "fsync")
def _fsync(descriptor: int) -> None:
    os.fsync(descriptor)


@OPERATIONS.add("fdatasync", "fdatasync")
def _fdatasync(descriptor: int) -> None:
    os.fdatasync(descriptor)


# -- metadata


def _milliseconds(nanoseconds: int) -> float:
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    return seconds * 1000 + rest / 1_000_000


def _stats(result: os.stat_result, big: bool) -> list[Any] | bytes:
    """dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks; time of access, content, change, birth.

    Packed doubles, times in milliseconds; or when `big` a list of BigInts, times in nanoseconds. Python tells
    no birth time on Linux: it is the change time, as in libuv on a kernel without statx.
    """
    times = [result.st_atime_ns, result.st_mtime_ns, result.st_ctime_ns, result.st_ctime_ns]
    head = [
        result.st_dev,
        result.st_mode,
        result.st_nlink,
        result.st_uid,
        result.st_gid,
        result.st_rdev,
        result.st_blksize,
        result.st_ino,
        result.st_size,
        result.st_blocks,
    ]
    if big:
        return [JSBigInt(number) for number in head + times]
    return _pack_stats(*head, *[_milliseconds(time) for time in times])


def _missing(err: OSError) -> bool:
    return err.errno in (errno.ENOENT, errno.ENOTDIR)


@OPERATIONS.add("stat", "stat", 1)
def _stat(path: Path, big: bool = False, must_exist: bool = True) -> list[Any] | bytes | None:
    try:
        return _stats(os.stat(encode_path(path)), big)
    except OSError as err:
        if must_exist or not _missing(err):
            raise
        return None


@OPERATIONS.add("lstat", "lstat", 1)
def _lstat(path: Path, big: bool = False, must_exist: bool = True) -> list[Any] | bytes | None:
    try:
        return _stats(os.lstat(encode_path(path)), big)
    except OSError as err:
        if must_exist or not _missing(err):
            raise
        return None


@OPERATIONS.add("fstat", "fstat")
def _fstat(descriptor: int, big: bool = False) -> list[Any] | bytes:
    return _stats(os.fstat(descriptor), big)


def _exists(path: Path) -> bool:
    return os.access(encode_path(path), os.F_OK)


def _internal_module_stat(path: str) -> int:
    """0 for a file, 1 for a directory, -2 for nothing there: what the module loader asks, as in Node."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):  # ValueError: a NUL character, which no file name has
        return -2
    return 1 if stat_bits.S_ISDIR(mode) else 0


OPERATIONS.update(exists=_exists, internalModuleStat=_internal_module_stat)


@OPERATIONS.add("access", "access", 1)
def _access(path: Path, mode: int) -> None:
    """Python's `os.access` tells no errno, so ask again for the reason of a refusal."""
    name = encode_path(path)
    if os.access(name, mode):
        return
    os.stat(name)
    read_only = mode & os.W_OK and os.statvfs(name).f_flag & os.ST_RDONLY
    reason = errno.EROFS if read_only else errno.EACCES
    raise OSError(reason, os.strerror(reason))


@OPERATIONS.add("chmod", "chmod", 1)
def _chmod(path: Path, mode: int) -> None:
    os.chmod(encode_path(path), mode)


@OPERATIONS.add("fchmod", "fchmod")
def _fchmod(descriptor: int, mode: int) -> None:
    os.fchmod(descriptor, mode)


@OPERATIONS.add("chown", "chown", 1)
def _chown(path: Path, user: int, group: int) -> None:
    os.chown(encode_path(path), user, group)


@OPERATIONS.add("lchown", "lchown", 1)
def _lchown(path: Path, user: int, group: int) -> None:
    os.lchown(encode_path(path), user, group)


@OPERATIONS.add("fchown", "fchown")
def _fchown(descriptor: int, user: int, group: int) -> None:
    os.fchown(descriptor, user, group)


def _nanoseconds(accessed: float, modified: float) -> tuple[int, int]:
    """Seconds to nanoseconds in two steps, as libuv does: a double holds no nanoseconds of today."""
    whole, rest = divmod(accessed, 1)
    whole_modified, rest_modified = divmod(modified, 1)
    billion = 1_000_000_000
    return int(whole) * billion + int(rest * billion), int(whole_modified) * billion + int(
        rest_modified * billion
    )


@OPERATIONS.add("utimes", "utime", 1)
def _utimes(path: Path, accessed: float, modified: float) -> None:
    os.utime(encode_path(path), ns=_nanoseconds(accessed, modified))


@OPERATIONS.add("lutimes", "lutime", 1)
def _lutimes(path: Path, accessed: float, modified: float) -> None:
    os.utime(encode_path(path), ns=_nanoseconds(accessed, modified), follow_symlinks=False)


@OPERATIONS.add("futimes", "futime")
def _futimes(descriptor: int, accessed: float, modified: float) -> None:
    os.utime(descriptor, ns=_nanoseconds(accessed, modified))


# -- names


@OPERATIONS.add("rename", "rename", 2)
def _rename(old: Path, new: Path) -> None:
    os.rename(encode_path(old), encode_path(new))


@OPERATIONS.add("unlink", "unlink", 1)
def _unlink(path: Path) -> None:
    os.unlink(encode_path(path))


@OPERATIONS.add("link", "link", 2)
def _link(existing: Path, new: Path) -> None:
    os.link(encode_path(existing), encode_path(new), follow_symlinks=False)


@OPERATIONS.add("symlink", "symlink", 2)
def _symlink(target: Path, path: Path) -> None:
    os.symlink(encode_path(target), encode_path(path))


@OPERATIONS.add("readlink", "readlink", 1)
def _readlink(path: Path, raw: bool = False) -> str | bytes:
    target = os.readlink(encode_path(path))
    return target if raw else decode_path(target)


def _realpath(path: Path, raw: bool = False) -> str | bytes:
    """Resolve every link, component by component; the error names the component that `lstat` failed on."""
    try:
        resolved = os.path.realpath(encode_path(path), strict=True)
    except OSError as err:
        raise system_error(err, "lstat", decode_path(err.filename)) from None
    return resolved if raw else decode_path(resolved)


@OPERATIONS.add("realpathNative", "realpath", 1)
def _realpath_native(path: Path, raw: bool = False) -> str | bytes:
    resolved = os.path.realpath(encode_path(path), strict=True)
    return resolved if raw else decode_path(resolved)


OPERATIONS["realpath"] = _realpath


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('fs')`."""
    return {**OPERATIONS, "submit": submitter(isolate, OPERATIONS)}
