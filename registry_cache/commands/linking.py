# SPDX-License-Identifier: Apache-2.0
"""``link`` and ``unlink``: packages under development in other projects."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from .installing import finish, save_kinds, take_save
from .options import common, tree_shape
from .session import Session, run

if TYPE_CHECKING:
    from ..project import Project
    from ..result import InstallResult

__all__ = ["link", "unlink"]


@click.command()
@click.argument("specs", nargs=-1, metavar="[NAME|FOLDER]...")
@save_kinds
@tree_shape
def link(specs: tuple[str, ...], **options: Any) -> None:
    """Offer this package to other projects; with NAME or FOLDER, link such a package into this project.

    Nothing is recorded in package.json unless a flag as --save says so.
    """
    asked = any(options[flag] for flag in ("save_flag", "prod", "dev", "optional", "peer"))
    save, kind = take_save(options)
    if not specs:
        run(options, "link", _offer)
        return

    def work(project: Project, session: Session) -> InstallResult:
        from ..links import offer, offered
        from ..spec import parse

        folders = []
        for text in specs:
            spec = parse(text)
            name = spec.name
            if spec.type == "directory":
                name = offer(os.path.abspath(text.removeprefix("file:")), session.config)
            folders.append(f"file:{offered(name, session.config)}")
        return project.install(folders, save=asked and save, save_type=kind, dry_run=session.dry_run)

    finish(options, "link", work)


def _offer(session: Session) -> None:
    from ..links import offer

    name = offer(session.folder, session.config)
    session.answer(f"linked {name}: `edgejs link {name}` puts it into another project", {"linked": name})


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@common
def unlink(names: tuple[str, ...], **options: Any) -> None:
    """Take back the offer of this package; with NAME, remove the package from this project."""

    def work(session: Session) -> None:
        from ..links import withdraw

        if names:
            result = session.project().uninstall(names)
            session.answer(result.summary(), result.to_json())
        elif withdraw(session.folder, session.config):
            session.answer("removed the link", {"unlinked": True})
        else:
            session.answer("this package was not linked", {"unlinked": False})

    run(options, "unlink", work)
