# SPDX-License-Identifier: Apache-2.0
"""What an ELF shared object says about itself: nothing in the file is run or loaded.

Sources: the System V gABI ("Object Files", "Dynamic Linking") and the symbol versioning of glibc
(Linux Standard Base, "Symbol Versioning").
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elftools.common.exceptions import ELFError
from elftools.construct import ConstructError
from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerDefSection, GNUVerNeedSection

__all__ = ["Damaged", "NotElf", "SharedObject", "Version", "aarch64_constant", "read"]

# What pyelftools raises about offsets, sizes and types that make no sense, besides its own errors.
MALFORMED = (
    ELFError,
    ConstructError,
    struct.error,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    TypeError,
    ValueError,
)
MAGIC = b"\x7fELF"
OTHER_FORMATS = {
    b"MZ": "a Windows file (PE)",
    b"\xcf\xfa\xed\xfe": "a macOS file (Mach-O)",
    b"\xce\xfa\xed\xfe": "a macOS file (Mach-O)",
    b"\xca\xfe\xba\xbe": "a macOS file (Mach-O, universal)",
    b"\xbe\xba\xfe\xca": "a macOS file (Mach-O, universal)",
    b"\x00asm": "a WebAssembly file",
    b"version https://git-lfs": "a Git LFS pointer and not the file itself",
}
VERSION_IS_WEAK = 2  # VER_FLG_WEAK: the loader only warns
# Sections that hold constants: string literals of C are in .rodata, of Rust there or in .data.rel.ro.
CONSTANTS = (".rodata", ".data.rel.ro", ".data")


class NotElf(Exception):
    """The file is in another format; ``foreign`` tells whether it is another platform's library."""

    def __init__(self, message: str, *, foreign: bool) -> None:
        super().__init__(message)
        self.foreign = foreign


class Damaged(Exception):
    """The file begins as ELF and is cut off or makes no sense."""


@dataclass(frozen=True)
class Version:
    """A version of symbols, ``GLIBC_2.17``, that ``library`` (its soname) has to define."""

    library: str
    name: str


@dataclass(frozen=True)
class SharedObject:
    """The parts of an object that decide whether the loader takes it.

    ``machine``, ``system`` and ``kind`` are the gABI's names (``EM_X86_64``, ``ELFOSABI_SYSV``,
    ``ET_DYN``). ``imports`` are the names that must be resolved or the load fails, ``weak`` those that may
    stay unresolved. ``api_version`` is what its ``node_api_module_get_api_version_v1`` returns, read from
    the machine code: `None` without that function or when the code is not a plain constant. ``constants``
    are the bytes of its data.
    """

    path: Path
    machine: str
    bits: int
    system: str
    kind: str
    soname: str | None
    needed: tuple[str, ...]
    rpath: tuple[str, ...]
    runpath: tuple[str, ...]
    imports: frozenset[str]
    weak: frozenset[str]
    exports: frozenset[str]
    versions_needed: tuple[Version, ...]
    versions_defined: frozenset[str]
    api_version: int | None
    constants: bytes


def read(path: Path, *, constants: bool = True) -> SharedObject:
    """Read the object at `path`; without `constants`, that field stays empty.

    Raises `OSError`, `NotElf` or `Damaged`.
    """
    with path.open("rb") as stream:
        start = stream.read(64)
        if not start.startswith(MAGIC):
            raise _not_elf(start)
        stream.seek(0)
        try:
            return _read(path, ELFFile(stream), constants=constants)
        except MALFORMED as error:
            raise Damaged(f"damaged ELF file: {error or type(error).__name__}") from error


def _not_elf(start: bytes) -> NotElf:
    for magic, what in OTHER_FORMATS.items():
        if start.startswith(magic):
            return NotElf(what, foreign="file (" in what)
    return NotElf("an empty file" if not start else "not an ELF file", foreign=False)


