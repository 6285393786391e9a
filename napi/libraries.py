# SPDX-License-Identifier: Apache-2.0
"""Where the dynamic loader would find the libraries that an object needs, and what they define.

Follows ld.so(8): DT_RPATH (unless the object has DT_RUNPATH), LD_LIBRARY_PATH, DT_RUNPATH, the cache
that ldconfig(8) writes, the default folders.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from .elf import Damaged, NotElf, SharedObject, read

__all__ = ["Libraries", "read_cache"]

CACHE = Path("/etc/ld.so.cache")
CACHE_MAGIC = b"glibc-ld.so.cache1.1"
DEFAULT_FOLDERS = ("/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib")
LIB = {64: "lib64", 32: "lib"}  # $LIB of ld.so(8)


def read_cache(data: bytes) -> Iterator[tuple[str, str]]:
    """The pairs of soname and path in an ``ld.so.cache``, in its order (glibc, sysdeps/generic/dl-cache.h).

    The magic may follow an old-style cache. Yields nothing for another format, as the loader would.
    """
    start = data.find(CACHE_MAGIC)
    if start < 0:
        return
    cache = memoryview(data)[start:]
    (count,) = struct.unpack_from("=I", cache, len(CACHE_MAGIC))
    for at in range(count):
        _, key, value = struct.unpack_from("=iII", cache, 48 + 24 * at)
        yield _string(cache, key), _string(cache, value)


def _string(data: memoryview, at: int) -> str:
    rest = bytes(data[at : at + 4096])
    return rest[: rest.index(b"\0")].decode("utf-8", "surrogateescape")


@cache
def _cached_paths(cache: Path) -> dict[str, list[Path]]:
    paths: dict[str, list[Path]] = {}
    if cache.is_file():
        for name, path in read_cache(cache.read_bytes()):
            paths.setdefault(name, []).append(Path(path))
    return paths


@cache
def _read_once(path: Path) -> SharedObject | None:
    """The library at `path`, or `None` if the loader could not use the file."""
    try:
        return read(path, constants=False)
    except (NotElf, Damaged, OSError):
        return None


class Libraries:
    """The libraries that come with an object, found as the loader finds them.

    ``found`` maps the needed name of each library, of those that they need in turn too, to its object;
    ``missing`` names those that the object needs, directly or not, and that are nowhere.
    """

    found: dict[str, SharedObject]
    missing: list[str]

    def __init__(self, addon: SharedObject, *, cache: Path = CACHE) -> None:
        self.found = {}
        self.missing = []
        self._cache = cache
        waiting: list[tuple[SharedObject, tuple[str, ...]]] = [(addon, ())]
        for user, inherited in waiting:  # breadth first, like the loader; grows while it runs
            # DT_RPATH holds for what the object's libraries need, DT_RUNPATH for its own only.
            rpath = () if user.runpath else (*_expand(user, user.rpath), *inherited)
            for name in user.needed:
                if name in self.found or name in self.missing:
                    continue
                library = self._find(user, name, rpath)
                if library is None:
                    self.missing.append(name)
                else:
                    self.found[name] = library
                    waiting.append((library, rpath))

    def symbols(self) -> frozenset[str]:
        """All names that the found libraries export."""
        return frozenset().union(*(library.exports for library in self.found.values()))

    def _find(self, user: SharedObject, name: str, rpath: Iterable[str]) -> SharedObject | None:
        for candidate in self._candidates(user, name, rpath):
            library = _read_once(candidate) if candidate.is_file() else None
            # The loader passes over libraries for another machine.
            if library is not None and (library.machine, library.bits) == (user.machine, user.bits):
                return library
        return None

    def _candidates(self, user: SharedObject, name: str, rpath: Iterable[str]) -> Iterator[Path]:
        if "/" in name:
            yield Path(name)
            return
        folders = [*rpath, *os.environ.get("LD_LIBRARY_PATH", "").split(":"), *_expand(user, user.runpath)]
        yield from (Path(folder, name) for folder in folders if folder)
        yield from _cached_paths(self._cache).get(name, ())
        yield from (Path(folder, name) for folder in DEFAULT_FOLDERS)


def _expand(user: SharedObject, folders: Iterable[str]) -> Iterator[str]:
    """Folders with the tokens of ld.so(8) put in."""
    values = {
        "ORIGIN": str(user.path.absolute().parent),
        "LIB": LIB[user.bits],
        "PLATFORM": os.uname().machine,
    }
    for folder in folders:
        for token, value in values.items():
            folder = folder.replace(f"${{{token}}}", value).replace(f"${token}", value)
        yield folder
