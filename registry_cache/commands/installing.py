# SPDX-License-Identifier: Apache-2.0
"""``install``, ``ci``, ``uninstall``, ``update``, ``prune``, ``dedupe``: what changes node_modules."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from .options import tree_shape
from .session import Session, run

if TYPE_CHECKING:
    from ..project import Project
    from ..result import InstallResult

__all__ = ["ci", "dedupe", "finish", "install", "prune", "save_kinds", "take_save", "uninstall", "update"]

_SAVE_KINDS = (
    click.option("-S", "--save", "save_flag", is_flag=True, help="Record in package.json (the default)"),
    click.option("--no-save", is_flag=True, help="Change neither package.json nor the lock file"),
    click.option("-P", "--save-prod", "prod", is_flag=True, help="Record in dependencies"),
    click.option("-D", "--save-dev", "--dev", "dev", is_flag=True, help="Record in devDependencies"),
    click.option("-O", "--save-optional", "optional", is_flag=True, help="Record in optionalDependencies"),
    click.option("--save-peer", "peer", is_flag=True, help="Record in peerDependencies"),
)


def save_kinds(function: Any) -> Any:
    for option in reversed(_SAVE_KINDS):
        function = option(function)
    return function


def take_save(options: dict[str, Any]) -> tuple[bool, str | None]:
    """(record at all, kind of dependency or None) out of the flags, which are taken away."""
    kinds = [name for name in ("prod", "dev", "optional", "peer") if options.pop(name)]
    options.pop("save_flag")
    return not options.pop("no_save"), kinds[-1] if kinds else None


def finish(options: dict[str, Any], name: str, work: Callable[[Project, Session], InstallResult]) -> None:
    words = [word for one in options.pop("allow_scripts") for word in one.split(",") if word]
    everything, foreground = options.pop("all_scripts"), options.pop("foreground_scripts")

    def body(session: Session) -> None:
        from ..project import Scripts

        project = session.project()
        project.scripts = Scripts(
            session.node, words, everything=everything, foreground=foreground, own=name in ("install", "ci")
        )
        result = work(project, session)
        session.reporter.finish()
        if session.wants_json:
            session.print_json(result.to_json())
        else:
            _print_result(result, session)

    run(options, name, body)


def _print_result(result: InstallResult, session: Session) -> None:
    if session.dry_run:
        for change in result.removed:
            session.print(f"remove {change.name} {change.old}")
        for change in result.added:
            session.print(f"add {change.name} {change.new}")
        for change in result.changed:
            session.print(f"change {change.name} {change.old} => {change.new}")
    session.print(f"\n{result.summary()}")
    put_in = {
        change.name
        for change in (*result.added, *result.changed)
        if change.location.count("node_modules/") == 1
    }
    for name, version in result.direct.items():
        if name in put_in or name in result.requested:
            session.print(f"+ {name}@{version}")
    session.scripts_not_run(result.scripts)
    if session.is_global and result.added:
        commands = os.path.join(session.config.prefix, "bin")
        if commands not in os.environ.get("PATH", "").split(os.pathsep):
            session.notice(f"edgejs notice The commands are in {commands}, which is not on your PATH")


@click.command()
@click.argument("specs", nargs=-1, metavar="[SPEC]...")
@save_kinds
@click.option("-E", "--save-exact", is_flag=True, default=None, help="Record the exact version")
@click.option("--save-prefix", metavar="PREFIX", help="Record with this prefix instead of ^")
@click.option(
    "--package-lock-only", "--lockfile-only", "lock_only", is_flag=True, help="Write only the lock file"
)
@click.option("--prefer-dedupe", is_flag=True, default=None, help="Rather reuse than take the newest")
@click.option("--frozen-lockfile", is_flag=True, help="Fail when the lock file does not fit")
@click.option("--tag", metavar="TAG", help="The tag to install when no version is named")
@tree_shape
def install(specs: tuple[str, ...], **options: Any) -> None:
    """Install packages, and record those named by SPEC."""
    save, kind = take_save(options)
    lock_only, frozen = options.pop("lock_only"), options.pop("frozen_lockfile")

    def work(project: Project, session: Session) -> InstallResult:
        if frozen:
            return project.ci(dry_run=session.dry_run, keep_modules=True)
        return project.install(
            specs or (["."] if session.is_global else []),
            save=save,
            save_type=kind,
            dry_run=session.dry_run,
            lock_only=lock_only,
            workspaces=session.workspaces(),
            include_root=session.include_root,
        )

    finish(options, "install", work)


@click.command()
@tree_shape
def ci(**options: Any) -> None:
    """Install exactly what the lock file says."""
    finish(options, "ci", lambda project, session: project.ci(dry_run=session.dry_run))


@click.command()
@click.argument("names", nargs=-1, metavar="NAME...")
@save_kinds
@tree_shape
def uninstall(names: tuple[str, ...], **options: Any) -> None:
    """Remove packages from the project."""
    save, _kind = take_save(options)

    def work(project: Project, session: Session) -> InstallResult:
        return project.uninstall(
            names,
            save=save,
            dry_run=session.dry_run,
            workspaces=session.workspaces(),
            include_root=session.include_root,
        )

    finish(options, "uninstall", work)


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("-S", "--save", is_flag=True, help="Record the new versions in package.json")
@tree_shape
def update(names: tuple[str, ...], save: bool, **options: Any) -> None:
    """Take the newest versions that the ranges allow, of all packages or of those named."""
    finish(
        options,
        "update",
        lambda project, session: project.update(names, save=save, dry_run=session.dry_run),
    )


@click.command()
@tree_shape
def prune(**options: Any) -> None:
    """Remove packages that nothing asks for."""
    finish(options, "prune", lambda project, session: project.prune(dry_run=session.dry_run))


@click.command()
@tree_shape
def dedupe(**options: Any) -> None:
    """Let fewer copies of packages serve more dependents."""
    finish(options, "dedupe", lambda project, session: project.dedupe(dry_run=session.dry_run))
