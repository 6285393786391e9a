# SPDX-License-Identifier: Apache-2.0
"""The ``install`` and ``ci`` commands: arguments in, exit code out; the only importer of click."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from .errors import RegistryError
from .report import PREFIX, as_json, error_lines

if TYPE_CHECKING:
    from .config import Config
    from .progress import ConsoleReporter
    from .project import Project
    from .result import InstallResult

__all__ = ["cli", "main"]

_INSTALL = (
    "install",
    "i",
    "add",
    "in",
    "ins",
    "inst",
    "insta",
    "instal",
    "isnt",
    "isnta",
    "isntal",
    "isntall",
)
_CI = ("ci", "clean-install", "ic", "install-clean", "isntall-clean")
_SILENT_LEVELS = ("silent", "error")


class _Aliases(click.Group):
    """npm's other names for a command, its typing mistakes included."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = "install" if cmd_name in _INSTALL else "ci" if cmd_name in _CI else cmd_name
        return super().get_command(ctx, name)


def _options(function: Any) -> Any:
    """The flags that both commands take."""
    for option in reversed(
        (
            click.option(
                "--omit", multiple=True, metavar="TYPE", help="Leave out dev, optional or peer dependencies"
            ),
            click.option(
                "--include", multiple=True, metavar="TYPE", help="Take what --omit or NODE_ENV leaves out"
            ),
            click.option("--registry", metavar="URL", help="The registry to ask"),
            click.option("--offline", is_flag=True, default=None, help="Use only what is in the store"),
            click.option(
                "--prefer-offline",
                is_flag=True,
                default=None,
                help="Do not ask again for what is in the store",
            ),
            click.option(
                "--prefer-online", is_flag=True, default=None, help="Ask even for what is fresh in the store"
            ),
            click.option("--cache", metavar="DIR", help="The store's folder"),
            click.option("-C", "--prefix", "--cwd", "prefix", metavar="DIR", help="The project's folder"),
            click.option("--json", "as_json_", is_flag=True, help="Print one JSON document"),
            click.option("--dry-run", is_flag=True, help="Say what would be done and do nothing"),
            click.option("--ignore-scripts", is_flag=True, help="Accepted; install scripts are never run"),
            click.option("--no-audit", is_flag=True, hidden=True),
            click.option("--no-fund", is_flag=True, hidden=True),
            click.option("--progress/--no-progress", default=True, help="Show a progress line on a terminal"),
            click.option("-q", "--quiet", is_flag=True, help="No warnings"),
            click.option("-s", "--silent", is_flag=True, help="Print nothing but the exit code"),
            click.option(
                "--loglevel", metavar="LEVEL", help="silent, error, warn, notice, http, info, verbose, silly"
            ),
            click.option(
                "-f", "--force", is_flag=True, default=None, help="Override conflicts and platform checks"
            ),
            click.option("--legacy-peer-deps", is_flag=True, default=None, help="Ignore peer dependencies"),
            click.option(
                "--strict-peer-deps", is_flag=True, default=None, help="Fail on every peer conflict"
            ),
            click.option(
                "--engine-strict", is_flag=True, default=None, help="Fail when a package wants another Node"
            ),
            click.option("--os", "os_name", metavar="NAME", help="Install for this operating system"),
            click.option("--cpu", metavar="NAME", help="Install for this processor"),
            click.option("--libc", metavar="NAME", help="Install for this C library"),
            click.option("--userconfig", metavar="FILE", help="The user's npmrc"),
            click.option("--globalconfig", metavar="FILE", help="The global npmrc"),
            click.option("--fetch-retries", type=int, metavar="N", help="How often to try again"),
            click.option("--fetch-timeout", type=int, metavar="MS", help="How long to wait for an answer"),
            click.option(
                "--maxsockets",
                "--network-concurrency",
                "maxsockets",
                type=int,
                metavar="N",
                help="Connections at a time",
            ),
            click.option("--cafile", metavar="FILE", help="Certificate authorities to trust"),
            click.option("--proxy", metavar="URL", help="Proxy for requests"),
        )
    ):
        function = option(function)
    return function