def _read(path: Path, elf: Any, *, constants: bool) -> SharedObject:
    _check_extent(elf, path.stat().st_size)
    dynamic = next((s for s in elf.iter_segments("PT_DYNAMIC") if isinstance(s, DynamicSegment)), None)
    tags: dict[str, list[Any]] = {}
    symbols: list[tuple[str, Any]] = []
    if dynamic is not None:
        for tag in dynamic.iter_tags():
            tags.setdefault(tag.entry.d_tag, []).append(tag)
        # A hash table does not count the symbols of an object that exports none: the section is exact.
        table = next((s for s in elf.iter_sections("SHT_DYNSYM")), dynamic)
        symbols = [(symbol.name, symbol.entry) for symbol in table.iter_symbols()]
    defined = {name: entry for name, entry in symbols if name and entry.st_shndx != "SHN_UNDEF"}
    absent = {name: entry for name, entry in symbols if name and entry.st_shndx == "SHN_UNDEF"}
    weak = {name for name, entry in absent.items() if entry.st_info.bind == "STB_WEAK"}
    return SharedObject(
        path=path,
        machine=str(elf.header.e_machine),
        bits=int(elf.elfclass),
        system=str(elf.header.e_ident.EI_OSABI),
        kind=str(elf.header.e_type),
        soname=next((tag.soname for tag in tags.get("DT_SONAME", [])), None),
        needed=tuple(tag.needed for tag in tags.get("DT_NEEDED", [])),
        rpath=tuple(part for tag in tags.get("DT_RPATH", []) for part in tag.rpath.split(":")),
        runpath=tuple(part for tag in tags.get("DT_RUNPATH", []) for part in tag.runpath.split(":")),
        imports=frozenset(absent) - weak,
        weak=frozenset(weak),
        exports=frozenset(defined),
        versions_needed=tuple(_versions_needed(elf)),
        versions_defined=frozenset(_versions_defined(elf)),
        api_version=_constant_result(elf, defined.get("node_api_module_get_api_version_v1")),
        constants=_constants(elf) if constants else b"",
    )


def _check_extent(elf: Any, size: int) -> None:
    """A file that ends before its segments do is cut off; the loader would map pages that fault."""
    end = max((s.header.p_offset + s.header.p_filesz for s in elf.iter_segments("PT_LOAD")), default=0)
    if end > size:
        raise Damaged(f"truncated: {size} bytes of {end}")


def _version_sections(elf: Any, kind: Any) -> Iterator[Any]:
    for section in elf.iter_sections():
        if isinstance(section, kind):
            _check_count(section, section.num_versions())
            yield section


def _check_count(section: Any, count: int) -> None:
    """Entries may be chained in circles: a count that does not fit is an error and not a long wait."""
    if count * 8 > section["sh_size"]:  # the smallest entry, Elf_Verdaux
        raise Damaged(f"damaged ELF file: {count} entries in {section.name}")


def _versions_needed(elf: Any) -> Iterator[Version]:
    for section in _version_sections(elf, GNUVerNeedSection):
        for library, versions in section.iter_versions():
            _check_count(section, library.entry.vn_cnt)
            for version in versions:
                if not version.entry.vna_flags & VERSION_IS_WEAK:
                    yield Version(library.name, version.name)


def _versions_defined(elf: Any) -> Iterator[str]:
    for section in _version_sections(elf, GNUVerDefSection):
        for _, names in section.iter_versions():
            yield next(names).name  # the further names are its parents


def _constants(elf: Any) -> bytes:
    return b"\0".join(s.data() for s in elf.iter_sections() if s.name.startswith(CONSTANTS))


# `return N`, as compilers write it: [endbr64] [push rbp; mov rbp, rsp] mov eax, N [pop rbp | leave] ret.
_X86_64 = re.compile(
    rb"(?:\xf3\x0f\x1e\xfa)?(?:\x55\x48\x89\xe5)?\xb8(?P<value>.{4})(?:\x5d|\xc9)?\xc3", re.DOTALL
)


def _constant_result(elf: Any, entry: Any) -> int | None:
    """What a function without arguments returns, if all it does is to return a constant."""
    if entry is None:
        return None
    offset = next(iter(elf.address_offsets(entry.st_value)), None)
    if offset is None:
        return None
    elf.stream.seek(offset)
    code = elf.stream.read(32)
    if elf.header.e_machine == "EM_X86_64":
        found = _X86_64.match(code)
        return int.from_bytes(found["value"], "little", signed=True) if found else None
    if elf.header.e_machine == "EM_AARCH64":
        return aarch64_constant(code)
    return None


def aarch64_constant(code: bytes) -> int | None:
    """``[bti c] mov w0, #N; ret``, with MOVZ or, for 0x7fffffff, MOVN of 0x8000 << 16 (Arm ARM, C6.2)."""
    words: list[int] = [word for (word,) in struct.iter_unpack("<I", code[:16])]
    if words[0] == 0xD503245F:
        words.pop(0)
    move, leave = words[:2]
    if leave != 0xD65F03C0 or move & 0x1F:
        return None
    value = (move >> 5 & 0xFFFF) << 16 * (move >> 21 & 3)
    if move & 0xFF800000 == 0x52800000:
        return value
    return ~value & 0xFFFFFFFF if move & 0xFF800000 == 0x12800000 else None
