# SPDX-License-Identifier: Apache-2.0
"""One run of a command: its settings, its project, its output, and what a failure prints."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from ..errors import RegistryError
from ..report import PREFIX, as_json, error_lines
from .options import settings

if TYPE_CHECKING:
    from ..config import Config
    from ..project import Project

__all__ = ["Session", "find_project", "run"]

_SILENT_LEVELS = ("silent", "error")


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


class Session:
    """What a command works with. `node` is the program that scripts get as ``node``, or None."""

    def __init__(self, options: dict[str, Any], name: str, node: str | None = None) -> None:
        from ..events import EventReporter
        from ..progress import ConsoleReporter, progress_wanted

        self.options = options
        self.name = name
        self.node = node
        self.level: str = options["loglevel"] or (
            "silent" if options["silent"] else "error" if options["quiet"] else "notice"
        )
        self.silent = self.level == "silent"
        self.quiet = self.level in _SILENT_LEVELS
        self.wants_json = bool(options["as_json"])
        self.dry_run = bool(options.get("dry_run"))
        shows = progress_wanted(json=self.wants_json, silent=self.silent, flag=options["progress"])
        self.events = options["log_format"] == "ndjson"
        self.reporter = EventReporter() if self.events else ConsoleReporter(progress=shows, quiet=self.quiet)
        start = os.path.abspath(options["prefix"]) if options["prefix"] else None
        self.is_global = bool(options["is_global"])
        self._config: Config | None = None
        self.folder = self._global_folder(start) if self.is_global else start or find_project(os.getcwd())
        self._document: Any = None

    def _global_folder(self, prefix: str | None) -> str:
        """Where the global packages are; for these --prefix is what it is for npm."""
        from ..config import Config

        overrides = {**settings(self.options), **({"prefix": prefix} if prefix else {})}
        self._config = Config.load(os.path.expanduser("~"), overrides=overrides)
        return os.path.join(self._config.prefix, "lib")

    @property
    def config(self) -> Config:
        from ..config import Config

        if self._config is None:
            self._config = Config.load(self.folder, overrides=settings(self.options))
            self._warn_of_unknown_settings()
        return self._config

    def _warn_of_unknown_settings(self) -> None:
        from .. import npmrc
        from ..keys import unknown

        for kind, key in unknown(npmrc.sources(self.folder)):
            self.reporter.warn("config", f'Unknown {kind} config "{key}", which has no effect')

    def project(self) -> Project:
        """The project, with this run's settings and display."""
        from ..project import Project

        return Project(self.folder, self.config, reporter=self.reporter, is_global=self.is_global)

    def workspaces(self) -> list[str]:
        """The workspaces that ``-w`` and ``--workspaces`` choose, by name; [] for the project itself."""
        from ..packagefile import PackageFile
        from ..workspaces import find_workspaces, select_workspaces

        chosen = list(self.options["workspace"])
        if not chosen and not self.options["workspaces"]:
            return []
        found = find_workspaces(PackageFile.load(self.folder).original, self.folder)
        if chosen:
            return list(select_workspaces(found, chosen, self.folder))
        if not found:
            raise RegistryError("ENOWORKSPACES", "No workspaces found!")
        return list(found)

    @property
    def include_root(self) -> bool:
        return bool(self.options["include_workspace_root"])

    def print(self, text: str) -> None:
        """Output proper: for stdout, unless silent."""
        if not self.silent:
            click.echo(text)

    def print_json(self, value: Any) -> None:
        """The one JSON document of the run; it is printed at the end, with the error of a failure in it."""
        self._document = value

    def answer(self, text: str, value: Any) -> None:
        """What the command found out: `text` for people, `value` for ``--json``."""
        if self.wants_json:
            self.print_json(value)
        elif text:
            self.print(text)

    def flush(self) -> None:
        """Prints what `print_json` was given, if anything."""
        if self._document is not None:
            click.echo(json.dumps(self._document, indent=2, ensure_ascii=False))
            self._document = None

    def notice(self, text: str) -> None:
        """A line for people on stderr."""
        if not self.quiet and not self.events:
            click.echo(text, err=True)

    def scripts_not_run(self, pkgids: list[str]) -> None:
        """The notice about install scripts that nobody has decided about."""
        if pkgids:
            names = ", ".join(pkgids)
            self.notice(
                f"edgejs warn install-scripts not run: {names} (`edgejs approve-scripts` allows them)"
            )

    def fail(self, error: RegistryError) -> None:
        """Prints what npm prints for a failure, and where the log is."""
        self.reporter.finish()
        lines = error_lines(error)
        if self.wants_json:
            self._document = {
                **(self._document if isinstance(self._document, dict) else {}),
                **as_json(error),
            }
        self.flush()
        if self.events:
            self.reporter.failed(as_json(error)["error"])
        if self.silent or self.events:
            return
        for line in lines:
            click.echo(line, err=True)
        log = self._write_log(lines) if self._config else None
        if log:
            click.echo(f"{PREFIX} A complete log of this run can be found in: {log}", err=True)

    def _write_log(self, lines: list[str]) -> str | None:
        """The debug log of a failed run; None, and a line on stderr, when it cannot be written."""
        folder = os.path.join(self.config.cache, "_logs")
        stamp = time.strftime("%Y-%m-%dT%H_%M_%S", time.gmtime()) + f"_{int(time.time() * 1000) % 1000:03d}Z"
        path = os.path.join(folder, f"{stamp}-debug-0.log")
        try:
            os.makedirs(folder, exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                for number, line in enumerate([f"command {self.name}", *self.reporter.log, *lines]):
                    file.write(f"{number} {line}\n")
        except OSError as error:
            click.echo(
                f"{PREFIX} Log files were not written due to an error writing to the directory: {folder}: "
                f"{error.strerror}",
                err=True,
            )
            return None
        return path


def _exit_code(error: RegistryError) -> int:
    """npm's: what a command ended with, or the number of a system's error, as far as it fits into a byte."""
    code, number = error.details.get("exitCode"), error.details.get("errno")
    if isinstance(code, int):
        return code
    return number & 0xFF if isinstance(number, int) else 1


def run(options: dict[str, Any], name: str, work: Callable[[Session], int | None]) -> None:
    """Runs `work` in a session and ends the command: with its code, or 1 for a RegistryError."""
    session = Session(options, name, click.get_current_context().obj)
    try:
        code = work(session)
    except RegistryError as error:
        session.fail(error)
        code = _exit_code(error)
    session.reporter.finish()
    session.flush()
    raise SystemExit(code or 0)