@click.group(cls=_Aliases, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """npm packages without npm."""


@cli.command("install")
@click.argument("specs", nargs=-1, metavar="[SPEC]...")
@click.option("-S", "--save", "save_flag", is_flag=True, help="Record in package.json (the default)")
@click.option("--no-save", is_flag=True, help="Change neither package.json nor the lock file")
@click.option("-P", "--save-prod", "prod", is_flag=True, help="Record in dependencies")
@click.option("-D", "--save-dev", "--dev", "dev", is_flag=True, help="Record in devDependencies")
@click.option("-O", "--save-optional", "optional", is_flag=True, help="Record in optionalDependencies")
@click.option("--save-peer", "peer", is_flag=True, help="Record in peerDependencies")
@click.option("-E", "--save-exact", is_flag=True, default=None, help="Record the exact version")
@click.option("--save-prefix", metavar="PREFIX", help="Record with this prefix instead of ^")
@click.option("--package-lock/--no-package-lock", default=None, help="Read and write the lock file")
@click.option(
    "--package-lock-only", "--lockfile-only", "lock_only", is_flag=True, help="Write only the lock file"
)
@click.option("--prefer-dedupe", is_flag=True, default=None, help="Rather reuse than take the newest")
@click.option("--frozen-lockfile", is_flag=True, help="Fail when the lock file does not fit")
@click.option("--tag", metavar="TAG", help="The tag to install when no version is named")
@_options
def install_command(specs: tuple[str, ...], **options: Any) -> None:
    """Install packages, and record those named by SPEC."""
    kinds = [name for name in ("prod", "dev", "optional", "peer") if options.pop(name)]
    options.pop("save_flag")
    save, lock_only = not options.pop("no_save"), options.pop("lock_only")
    frozen = options.pop("frozen_lockfile")

    def work(project: Project, dry_run: bool) -> InstallResult:
        if frozen:
            return project.ci(dry_run=dry_run, keep_modules=True)
        return project.install(
            specs,
            save=save,
            save_type=kinds[-1] if kinds else None,
            dry_run=dry_run,
            lock_only=lock_only,
        )

    raise SystemExit(_run(work, options, "install"))


@cli.command("ci")
@_options
def ci_command(**options: Any) -> None:
    """Install exactly what the lock file says."""
    raise SystemExit(_run(lambda project, dry_run: project.ci(dry_run=dry_run), options, "ci"))


def _settings(options: dict[str, Any]) -> dict[str, Any]:
    """Flags as npm configuration; what was not given does not override."""
    renamed = {"cache": "edgejs-cache", "os_name": "os"}
    skipped = (
        "as_json_",
        "dry_run",
        "ignore_scripts",
        "no_audit",
        "no_fund",
        "progress",
        "quiet",
        "silent",
        "loglevel",
        "prefix",
    )
    found = {}
    for name, value in options.items():
        if name in skipped or value is None or value == ():
            continue
        found[renamed.get(name, name.replace("_", "-"))] = list(value) if isinstance(value, tuple) else value
    return found


def find_project(start: str) -> str:
    """The nearest folder, going up, that has a package.json or node_modules; else `start` (npm's prefix)."""
    folder = os.path.abspath(start)
    while True:
        if os.path.basename(folder) != "node_modules" and any(
            os.path.exists(os.path.join(folder, name)) for name in ("package.json", "node_modules")
        ):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return os.path.abspath(start)
        folder = above


def _run(work: Callable[[Project, bool], InstallResult], options: dict[str, Any], name: str) -> int:
    from .config import Config
    from .progress import ConsoleReporter, progress_wanted
    from .project import Project

    level = options["loglevel"] or (
        "silent" if options["silent"] else "error" if options["quiet"] else "notice"
    )
    silent, wants_json = level == "silent", bool(options["as_json_"])
    shows = progress_wanted(json=wants_json, silent=silent, flag=options["progress"])
    reporter = ConsoleReporter(progress=shows, quiet=level in _SILENT_LEVELS)
    folder = os.path.abspath(options["prefix"]) if options["prefix"] else find_project(os.getcwd())
    config: Config | None = None
    try:
        config = Config.load(folder, overrides=_settings(options))
        result = work(Project(folder, config, reporter=reporter), options["dry_run"])
    except RegistryError as error:
        reporter.finish()
        _print_failure(error, reporter, config, wants_json, silent, name)
        return 1
    reporter.finish()
    if wants_json:
        click.echo(json.dumps(result.to_json(), indent=2))
    elif not silent:
        _print_result(result, level, dry_run=options["dry_run"])
    return 0


def _print_result(result: InstallResult, level: str, *, dry_run: bool) -> None:
    if dry_run:
        for change in result.removed:
            click.echo(f"remove {change.name} {change.old}")
        for change in result.added:
            click.echo(f"add {change.name} {change.new}")
        for change in result.changed:
            click.echo(f"change {change.name} {change.old} => {change.new}")
    click.echo(f"\n{result.summary()}")
    put_in = {
        change.name
        for change in (*result.added, *result.changed)
        if change.location.count("node_modules/") == 1
    }
    for name, version in result.direct.items():
        if name in put_in or name in result.requested:
            click.echo(f"+ {name}@{version}")
    if result.scripts and level not in _SILENT_LEVELS:
        click.echo(f"edgejs warn install-scripts not run: {', '.join(result.scripts)}", err=True)


def _print_failure(
    error: RegistryError,
    reporter: ConsoleReporter,
    config: Config | None,
    wants_json: bool,
    silent: bool,
    name: str,
) -> None:
    lines = error_lines(error)
    if wants_json:
        click.echo(json.dumps(as_json(error), indent=2))
    if silent:
        return
    for line in lines:
        click.echo(line, err=True)
    log = _write_log(lines, reporter, config, name) if config else None
    if log:
        click.echo(f"{PREFIX} A complete log of this run can be found in: {log}", err=True)


def _write_log(lines: list[str], reporter: ConsoleReporter, config: Config, name: str) -> str | None:
    """The debug log of a failed run; None, and a line on stderr, when it cannot be written."""
    folder = os.path.join(config.cache, "_logs")
    stamp = time.strftime("%Y-%m-%dT%H_%M_%S", time.gmtime()) + f"_{int(time.time() * 1000) % 1000:03d}Z"
    path = os.path.join(folder, f"{stamp}-debug-0.log")
    try:
        os.makedirs(folder, exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            for number, line in enumerate([f"command {name}", *reporter.log, *lines]):
                file.write(f"{number} {line}\n")
    except OSError as error:
        click.echo(
            f"{PREFIX} Log files were not written due to an error writing to the directory: {folder}: "
            f"{error.strerror}",
            err=True,
        )
        return None
    return path


def main(argv: Sequence[str]) -> int:
    """Runs ``install ...`` or ``ci ...``; the exit code is 0, 1 for a failure, 2 for wrong usage."""
    collecting = gc.isenabled()
    gc.disable()  # parsed packuments are millions of objects and no cycles: a tenth of the time went there
    try:
        cli.main(args=list(argv), prog_name="edgejs", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        return 130
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 1
    finally:
        if collecting:
            gc.enable()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
