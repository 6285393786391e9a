# SPDX-License-Identifier: Apache-2.0
"""``pack``: a package folder as the tarball that a registry would get (pacote, libnpmpack)."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import os
import tarfile
from collections.abc import Iterable, Mapping
from typing import Any

from .disk import SEAL
from .errors import RegistryError, os_error
from .manifest import normalize
from .order import locale_key
from .packagefile import PackageFile
from .packlist import pack_list
from .tree import Node

__all__ = ["Tarball", "pack_folder"]


class Tarball:
    """What was packed: `data`, and each member as (path, size, mode)."""

    def __init__(self, package: Mapping[str, Any], data: bytes, members: list[tuple[str, int, int]]) -> None:
        self.name, self.version = str(package["name"]), str(package["version"])
        self.data = data
        self.members = sorted(members, key=lambda member: (not _upper(member[0]), locale_key(member[0])))

    @property
    def filename(self) -> str:
        """``scope-name-1.0.0.tgz``."""
        return f"{self.name.replace('@', '').replace('/', '-')}-{self.version}.tgz"

    @property
    def bundled(self) -> list[str]:
        """Packages that it carries in its node_modules."""
        parts = [
            path.split("/")[1:] for path, _size, _mode in self.members if path.startswith("node_modules/")
        ]
        return list(dict.fromkeys("/".join(part[: 1 + part[0].startswith("@")]) for part in parts))

    def to_json(self) -> dict[str, Any]:
        """npm's description (``npm pack --json``)."""
        return {
            "id": f"{self.name}@{self.version}",
            "name": self.name,
            "version": self.version,
            "size": len(self.data),
            "unpackedSize": sum(size for _path, size, _mode in self.members),
            "shasum": hashlib.sha1(self.data).hexdigest(),
            "integrity": "sha512-" + base64.b64encode(hashlib.sha512(self.data).digest()).decode("ascii"),
            "filename": self.filename,
            "files": [{"path": path, "size": size, "mode": mode} for path, size, mode in self.members],
            "entryCount": len(self.members),
            "bundled": self.bundled,
        }


def _upper(path: str) -> bool:
    return path[0] == path[0].upper()


def pack_folder(folder: str, root: Node | None = None, skip: Iterable[str] = ()) -> Tarball:
    """Packs the package in `folder`; `root`, its installed tree, is asked for what it bundles.

    Raises RegistryError: ENOENT and EJSONPARSE for its package.json, EINVALIDPACKAGE without name or version.
    """
    file = PackageFile.load(folder)
    package = normalize(file.original)
    if not file.exists:
        path = os.path.join(folder, "package.json")
        raise RegistryError("ENOENT", f"Could not read package.json: no such file '{path}'", {"path": path})
    if not package.get("name") or not package.get("version"):
        raise RegistryError("EINVALIDPACKAGE", "Invalid package, must have name and version")
    commands = package.get("bin")
    bins = {os.path.normpath(one) for one in commands.values()} if isinstance(commands, dict) else set()
    paths = pack_list(folder, package, skip)
    for node in _bundled(root, package):
        paths += [f"{node.location}/{path}" for path in pack_list(node.path, node.package)]
    members: list[tuple[str, int, int]] = []
    buffer = io.BytesIO()
    try:
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for path in paths:
                members.append(_add(archive, folder, path, path in bins))
    except OSError as error:
        raise os_error(error, "read") from error
    return Tarball(package, gzip.compress(buffer.getvalue(), 9, mtime=0), members)


def _add(archive: tarfile.TarFile, folder: str, path: str, command: bool) -> tuple[str, int, int]:
    """Adds one file, without its owner and its time (npm's portable form)."""
    with open(os.path.join(folder, path), "rb") as file:
        data = file.read()
        mode = os.fstat(file.fileno()).st_mode & 0o777
    info = tarfile.TarInfo(f"package/{path}")
    info.size, info.mtime = len(data), SEAL // 10**9
    info.mode = (mode | 0o600) & ~0o022 | 0o044 | (0o111 if command or mode & 0o100 else 0)
    archive.addfile(info, io.BytesIO(data))
    return path, info.size, info.mode


def _bundled(root: Node | None, package: Mapping[str, Any]) -> list[Node]:
    """The installed packages that go into the tarball: those named, and all that they need."""
    found: dict[Node, None] = {}
    names = package.get("bundleDependencies") or ()
    edges = [root.edges_out[name] for name in names if name in root.edges_out] if root else []
    while edges:
        edge = edges.pop()
        if edge.to is None or edge.to in found or edge.peer or edge.type == "dev":
            continue
        found[edge.to] = None
        edges += edge.to.edges_out.values()
    return list(found)
