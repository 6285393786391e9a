# SPDX-License-Identifier: Apache-2.0
"""What edgejs would make of a native addon, found out without loading it.

`check_file` reads one ``.node`` file; `check_folder` and `check_package` find the files of what was
installed. A verdict is ``ok``, ``refused`` (with the reasons) or ``foreign``: made for another platform,
which says nothing about the addon.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from . import symbols
from .coverage import core
from .elf import Damaged, NotElf, SharedObject, read
from .libraries import Libraries

__all__ = [
    "Check",
    "Host",
    "NotInstalled",
    "Reason",
    "check_file",
    "check_folder",
    "check_package",
    "passes",
]

# The value of NAPI_VERSION_EXPERIMENTAL in js_native_api.h.
EXPERIMENTAL = 2**31 - 1
NEWEST_API = 10
MACHINES = {
    "x86_64": ("EM_X86_64", 64),
    "aarch64": ("EM_AARCH64", 64),
    "armv7l": ("EM_ARM", 32),
    "i686": ("EM_386", 32),
    "ppc64le": ("EM_PPC64", 64),
    "riscv64": ("EM_RISCV", 64),
    "s390x": ("EM_S390", 64),
}
LINUX = ("ELFOSABI_SYSV", "ELFOSABI_LINUX")
# Itanium C++ names in the namespaces of V8 and Node, their vtables and type infos included.
CPP = re.compile(r"_Z(?:T[VTIS])?(?:N[rVK]*)?(?:2v8|12v8_inspector|4node|5cppgc)\d")
NAN = re.compile(r"_Z\w*3Nan\d")
V8_ENTRY = re.compile(r"node_register_module_v\d+")
NODE_API = re.compile(r"(?:napi|node_api)_")
FROM_PROCESS = re.compile(rf"{NODE_API.pattern}|uv_|{CPP.pattern}")


@dataclass(frozen=True)
class Reason:
    """Why an addon is refused: a ``code`` for programs and a sentence for people."""

    code: str
    message: str


@dataclass(frozen=True)
class Host:
    """What an addon meets here: ``exports`` are the names that the process offers to it."""

    machine: str
    bits: int
    exports: frozenset[str]
    musl: bool = False

    @classmethod
    def here(cls) -> Host:
        """This machine and the edgejs that is installed; the compiled core is read, not loaded.

        Raises `FileNotFoundError` if edgejs is not installed completely.
        """
        built = core()
        musl = any(name.startswith("libc.musl") for name in built.needed)
        return cls(built.machine, built.bits, built.exports, musl)

    @property
    def name(self) -> str:
        """The machine's usual name: ``x86_64``."""
        names = (name for name, machine in MACHINES.items() if machine == (self.machine, self.bits))
        return next(names, self.machine)


@dataclass(frozen=True)
class Library:
    """A needed library and where it is, ``None`` if nowhere."""

    name: str
    path: str | None


@dataclass(frozen=True)
class VersionNeed:
    """The highest version of a family of symbols, ``GLIBC``, that is asked for and that is here."""

    family: str
    needed: str
    present: str | None


