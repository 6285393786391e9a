# SPDX-License-Identifier: Apache-2.0
"""Reading an npm tarball that may be hostile.

The rules are pacote's: the first path component is dropped, links and devices are skipped, modes come
down to "executable or not", a ``.gitignore`` is renamed unless an ``.npmignore`` is there. Paths with
``..`` are skipped with a warning, as node-tar does; sizes are bounded before anything is read.
"""

from __future__ import annotations

import io
import mmap
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from .errors import RegistryError, os_error

__all__ = ["Limits", "Member", "members"]

_INPUT = 1 << 16
_OUTPUT = 1 << 20
_IN_MEMORY = 64 << 20
_GZIP = b"\x1f\x8b"


class Limits(NamedTuple):
    """Bounds on one package: bytes unpacked, number of files, and bytes unpacked per byte packed.

    The ratio counts only once `ratio_from` bytes are out, for small files compress without limit.
    """

    total: int = 4 << 30
    files: int = 500_000
    ratio: int = 400
    ratio_from: int = 256 << 20


class Member(NamedTuple):
    """One regular file: path inside the package (``/``-separated), executable bit, content."""

    path: str
    executable: bool
    data: bytes


def _inflate(source: BinaryIO, pkgid: str, limits: Limits) -> bytes | mmap.mmap:
    """The tar behind gzip (or the tar itself), in memory, or in a mapped temporary file when it is large."""
    head = source.read(_INPUT)
    inflater = zlib.decompressobj(31) if head[:2] == _GZIP else None
    spool: BinaryIO = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # type: ignore[assignment]  # noqa: SIM115
    taken, given, packed = len(head), 0, head
    while packed:
        if inflater is None:
            out = packed
        else:
            try:
                out = inflater.decompress(packed, _OUTPUT)
            except zlib.error as error:
                text = str(error).partition(": ")[2] or str(error)
                raise RegistryError("Z_DATA_ERROR", f"zlib: {text}", {"errno": -3, "pkgid": pkgid}) from error
        given += len(out)
        if given > limits.total or (given > limits.ratio_from and given > limits.ratio * taken):
            raise _too_much(pkgid, f"unpacks to more than {given} bytes from {taken}")
        spool.write(out)
        if inflater is not None and inflater.eof:
            break
        packed = inflater.unconsumed_tail if inflater is not None else b""
        if not packed:
            packed = source.read(_INPUT)
            taken += len(packed)
    if inflater is not None and not inflater.eof:
        raise RegistryError("Z_BUF_ERROR", "zlib: unexpected end of file", {"errno": -5, "pkgid": pkgid})
    spool.seek(0)
    if given <= _IN_MEMORY:
        return spool.read()
    return mmap.mmap(spool.fileno(), 0, access=mmap.ACCESS_READ)


def _too_much(pkgid: str, text: str) -> RegistryError:
    return RegistryError("EARCHIVELIMIT", f"refusing to unpack {pkgid}: {text}", {"pkgid": pkgid})


def _inside(name: str, warn: Callable[[str, str], None]) -> str | None:
    """The path inside the package, or None for what must not be written."""
    parts = name.split("/")[1:]
    if ".." in parts or "\0" in name:
        warn("TAR_ENTRY_ERROR", f"path contains '..': {name}")
        return None
    kept = [part for part in parts if part not in ("", ".")]
    return "/".join(kept) or None


def _ignore_name(path: str, seen: set[str]) -> str | None:
    """npm's treatment of ``.gitignore``: it becomes ``.npmignore``, or is dropped if there is one."""
    folder, slash, base = path.rpartition("/")
    if base == ".npmignore":
        seen.add(path)
    elif base == ".gitignore":
        renamed = f"{folder}{slash}.npmignore"
        return None if renamed in seen else renamed
    return path


def members(
    source: BinaryIO, pkgid: str, warn: Callable[[str, str], None], limits: Limits | None = None
) -> Iterator[Member]:
    """The regular files of a tarball, in order.

    Raises RegistryError Z_BUF_ERROR or Z_DATA_ERROR (bad gzip), TAR_BAD_ARCHIVE (bad tar) and
    EARCHIVELIMIT (too large). `warn` gets a code and a text for each entry that is left out.
    """
    limits = limits or Limits()
    ignores: set[str] = set()
    count = 0
    try:
        buffer = _inflate(source, pkgid, limits)
        file: BinaryIO = io.BytesIO(buffer) if isinstance(buffer, bytes) else buffer  # type: ignore[assignment]
        with tarfile.open(fileobj=file, mode="r:") as archive:
            for entry in archive:
                count += 1
                if count > limits.files:
                    raise _too_much(pkgid, f"holds more than {limits.files} files")
                if entry.isdir():
                    continue
                if not entry.isreg() or entry.sparse is not None:
                    warn("TAR_ENTRY_UNSUPPORTED", f"not a regular file: {entry.name}")
                    continue
                path = _inside(entry.name, warn)
                path = path and _ignore_name(path, ignores)
                if not path:
                    continue
                data = buffer[entry.offset_data : entry.offset_data + entry.size]
                if len(data) != entry.size:
                    raise tarfile.ReadError("unexpected end of data")
                yield Member(path, bool(entry.mode & 0o111), data)
    except tarfile.TarError as error:
        reason = "Unrecognized archive format" if not count else f"{error}"
        raise RegistryError("TAR_BAD_ARCHIVE", f"TAR_BAD_ARCHIVE: {reason}", {"pkgid": pkgid}) from error
    except OSError as error:
        raise os_error(error, "read") from error
    if not count:
        raise RegistryError(
            "TAR_BAD_ARCHIVE", "TAR_BAD_ARCHIVE: Unrecognized archive format", {"pkgid": pkgid}
        )
