# SPDX-License-Identifier: Apache-2.0
"""The ``napi`` command: what addons need and what is here; the only importer of click in this package."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from .check import Check, NotInstalled, check_file, check_folder, check_package, passes
from .coverage import functions
from .trace import Call, NotATrace, Trace, read

__all__ = ["cli", "main"]

COLOURS = {"ok": "green", "refused": "red", "foreign": "yellow"}
WIDTH = 14


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Native addons: what they need and what edgejs offers."""


@cli.command("check")
@click.argument("target", metavar="FILE.node|FOLDER|PACKAGE")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document")
@click.option("-v", "--verbose", is_flag=True, help="Name every function")
def check_command(target: str, as_json: bool, verbose: bool) -> None:
    """Tell whether native addons can work here, without loading them.

    A package may carry its addon in several variants: one that works is enough. The exit code is 1 if
    a package has none.
    """
    try:
        checks = _checks(target)
    except (NotInstalled, OSError, ValueError) as error:
        if as_json:
            click.echo(json.dumps({"target": target, "passes": False, "error": str(error), "files": []}))
        else:
            click.echo(f"edgejs napi check: {error}", err=True)
        raise SystemExit(1) from None
    fine = passes(checks)
    if as_json:
        document = {"target": target, "passes": fine, "files": [check.as_json() for check in checks]}
        click.echo(json.dumps(document, indent=2))
    else:
        click.echo("\n\n".join("\n".join(_lines(check, verbose)) for check in checks))
    raise SystemExit(0 if fine else 1)


@cli.command("symbols")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document")
def symbols_command(as_json: bool) -> None:
    """List the functions of Node-API and whether they are implemented."""
    listed = functions()
    done = sum(function.status == "implemented" for function in listed)
    if as_json:
        document = {
            "functions": [each.as_json() for each in listed],
            "total": len(listed),
            "implemented": done,
        }
        click.echo(json.dumps(document, indent=2))
        return
    width = max(len(function.name) for function in listed)
    for function in listed:
        click.echo(f"{function.name:{width}}  {function.since!s:12}  {function.env:5}  {function.status}")
    click.echo(f"{done} of {len(listed)} implemented")


@cli.command("trace")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document")
@click.option("--calls", "count", type=int, metavar="N", help="Print the last N calls too")
def trace_command(file: Path, as_json: bool, count: int | None) -> None:
    """Summarize the calls that `edgejs --trace-napi=FILE` recorded: how often, how they ended, how long."""
    try:
        found = read(file)
    except (OSError, NotATrace) as error:
        click.echo(f"edgejs napi trace: {error}", err=True)
        raise SystemExit(1) from None
    calls = found.calls[-count:] if count else []
    if as_json:
        document = {**found.summary(), "calls": [asdict(call) for call in calls]}
        click.echo(json.dumps(document, indent=2))
        return
    click.echo("\n".join(_trace_lines(found, calls)))


@cli.command("gyp")
@click.argument("task", type=click.Choice(["configure", "build", "clean", "rebuild"]))
@click.argument("defines", nargs=-1, metavar="[-- -DNAME=VALUE]...")
@click.option(
    "-C", "--directory", type=click.Path(path_type=Path), default=Path(), help="The package's folder"
)
@click.option("--debug/--release", "-d/-r", default=None, help="The kind of build (default: release)")
@click.option("-j", "--jobs", metavar="N", help="How many compilers at a time; max: one for each processor")
@click.option("--verbose", is_flag=True, hidden=True)
@click.option("--silent", is_flag=True, hidden=True)
@click.pass_obj
def gyp_command(
    node: str | None,
    task: str,
    defines: tuple[str, ...],
    directory: Path,
    debug: bool | None,
    jobs: str | None,
    verbose: bool,
    silent: bool,
) -> None:
    """Build an addon from its binding.gyp, as node-gyp does, with the compiler of this machine."""
    from . import gyp

    folder = directory.resolve()
    count = os.cpu_count() if jobs == "max" else int(jobs) if jobs else None
    try:
        with gyp.node_on_path(node):
            if task in ("clean", "rebuild"):
                gyp.clean(folder)
            if task in ("configure", "rebuild"):
                given = [define.removeprefix("-D") for define in defines]
                gyp.configure(folder, debug=bool(debug), defines=given)
            if task in ("build", "rebuild"):
                gyp.build(folder, debug=debug, jobs=count)
    except gyp.GypError as error:
        click.echo(f"gyp ERR! {error}\ngyp ERR! not ok", err=True)
        raise SystemExit(1) from None
    click.echo("gyp info ok", err=True)


