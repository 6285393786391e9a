# SPDX-License-Identifier: Apache-2.0
"""``pack``: a package as the tarball that a registry would get."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from .options import common
from .session import Session, run

if TYPE_CHECKING:
    from ..packing import Tarball

__all__ = ["pack"]


@click.command()
@click.argument("folders", nargs=-1, metavar="[FOLDER]...")
@click.option("--dry-run", is_flag=True, help="Say what would be packed and write nothing")
@click.option("--pack-destination", metavar="DIR", default=".", help="Where to write the tarball")
@click.option("--ignore-scripts", is_flag=True, default=None, help="Run no prepack, prepare and postpack")
@common
def pack(folders: tuple[str, ...], pack_destination: str, **options: Any) -> None:
    """Make a tarball of the package in FOLDER (this project), as for a registry."""

    def work(session: Session) -> None:
        paths = [os.path.abspath(folder) for folder in folders] or _here(session)
        tarballs = [_pack(session, path, pack_destination) for path in paths]
        if session.wants_json:
            session.print_json([tarball.to_json() for tarball in tarballs])
            return
        for tarball in tarballs:
            _describe(session, tarball)
            session.print(tarball.filename)

    run(options, "pack", work)


def _here(session: Session) -> list[str]:
    """The workspaces that are chosen, or the project."""
    from ..packagefile import PackageFile
    from ..workspaces import find_workspaces

    names = session.workspaces()
    if not names:
        return [session.folder]
    found = find_workspaces(PackageFile.load(session.folder).original, session.folder)
    chosen = [found[name] for name in names]
    return [session.folder, *chosen] if session.include_root else chosen


def _pack(session: Session, folder: str, destination: str) -> Tarball:
    from ..errors import os_error
    from ..packagefile import PackageFile
    from ..packing import pack_folder
    from ..project import Project
    from ..workspaces import find_workspaces

    _run_scripts(session, folder, "prepack", "prepare")
    package = PackageFile.load(folder).original
    bundles = package.get("bundleDependencies") or package.get("bundledDependencies")
    root = Project(folder, session.config).tree() if bundles else None
    skip = [os.path.relpath(path, folder) for path in find_workspaces(package, folder).values()]
    tarball = pack_folder(folder, root, skip)
    if not session.dry_run:
        path = os.path.join(destination, tarball.filename)
        try:
            with open(f"{path}.tmp", "wb") as file:
                file.write(tarball.data)
            os.replace(f"{path}.tmp", path)
        except OSError as error:
            raise os_error(error, "open", path) from error
    _run_scripts(session, folder, "postpack")
    return tarball


def _run_scripts(session: Session, folder: str, *events: str) -> None:
    from ..rebuild import run_project_scripts

    if not session.config.ignore_scripts:
        run_project_scripts(folder, events, node_program=session.node, settings=session.config.values)


def _describe(session: Session, tarball: Tarball) -> None:
    """npm's notice about what is in it."""
    said = tarball.to_json()
    lines = ["", f"📦  {said['id']}", "Tarball Contents"]
    own = [file for file in said["files"] if not file["path"].startswith("node_modules/")]
    lines += [f"{_bytes(file['size'], '')} {file['path']}" for file in own]
    if said["bundled"]:
        lines += ["Bundled Dependencies", *said["bundled"]]
    lines += [
        "Tarball Details",
        f"name: {tarball.name}",
        f"version: {tarball.version}",
        f"filename: {said['filename']}",
        f"package size: {_bytes(said['size'])}",
        f"unpacked size: {_bytes(said['unpackedSize'])}",
        f"shasum: {said['shasum']}",
        f"integrity: {said['integrity'][:20]}[...]{said['integrity'][80:]}",
    ]
    if said["bundled"]:
        lines += [
            f"bundled deps: {len(said['bundled'])}",
            f"bundled files: {said['entryCount'] - len(own)}",
            f"own files: {len(own)}",
        ]
    lines += [f"total files: {said['entryCount']}", ""]
    for line in lines:
        session.notice(f"edgejs notice {line}".rstrip())


def _bytes(count: int, space: str = " ") -> str:
    for limit, unit, size in ((1_000, "B", 1), (999_950, "kB", 1e3), (999_950_000, "MB", 1e6)):
        if count < limit:
            return f"{count}{space}B" if size == 1 else f"{count / size:.1f}{space}{unit}"
    return f"{count / 1e9:.1f}{space}GB"
