# SPDX-License-Identifier: Apache-2.0
"""Reading an npm tarball that may be hostile.

The rules are pacote's: the first path component is dropped, links and devices are skipped, modes come
down to "executable or not", a ``.gitignore`` is renamed unless an ``.npmignore`` is there. Paths with
``..`` are skipped with a warning, as node-tar does; sizes are bounded before anything is read.
"""

from __future__ import annotations

import mmap
import tempfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from .errors import RegistryError, os_error
from .tar import TarError, entries

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
    data: bytes | memoryview


def _inflate(source: BinaryIO, pkgid: str, limits: Limits) -> bytes | mmap.mmap:
    """The tar behind gzip (or the tar itself), in memory, or in a mapped temporary file when it is large."""
    pieces: list[bytes] = []
    file: BinaryIO | None = None
    given = 0
    for piece in _pieces(source, pkgid, limits):
        given += len(piece)
        if file is None and given > _IN_MEMORY:
            file = tempfile.TemporaryFile()  # noqa: SIM115
            file.writelines(pieces)
        if file is None:
            pieces.append(piece)
        else:
            file.write(piece)
    if file is None:
        return b"".join(pieces)
    with file:
        file.flush()
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _pieces(source: BinaryIO, pkgid: str, limits: Limits) -> Iterator[bytes]:
    packed = source.read(_INPUT)
    inflater = zlib.decompressobj(31) if packed[:2] == _GZIP else None
    taken, given = len(packed), 0
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
        yield out
        if inflater is not None and inflater.eof:
            break
        packed = inflater.unconsumed_tail if inflater is not None else b""
        if not packed:
            packed = source.read(_INPUT)
            taken += len(packed)
    if inflater is not None and not inflater.eof:
        raise RegistryError("Z_BUF_ERROR", "zlib: unexpected end of file", {"errno": -5, "pkgid": pkgid})


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
        archive = memoryview(_inflate(source, pkgid, limits))
        for entry in entries(archive):
            count += 1
            if count > limits.files:
                raise _too_much(pkgid, f"holds more than {limits.files} files")
            if entry.kind == "5":
                continue
            if entry.kind != "0":
                warn("TAR_ENTRY_UNSUPPORTED", f"not a regular file: {entry.name}")
                continue
            path = _inside(entry.name, warn)
            path = path and _ignore_name(path, ignores)
            if path:
                yield Member(path, entry.executable, archive[entry.offset : entry.offset + entry.size])
    except TarError as error:
        reason = f"{error}" if count else "Unrecognized archive format"
        raise RegistryError("TAR_BAD_ARCHIVE", f"TAR_BAD_ARCHIVE: {reason}", {"pkgid": pkgid}) from error
    except OSError as error:
        raise os_error(error, "read") from error
