# SPDX-License-Identifier: Apache-2.0
"""File system primitives behind the JavaScript module `fs`: those that programs call seldom.

The frequent ones (open, read, write, stat, whole files) are C, in `node/src/files.c`.
Every primitive takes paths as `str` or as a buffer of bytes, numbers as in Node (descriptors, modes,
flags), and raises a system error with Node's `syscall`, `path` and `dest`. They are plain functions, so
that `submit` can run the same one on the thread pool. Directory trees are in `fs_tree`.
"""

from __future__ import annotations

import os
import stat as stat_bits

from ..engine.errors import system_error

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

# -- descriptors


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


def _is_unnamed(name: bytes) -> bool:
    """Whether this is a pipe or socket that a link leads to, as in /dev/stdin: no name leads to it."""
    try:
        mode = os.stat(name).st_mode
    except OSError:
        return False
    return stat_bits.S_ISFIFO(mode) or stat_bits.S_ISSOCK(mode)


def _realpath(path: Path, raw: bool = False) -> str | bytes:
    """Resolve every link, component by component; the error names the component that `lstat` failed on."""
    name = encode_path(path)
    try:
        resolved = os.path.realpath(name, strict=True)
    except OSError as err:
        if not _is_unnamed(name):
            raise system_error(err, "lstat", decode_path(err.filename)) from None
        resolved = os.path.realpath(name)
    return resolved if raw else decode_path(resolved)


@OPERATIONS.add("realpathNative", "realpath", 1)
def _realpath_native(path: Path, raw: bool = False) -> str | bytes:
    resolved = os.path.realpath(encode_path(path), strict=True)
    return resolved if raw else decode_path(resolved)


OPERATIONS["realpath"] = _realpath
OPERATIONS["realpathNow"] = _realpath  # of the synchronous form, which Node lets everybody ask


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('fs')`."""
    return {**OPERATIONS, "submit": submitter(isolate, OPERATIONS)}
