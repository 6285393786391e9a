# SPDX-License-Identifier: Apache-2.0
"""``ls``, ``explain``, ``outdated``, ``sbom``: what is installed, why, and how old it is."""

from __future__ import annotations

import os
from typing import Any

import click

from .options import common
from .session import Session, run

__all__ = ["explain", "ls", "outdated", "sbom"]

_OMIT = click.option("--omit", multiple=True, metavar="TYPE", help="Leave out dev, optional or peer")


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("-a", "--all", "everything", is_flag=True, help="Show all levels")
@click.option("--depth", type=int, metavar="N", help="Show this many levels below the first")
@click.option("-l", "--long", is_flag=True, help="Show descriptions too")
@click.option("-p", "--parseable", is_flag=True, help="Print paths, one a line")
@click.option("--link", is_flag=True, help="Show only what is linked")
@click.option("--package-lock-only", "locked", is_flag=True, help="Read the lock file, not node_modules")
@click.option("--prod", "--production", "prod", is_flag=True, help="The same as --omit=dev")
@_OMIT
@common
def ls(
    names: tuple[str, ...],
    everything: bool,
    depth: int | None,
    long: bool,
    parseable: bool,
    link: bool,
    locked: bool,
    prod: bool,
    **options: Any,
) -> None:
    """Print the tree of installed packages; NAME keeps only those and what leads to them."""

    def work(session: Session) -> int:
        from ..listing import Listing

        levels = float("inf") if everything and depth is None else depth or 0
        listing = Listing(
            session.project().tree(locked=locked),
            names,
            depth=levels,
            omit=session.config.omit | ({"dev"} if prod else set()),
            links_only=link,
            workspaces=session.workspaces(),
            is_global=session.is_global,
        )
        if session.wants_json:
            session.print_json(listing.to_json())
        else:
            session.print(listing.parseable(long=long) if parseable else listing.text(long=long))
        if listing.failure is not None:
            raise listing.failure
        return 0 if listing.found else 1

    run(options, "ls", work)


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@common
def explain(names: tuple[str, ...], **options: Any) -> None:
    """Say which packages need the package NAME (a name, name@range, or a path in node_modules)."""

    def work(session: Session) -> None:
        from .. import reasons

        nodes = reasons.find(session.project().tree(), names, os.getcwd())
        found = [reasons.explain(node) for node in nodes]
        if session.wants_json:
            session.print_json(found)
        else:
            session.print("\n\n".join(reasons.render(why) for why in found))

    run(options, "explain", work)


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("-a", "--all", "everything", is_flag=True, help="Look at the dependencies of dependencies too")
@click.option("-p", "--parseable", is_flag=True, help="Print colon-separated fields")
@_OMIT
@common
def outdated(names: tuple[str, ...], everything: bool, parseable: bool, **options: Any) -> None:
    """Say which packages have newer versions; the exit code is 1 when there are any."""

    def work(session: Session) -> int:
        from ..client import RegistryClient
        from ..outdated import as_json, find_outdated, table

        config = session.config
        config.prefer_online = True
        with RegistryClient(config, reporter=session.reporter) as client:
            found = find_outdated(
                session.project().tree(),
                client,
                names,
                everything=everything,
                omit=config.omit,
                workspaces=session.workspaces(),
            )
        if session.is_global and not everything:
            found = [one._replace(dependent="global") for one in found]
        if session.wants_json:
            session.print_json(as_json(found))
        elif parseable:
            for one in found:
                current = f"{one.name}@{one.current}" if one.current else "MISSING"
                fields = (
                    one.path,
                    f"{one.name}@{one.wanted}",
                    current,
                    f"{one.name}@{one.latest}",
                    one.dependent,
                )
                session.print(":".join(fields))
        elif found:
            session.print(table(found))
        return 1 if found else 0

    run(options, "outdated", work)


@click.command()
@click.option("--sbom-format", type=click.Choice(["cyclonedx"]), default="cyclonedx", help="The format")
@click.option(
    "--sbom-type",
    type=click.Choice(["library", "application", "framework"]),
    default="library",
    help="What the project is",
)
@click.option("--package-lock-only", "locked", is_flag=True, help="Read the lock file, not node_modules")
@_OMIT
@common
def sbom(sbom_format: str, sbom_type: str, locked: bool, **options: Any) -> None:
    """Print a software bill of materials."""

    def work(session: Session) -> None:
        from ..errors import RegistryError
        from ..listing import Listing
        from ..sbom import cyclonedx

        tree = session.project().tree(locked=locked)
        failure = Listing(tree, depth=float("inf"), omit=session.config.omit).failure
        if failure is not None:
            raise RegistryError("ESBOMPROBLEMS", failure.message)
        session.print_json(cyclonedx(tree, kind=sbom_type, omit=session.config.omit, locked=locked))

    run(options, "sbom", work)