def main(argv: Sequence[str], node: str | None = None) -> int:
    """Run ``edgejs napi ...`` with the arguments after ``napi``; the exit code.

    `node` is the program that a ``binding.gyp`` finds under that name.
    """
    try:
        cli.main(list(argv), prog_name="edgejs napi", standalone_mode=True, obj=node)
    except SystemExit as exit:
        return int(exit.code or 0)
    return 0


def _checks(target: str) -> list[Check]:
    path = Path(target)
    if path.is_dir():
        return check_folder(path)
    if path.exists():
        return [check_file(path)]
    return check_package(target, Path.cwd())


def _lines(check: Check, verbose: bool) -> Iterator[str]:
    """One file for people: the verdict first, then what it rests on."""
    yield f"{click.style(check.verdict, fg=COLOURS[check.verdict], bold=True)}  {check.path}"
    for reason in check.reasons:
        yield f"  {reason.message}"
    if check.machine is None or check.verdict == "foreign":
        return
    yield _line("architecture", check.machine)
    yield _line("registration", ", ".join(check.registration) or "none")
    declared = "not declared" if check.api_declared is None else f"{check.api_declared} declared"
    yield _line("Node-API", f"{declared}, {check.api_needed or 'none'} needed, {check.binding}")
    yield from _names("imported", check.imported, verbose)
    yield from _names("probed", check.probed, verbose)
    yield from _names("libuv", check.libuv, verbose)
    yield from _names("V8 and Node", check.cpp, verbose)
    for library in check.libraries:
        yield _line("library", f"{library.name} => {library.path or 'not found'}")
    for version in check.versions:
        yield _line("version", f"{version.needed} needed, {version.present or 'none'} here")
    if check.verdict == "refused":
        yield from _names("not offered", check.missing, verbose)


def _trace_lines(found: Trace, calls: Sequence[Call]) -> Iterator[str]:
    width = max((len(function.name) for function in found.functions), default=0)
    for each in found.functions:
        failed = {name: number for name, number in each.statuses.items() if name != "napi_ok"}
        failures = "".join(f"  {name} {number}" for name, number in failed.items())
        time = f"{each.nanoseconds / 1e6:10.3f} ms  {each.slowest / 1e6:8.3f} ms at most"
        yield f"{each.name:{width}}  {each.calls:9}  {time}{failures}"
    yield f"{found.made} calls of {len(found.functions)} functions"
    for call in calls:
        yield f"{call.number:9}  {call.name:{width}}  {call.status or 'not returned'}  {call.nanoseconds} ns"
    if found.crash:
        yield f"{found.crash.signal} at {found.crash.address:#x}"
        if found.last:
            yield f"{'after' if found.last.status else 'inside'} {found.last.name}"
        yield from (f"  {frame}" for frame in found.crash.backtrace)


def _line(label: str, text: str) -> str:
    return f"  {label:{WIDTH}}{text}"


def _names(label: str, names: Sequence[str], verbose: bool) -> Iterator[str]:
    if not names:
        return
    if not verbose:
        yield _line(label, str(len(names)))
        return
    yield _line(label, names[0])
    yield from (_line("", name) for name in names[1:])
