# SPDX-License-Identifier: Apache-2.0
"""Which packages fit this machine: ``os``, ``cpu``, ``libc`` and ``engines`` (npm-install-checks)."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Mapping
from typing import Any

from . import semver
from .errors import RegistryError

__all__ = ["DEFAULT_NODE_VERSION", "Platform", "check_engine", "engine_ok"]

DEFAULT_NODE_VERSION = "v24.19.0"
"""The Node version that edgejs speaks for when the caller names none."""

_OS = {"linux": "linux", "darwin": "darwin", "win32": "win32", "cygwin": "win32"}
_CPU = {
    "x86_64": "x64",
    "amd64": "x64",
    "aarch64": "arm64",
    "arm64": "arm64",
    "i386": "ia32",
    "i686": "ia32",
    "armv7l": "arm",
    "armv6l": "arm",
    "ppc64le": "ppc64",
    "s390x": "s390x",
    "riscv64": "riscv64",
    "loongarch64": "loong64",
}


@functools.cache
def _detect_libc() -> str | None:
    if not sys.platform.startswith("linux"):
        return None
    from packaging._musllinux import _get_musl_version

    return "musl" if _get_musl_version(sys.executable) else "glibc"


def _listed(value: str | None, wanted: str | list[str]) -> bool:
    """npm's rule: no negated entry is us, and one plain entry is us unless all are negated."""
    entries = [wanted] if isinstance(wanted, str) else wanted
    if entries == ["any"]:
        return True
    if any(entry.startswith("!") and entry[1:] == value for entry in entries):
        return False
    return value in entries or all(entry.startswith("!") for entry in entries)


class Platform:
    """The machine to install for, in Node's words (``linux``, ``x64``, ``glibc``)."""

    def __init__(self, os_name: str | None = None, cpu: str | None = None, libc: str | None = None) -> None:
        self.os = os_name or _OS.get(sys.platform, sys.platform.rstrip("0123456789"))
        machine = os.uname().machine if hasattr(os, "uname") else os.environ.get("PROCESSOR_ARCHITECTURE", "")
        self.cpu = cpu or _CPU.get(machine.lower(), machine.lower())
        self._libc = libc

    @property
    def libc(self) -> str | None:
        """``glibc``, ``musl`` or None where the question has no meaning."""
        return self._libc or (_detect_libc() if self.os == "linux" else None)

    def fits(self, package: Mapping[str, Any]) -> bool:
        """May `package` (a manifest) be installed here?"""
        os_list, cpu_list, libc_list = package.get("os"), package.get("cpu"), package.get("libc")
        if os_list and not _listed(self.os, os_list):
            return False
        if cpu_list and not _listed(self.cpu, cpu_list):
            return False
        return not libc_list or (self.libc is not None and _listed(self.libc, libc_list))

    def check(self, package: Mapping[str, Any]) -> None:
        """Raises RegistryError EBADPLATFORM when `package` does not fit."""
        if self.fits(package):
            return
        keys = ("os", "cpu", "libc")
        required = {key: package[key] for key in keys if package.get(key)}
        current = {"os": self.os, "cpu": self.cpu, "libc": self.libc}
        raise RegistryError(
            "EBADPLATFORM",
            "Unsupported platform",
            {
                "pkgid": f"{package.get('name')}@{package.get('version')}",
                "required": required,
                "current": {key: current[key] for key in required},
            },
        )


def engine_ok(package: Mapping[str, Any], node_version: str) -> bool:
    """Does `engines.node` allow `node_version`? Absent or odd `engines` allow everything."""
    engines = package.get("engines")
    wanted = engines.get("node") if isinstance(engines, dict) else None
    if not wanted or not isinstance(wanted, str):
        return True
    return semver.satisfies(semver.valid(node_version) or node_version, wanted, prerelease=True)


def check_engine(package: Mapping[str, Any], node_version: str) -> RegistryError | None:
    """The EBADENGINE error that `package` deserves, or None; npm warns unless engine-strict."""
    if engine_ok(package, node_version):
        return None
    return RegistryError(
        "EBADENGINE",
        "Unsupported engine",
        {
            "pkgid": f"{package.get('name')}@{package.get('version')}",
            "required": package["engines"],
            "current": {"node": node_version},
        },
    )
