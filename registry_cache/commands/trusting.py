# SPDX-License-Identifier: Apache-2.0
"""``approve-scripts``, ``deny-scripts``, ``rebuild``: whose install scripts run, and running them."""

from __future__ import annotations

import os
from typing import Any

import click

from .options import common
from .session import Session, run

__all__ = ["approve", "deny", "rebuild"]


def _decide(name: str, text: str, verdict: bool) -> click.Command:
    @click.command(name, help=text)
    @click.argument("names", nargs=-1, metavar="[NAME]...")
    @click.option("-a", "--all", "everything", is_flag=True, help="All packages with install scripts")
    @click.option("--allow-scripts-pending", "pending", is_flag=True, help="List those not decided about")
    @click.option(
        "--allow-scripts-pin/--no-allow-scripts-pin", "pin", default=True, help="Record the version too"
    )
    @common
    def command(names: tuple[str, ...], everything: bool, pending: bool, pin: bool, **options: Any) -> None:
        run(
            options,
            name,
            lambda session: _record(session, names, everything, pending, pin and verdict, verdict),
        )

    return command


def _record(
    session: Session, names: tuple[str, ...], everything: bool, pending: bool, pin: bool, verdict: bool
) -> None:
    from .. import jsonfile
    from ..consent import Consent
    from ..errors import RegistryError
    from ..packagefile import PackageFile
    from ..rebuild import with_scripts

    file = PackageFile.load(session.folder)
    tree = session.project().tree()
    consent = Consent(file.original)
    nodes = with_scripts(tree.inventory.values())
    if pending:
        waiting = sorted({node.pkgid for node in nodes if consent.decision(node) is None})
        if session.wants_json:
            session.print_json({"allowScripts": waiting})
        else:
            session.print("\n".join(waiting) or "No packages have install scripts that are not decided about")
        return
    if not names and not everything:
        raise RegistryError("EUSAGE", "Name the packages, or use --all or --allow-scripts-pending")
    chosen = [node for node in nodes if everything or (node.package_name or node.name) in names]
    missing = [name for name in names if name not in [node.package_name or node.name for node in chosen]]
    if missing:
        raise RegistryError(
            "ENOMATCH", f"No installed package with install scripts is named {', '.join(missing)}"
        )
    field = file.original.get("allowScripts") or {}
    field = dict.fromkeys(field, True) if isinstance(field, list) else dict(field)
    for node in chosen:
        name = node.package_name or node.name
        for key in [key for key in field if key == name or key.startswith(f"{name}@")]:
            del field[key]
    for node in chosen:
        name = node.package_name or node.name
        field[f"{name}@{node.version}" if pin else name] = verdict
    file.original["allowScripts"] = dict(sorted(field.items()))
    jsonfile.write(file.path, jsonfile.dump(file.original, file.style))
    lines = [f"{'approved' if verdict else 'denied'} {node.pkgid}" for node in chosen]
    session.answer("\n".join(lines), {"allowScripts": file.original["allowScripts"]})
    if verdict and chosen:
        session.notice("Run `edgejs rebuild` to run the scripts now")


approve = _decide("approve-scripts", "Allow the install scripts of packages, in package.json.", True)
deny = _decide("deny-scripts", "Forbid the install scripts of packages, in package.json.", False)


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--allow-scripts", multiple=True, metavar="NAME", help="Allow these packages' scripts, this once"
)
@click.option("--dangerously-allow-all-scripts", "all_scripts", is_flag=True, help="Allow every script")
@click.option("--ignore-scripts", is_flag=True, default=None, help="Make links of commands only")
@click.option("--foreground-scripts", is_flag=True, help="Show what scripts print")
@common
def rebuild(
    names: tuple[str, ...],
    allow_scripts: tuple[str, ...],
    all_scripts: bool,
    foreground_scripts: bool,
    **options: Any,
) -> None:
    """Run the allowed install scripts again, of all packages or of those named, and link commands."""

    def work(session: Session) -> None:
        from ..bins import link_bins
        from ..consent import Consent
        from ..rebuild import run_scripts

        tree = session.project().tree()
        nodes = [node for node in tree.inventory.values() if not names or node.name in names]
        if session.config.bin_links:
            commands = os.path.join(session.config.prefix, "bin") if session.is_global else None
            link_bins(session.folder, tree.inventory.values(), commands)
        undecided = []
        if not session.config.ignore_scripts:
            words = [word for one in allow_scripts for word in one.split(",") if word]
            undecided = run_scripts(
                nodes,
                Consent(tree.package, words, everything=all_scripts),
                node_program=session.node,
                reporter=session.reporter,
                foreground=foreground_scripts,
                settings=session.config.values,
            )
        waiting = [node.pkgid for node in undecided]
        session.scripts_not_run(waiting)
        session.answer("rebuilt dependencies successfully", {"notRun": waiting})

    run(options, "rebuild", work)