@dataclass(frozen=True)
class Check:
    """Everything that was found out about one file.

    ``registration`` holds ``napi_register_module_v1``, ``napi_module_register`` (from a constructor),
    ``node_module_register`` or ``node_register_module_v<N>`` (the V8 API). ``api_declared`` is the version
    of Node-API that the addon declares (``None``: it declares none, or not as a constant), ``api_needed``
    the one that brought the newest function it imports. ``binding`` is ``linked``, ``dlsym`` (it looks
    functions up when it runs: ``probed``) or ``none``.
    """

    path: str
    verdict: str
    reasons: list[Reason]
    format: str = "ELF"
    machine: str | None = None
    registration: list[str] = field(default_factory=list)
    api_declared: int | str | None = None
    api_needed: int | str | None = None
    binding: str = "none"
    imported: list[str] = field(default_factory=list)
    probed: list[str] = field(default_factory=list)
    libuv: list[str] = field(default_factory=list)
    cpp: list[str] = field(default_factory=list)
    nan: bool = False
    missing: list[str] = field(default_factory=list)
    libraries: list[Library] = field(default_factory=list)
    versions: list[VersionNeed] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Plain data for ``json.dumps``."""
        return asdict(self)


class NotInstalled(Exception):
    """There is no such file, folder or installed package."""


def check_file(path: Path, host: Host | None = None) -> Check:
    """Check one file. Raises `OSError` if it cannot be read; a file that is no addon gets a verdict."""
    try:
        return _Checker(read(path), host or Host.here()).check()
    except NotElf as error:
        if error.foreign:
            return Check(str(path), "foreign", [Reason("format", f"it is {error}")], format=str(error))
        return Check(str(path), "refused", [Reason("not-elf", f"it is {error}")], format=str(error))
    except Damaged as error:
        return Check(str(path), "refused", [Reason("damaged", str(error))])


def check_folder(folder: Path, host: Host | None = None) -> list[Check]:
    """Check every ``.node`` file under `folder`. Raises `NotInstalled` if there is none."""
    files = sorted(_addons(folder))
    if not files:
        raise NotInstalled(f"no .node file under {folder}")
    host = host or Host.here()
    return [check_file(path, host) for path in files]


def check_package(name: str, start: Path, host: Host | None = None) -> list[Check]:
    """Check an installed package: its own files and its optional dependencies', where platform packages are.

    It is looked for in the ``node_modules`` of `start` and of the folders above. Raises `NotInstalled`.
    """
    folder = _installed(name, start)
    if folder is None:
        raise NotInstalled(f"{name} is not a file, a folder, or a package installed in {start}")
    folders = list(_with_optional(folder))
    files = sorted({path for each in folders for path in _addons(each)})
    if not files:
        raise NotInstalled(f"{name} has no .node file")
    host = host or Host.here()
    return [check_file(path, host) for path in files]


def passes(checks: Sequence[Check]) -> bool:
    """Whether each package among the files has one that works; those for other platforms only do not count.

    Packages often carry variants of one addon (for musl, for a version of V8); their loader takes one.
    """
    verdicts: dict[Path, set[str]] = {}
    for check in checks:
        verdicts.setdefault(_package_of(Path(check.path)), set()).add(check.verdict)
    judged = [found for found in verdicts.values() if found != {"foreign"}]
    return bool(judged) and all("ok" in found for found in judged)


def _package_of(path: Path) -> Path:
    return next((parent for parent in path.parents if (parent / "package.json").is_file()), path.parent)


def _addons(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        yield from (Path(parent, name) for name in names if name.endswith(".node"))


def _installed(name: str, start: Path) -> Path | None:
    start = start.absolute()
    candidates = (parent / "node_modules" / name for parent in (start, *start.parents))
    return next((folder for folder in candidates if (folder / "package.json").is_file()), None)


def _with_optional(folder: Path, seen: set[Path] | None = None) -> Iterator[Path]:
    seen = set() if seen is None else seen
    if folder in seen:
        return
    seen.add(folder)
    yield folder
    manifest = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    for name in manifest.get("optionalDependencies", {}):
        found = _installed(name, folder)
        if found is not None:
            yield from _with_optional(found, seen)


def _since() -> dict[str, int | str]:
    return {symbol["name"]: symbol["since"] for symbol in symbols()}


def _rank(version: int | str) -> float:
    return EXPERIMENTAL if isinstance(version, str) else version


def _version_key(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", name))


class _Checker:
    """One addon against one host."""

    def __init__(self, addon: SharedObject, host: Host) -> None:
        self.addon = addon
        self.host = host
        self.since = _since()
        self.wanted = addon.imports | addon.weak

    def check(self) -> Check:
        foreign = list(self._other_platform())
        if foreign:
            return self._result("foreign", foreign)
        reasons = [*self._kind(), *self._registration_faults(), *self._unresolved()]
        return self._result("refused" if reasons else "ok", reasons)

    def _result(self, verdict: str, reasons: list[Reason]) -> Check:
        here = verdict != "foreign"
        return Check(
            path=str(self.addon.path),
            verdict=verdict,
            reasons=reasons,
            machine=self.addon.machine.removeprefix("EM_").lower(),
            registration=self.registration,
            api_declared="experimental" if self.addon.api_version == EXPERIMENTAL else self.addon.api_version,
            api_needed=max(
                (self.since[name] for name in self.imported & set(self.since)), key=_rank, default=None
            ),
            binding="linked" if self.imported else "dlsym" if self.probed else "none",
            imported=sorted(self.imported),
            probed=sorted(self.probed),
            libuv=sorted(name for name in self.wanted if name.startswith("uv_")),
            cpp=self.cpp,
            nan=any(map(NAN.match, self.wanted | self.addon.exports)),
            missing=sorted(self.missing) if here else [],
            libraries=list(self._libraries()) if here else [],
            versions=list(self._versions()) if here else [],
        )

    # What the object says

    @cached_property
    def imported(self) -> frozenset[str]:
        return frozenset(filter(NODE_API.match, self.wanted))

    @cached_property
    def cpp(self) -> list[str]:
        return sorted(filter(CPP.match, self.wanted))

    @cached_property
    def registration(self) -> list[str]:
        entries = {"napi_register_module_v1"} & self.addon.exports
        entries |= set(filter(V8_ENTRY.fullmatch, self.addon.exports))
        entries |= {"napi_module_register", "node_module_register"} & self.wanted
        return sorted(entries)

    @cached_property
    def probed(self) -> frozenset[str]:
        """Functions of Node-API whose names the object holds to look them up with dlsym(3).

        Rust's strings have no terminator, so that in an addon that links nothing names may touch each
        other: the longest known name counts. One that links its functions may name others in messages, so
        there a string must be a name. A short name that the compiler put into instructions is not seen.
        """
        if "dlsym" not in self.wanted:
            return frozenset()
        names = "|".join(sorted(self.since, key=len, reverse=True)).encode()
        pattern = rb"(?<=\0)(%s)(?=\0)" if self.imported else rb"(%s)"
        found = re.findall(pattern % names, self.addon.constants)
        return frozenset(name.decode() for name in found) - self.imported

    # How it fits

    @cached_property
    def around(self) -> Libraries:
        return Libraries(self.addon)

    @cached_property
    def missing(self) -> frozenset[str]:
        """Imports that nothing here offers. A library that is missing is another fault."""
        unresolved = self.addon.imports - self.host.exports
        if self.around.missing:  # what they would offer is unknown; these come from the process alone
            return frozenset(name for name in unresolved if FROM_PROCESS.match(name))
        return unresolved - self.around.symbols() if unresolved else unresolved

    def _other_platform(self) -> Iterator[Reason]:
        if (self.addon.machine, self.addon.bits) != (self.host.machine, self.host.bits):
            machine = self.addon.machine.removeprefix("EM_").lower()
            yield Reason(
                "architecture", f"it is for {machine} ({self.addon.bits} bits), this is {self.host.name}"
            )
        if self.addon.system not in LINUX:
            yield Reason("system", f"it is for {self.addon.system.removeprefix('ELFOSABI_').lower()}")
        # "libc.so" is musl's name too when zig links; glibc's is libc.so.6.
        musl = any(name == "libc.so" or name.startswith("libc.musl") for name in self.addon.needed)
        glibc = "libc.so.6" in self.addon.needed
        if musl != self.host.musl and (musl or glibc):
            yield Reason(
                "libc", f"it is for {'musl' if musl else 'glibc'}, this is {'glibc' if musl else 'musl'}"
            )

    def _kind(self) -> Iterator[Reason]:
        if self.addon.kind != "ET_DYN":
            yield Reason("not-shared", f"it is not a shared object ({self.addon.kind})")

    def _registration_faults(self) -> Iterator[Reason]:
        v8_entries = [name for name in self.registration if name.startswith("node_")]
        if v8_entries or self.cpp:
            used = f"{len(self.cpp)} C++ symbols of V8 or Node" if self.cpp else v8_entries[0]
            by = " through nan" if any(map(NAN.match, self.wanted | self.addon.exports)) else ""
            yield Reason("v8-api", f"it uses the V8 API{by} ({used}): only Node.js itself can load it")
        elif not self.registration and "napi_module_register" not in self.probed:
            yield Reason("no-registration", "it registers no module: napi_register_module_v1 is not exported")
        declared = self.addon.api_version
        if declared is not None and NEWEST_API < declared != EXPERIMENTAL:
            yield Reason(
                "api-version", f"it asks for Node-API version {declared}, the newest here is {NEWEST_API}"
            )

    def _unresolved(self) -> Iterator[Reason]:
        if self.around.missing:
            yield Reason("missing-library", f"not found: {', '.join(self.around.missing)}")
        too_new = [
            f"{need.needed} (here: {need.present or 'none'})"
            for need in self._versions()
            if self._lacks(need)
        ]
        if too_new:
            yield Reason("library-version", f"it needs {', '.join(too_new)}")
        missing = sorted(self.missing - set(self.cpp))  # those of V8 are told already
        if missing:
            yield Reason("missing-symbols", f"not offered here: {_some(missing)}")

    def _libraries(self) -> Iterator[Library]:
        for name in self.addon.needed:
            found = self.around.found.get(name)
            yield Library(name, str(found.path) if found else None)

    def _versions(self) -> Iterator[VersionNeed]:
        """The highest need of each family of versions, with the highest that the library at hand defines."""
        highest: dict[str, tuple[str, str]] = {}
        for version in self.addon.versions_needed:
            family = version.name.partition("_")[0]
            if _version_key(version.name) >= _version_key(highest.get(family, ("", ""))[1]):
                highest[family] = (version.library, version.name)
        for family, (library, needed) in sorted(highest.items()):
            found = self.around.found.get(library)
            defined = found.versions_defined if found else frozenset()
            # GLIBC_PRIVATE and the like have no number.
            numbered = [name for name in defined if re.fullmatch(rf"{re.escape(family)}_[\d.]+", name)]
            yield VersionNeed(family, needed, max(numbered, key=_version_key, default=None))

    def _lacks(self, need: VersionNeed) -> bool:
        wanted = [v for v in self.addon.versions_needed if v.name.partition("_")[0] == need.family]
        found = self.around.found
        return any(v.library in found and v.name not in found[v.library].versions_defined for v in wanted)


def _some(names: Sequence[str], count: int = 5) -> str:
    more = len(names) - count
    return ", ".join(names[:count]) + (f" and {more} more" if more > 0 else "")
