# SPDX-License-Identifier: Apache-2.0
"""The ``matrix`` command."""

from __future__ import annotations

import json
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from . import exports, tables
from .cells import Cell, Place, perform
from .executors import NoDask, executor_of
from .plan import BadPlan, Plan, from_arguments, parse_size
from .processes import Limits
from .ratchet import Change, changes
from .results import BadResults, Log, load
from .runs import Run
from .runtimes import Runtime, UnknownRuntime, find, named, reference_of
from .verdicts import FAILURES

__all__ = ["cli", "main"]

PATH = click.Path(path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Which native packages work in which runtime, and why not."""


@cli.command("run")
@click.argument("targets", nargs=-1, required=True, metavar="PLAN.toml|PACKAGE[@RANGE]|FOLDER...")
@click.option("-o", "--out", type=PATH, default="matrix.jsonl", show_default=True, help="The file of results")
@click.option("--resume", is_flag=True, help="Leave out the cells that the file has")
@click.option("--runtime", "runtimes", multiple=True, metavar="NAME[=COMMAND]", help="A column")
@click.option("--reference", metavar="NAME", help="The column to compare with (default: Node 24)")
@click.option("--expect", type=PATH, metavar="RESULTS", help="Compare with the reference of this file")
@click.option("--case", type=PATH, metavar="FILE.mjs", help="The case of the packages that are named")
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Cells at a time"
)
@click.option("--executor", metavar="dask://HOST:PORT", help="Perform the cells on a Dask cluster")
@click.option("--timeout", type=float, default=Limits.seconds, show_default=True, help="Seconds for a cell")
@click.option("--memory", default="2GiB", show_default=True, help="Memory for a cell")
@click.option(
    "--work", type=PATH, metavar="DIR", help="Where projects are made; kept (default: a temporary folder)"
)
@click.option("--cache", type=click.Path(resolve_path=True), metavar="DIR", help="The store's folder")
@click.option("--junit", type=PATH, metavar="FILE", help="Write JUnit's XML too")
@click.option(
    "--ratchet", type=PATH, metavar="RESULTS", help="Fail for what got worse than in this file only"
)
@click.option("--strict", is_flag=True, help="Fail for what fails in other runtimes than edgejs too")
@click.pass_obj
def run_command(edgejs: str, /, **options: Any) -> None:
    """Run cells and write their results.

    The exit code is 1 if a cell of edgejs fails; with --ratchet, if one got worse.
    """
    with _complaints("run"):
        limits = Limits(options["timeout"], parse_size(options["memory"]))
        plan = from_arguments(options["targets"], options["case"], limits)
        columns = _columns(options["runtimes"] or plan.runtimes, edgejs)
        reference = _reference(options["reference"] or plan.reference, columns)
        earlier = load(options["ratchet"]) if options["ratchet"] else None
        lines = _run(plan, columns, reference, edgejs, options)
    if options["junit"]:
        options["junit"].write_bytes(exports.junit(lines))
    if earlier is not None:
        raise SystemExit(_show(list(changes(earlier, lines))))
    counted = {column.name for column in columns if column.kind == "edgejs" or options["strict"]}
    raise SystemExit(int(any(line["verdict"] in FAILURES and line["runtime"] in counted for line in lines)))


def _run(
    plan: Plan, columns: Sequence[Runtime], reference: Runtime | None, edgejs: str, options: dict[str, Any]
) -> list[dict[str, Any]]:
    recorded = _recorded(options["expect"]) if options["expect"] else None
    began = time.monotonic()
    executor = executor_of(options["executor"], options["jobs"])
    log = Log(options["out"], resume=options["resume"])
    try:
        with _work(options["work"]) as work:
            place = Place(work, options["cache"], edgejs)
            run = Run(plan.rows, columns, reference, log, recorded=recorded, tell=_tell)
            run.perform(executor, place)
    finally:
        executor.close()
        log.close()
    tables.terminal(run.lines, Console(highlight=False))
    most = max((line["outcome"].get("peak_memory", 0) for line in run.lines), default=0)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    click.echo(
        f"{len(run.lines)} cells in {time.monotonic() - began:.1f} s; "
        f"peak memory {most >> 20} MiB of a cell, {own >> 20} MiB of this process",
        err=True,
    )
    return run.lines


def _tell(line: dict[str, Any]) -> None:
    code = click.style(line["verdict"], fg=tables.style_of(line["verdict"]))
    version = line["version"] or line["spec"]
    click.echo(f"{line['package']}@{version} {line['runtime']} {code}", err=True)


@contextmanager
def _work(given: Path | None) -> Iterator[str]:
    if given is not None:
        yield str(given.resolve())
        return
    with tempfile.TemporaryDirectory(prefix="edgejs-matrix-", ignore_cleanup_errors=True) as folder:
        yield folder


def _columns(names: Sequence[str], edgejs: str) -> list[Runtime]:
    return [named(name, edgejs) for name in names] if names else find(edgejs)


def _reference(name: str | None, columns: Sequence[Runtime]) -> Runtime | None:
    if name is None:
        return reference_of(columns)
    found = next((column for column in columns if column.name == name), None)
    if found is None:
        raise BadPlan(f"the reference {name} is none of the runtimes {', '.join(c.name for c in columns)}")
    return found


def _recorded(path: Path) -> dict[tuple[str, str], dict[str, Any]]:
    return {(line["package"], line["spec"]): line["outcome"] for line in load(path) if line["is_reference"]}


@cli.command("cell")
@click.argument("results", type=PATH)
@click.argument("id")
@click.option(
    "--work", type=PATH, metavar="DIR", help="Where the project is made; kept, with the run's files"
)
@click.option("--cache", type=click.Path(resolve_path=True), metavar="DIR", help="The store's folder")
@click.pass_obj
def cell_command(edgejs: str, results: Path, id: str, work: Path | None, cache: str | None) -> None:
    """Run one cell of a file of results again, as it was, and print its outcome as JSON."""
    with _complaints("cell"):
        line = next((line for line in load(results) if line["id"] == id), None)
        if line is None:
            raise BadResults(f"{results} has no cell {id}")
        with _work(work) as folder:
            outcome = perform(
                Cell.from_json(line["cell"]), Place(folder, cache, edgejs), keep=work is not None
            )
    click.echo(json.dumps(outcome, indent=2, ensure_ascii=False))


@cli.command("report")
@click.argument("results", nargs=-1, required=True, type=PATH)
@click.option("--html", "page", type=PATH, metavar="FILE", help="Write one HTML page instead")
@click.option("--junit", type=PATH, metavar="FILE", help="Write JUnit's XML instead")
def report_command(results: Sequence[Path], page: Path | None, junit: Path | None) -> None:
    """Show results as a table. Of several files the last one counts; those before are its history."""
    with _complaints("report"):
        runs = [load(path) for path in results]
        if page:
            page.write_text(tables.html(runs), encoding="utf-8")
        if junit:
            junit.write_bytes(exports.junit(runs[-1]))
    if not page and not junit:
        tables.terminal(runs[-1], Console(highlight=False))


@cli.command("diff")
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
def diff_command(old: Path, new: Path) -> None:
    """Tell which verdicts changed. The exit code is 1 if one got worse."""
    with _complaints("diff"):
        found = list(changes(load(old), load(new)))
    raise SystemExit(_show(found))


def _show(found: Sequence[Change]) -> int:
    for change in found:
        mark = click.style("worse", fg="red") if change.is_regression else "other"
        step = f"{change.old or 'not there'} -> {change.new or 'not there'}"
        title = f"{change.package}@{change.spec}" if change.spec else change.package
        click.echo(
            f"{mark}  {title} {change.runtime}: {step}" + (f" ({change.reason})" if change.reason else "")
        )
    return int(any(change.is_regression for change in found))


@cli.command("badge")
@click.argument("results", type=PATH)
@click.option(
    "-o", "--out", type=PATH, required=True, metavar="FILE.svg|FILE.json", help="An image, or shields' JSON"
)
@click.option("--runtime", default="edgejs", show_default=True)
@click.option("--package", help="One package alone")
def badge_command(results: Path, out: Path, runtime: str, package: str | None) -> None:
    """Write a badge that tells how many packages work."""
    with _complaints("badge"):
        lines = [
            line
            for line in load(results)
            if line["runtime"] == runtime and package in (None, line["package"])
        ]
    message, colour = exports.badge(lines)
    make = exports.svg if out.suffix == ".svg" else exports.shield
    out.write_text(make(runtime, message, colour), encoding="utf-8")


@contextmanager
def _complaints(command: str) -> Iterator[None]:
    """Errors that are the user's to mend end the command with a line and code 2."""
    try:
        yield
    except (BadPlan, BadResults, NoDask, UnknownRuntime, tables.NoTemplates, OSError) as error:
        click.echo(f"edgejs matrix {command}: {error}", err=True)
        raise SystemExit(2) from None


def main(argv: Sequence[str], edgejs: str) -> int:
    """Run ``edgejs matrix ...`` with the arguments after ``matrix``; `edgejs` is the program itself."""
    try:
        cli.main(list(argv), prog_name="edgejs matrix", standalone_mode=True, obj=edgejs)
    except SystemExit as exit:
        return exit.code if isinstance(exit.code, int) else int(bool(exit.code))
    return 0
