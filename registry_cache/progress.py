# SPDX-License-Identifier: Apache-2.0
"""The display of an install on a terminal: one line on stderr, counting packages, never going back."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import Any
from urllib.parse import unquote, urlsplit

from .reporter import Reporter

__all__ = ["ConsoleReporter", "progress_wanted"]

_REDRAWS = 10
_SLOW = 5.0
"""Seconds after which an answer is named that does not come."""


def progress_wanted(*, json: bool, silent: bool, flag: bool) -> bool:
    """Only for people: on a terminal, not in CI, not with ``--json``, not when switched off."""
    environ = os.environ
    return (
        flag
        and not json
        and not silent
        and sys.stderr.isatty()
        and not environ.get("CI")
        and not environ.get("EDGEJS_NO_PROGRESS")
        and environ.get("TERM") != "dumb"
    )


class ConsoleReporter(Reporter):
    """Prints warnings, keeps a log, and draws the bar when `progress` is true."""

    def __init__(self, *, progress: bool = False, quiet: bool = False) -> None:
        self.log: list[str] = []
        """All that happened, for the debug log of a failed run."""
        self._quiet = quiet
        self._lock = threading.Lock()
        self._bar: Any = None
        self._task: Any = None
        self._resolved = 0
        self._wants_bar = progress
        self._waiting: dict[str, float] = {}
        self._waiting_lock = threading.Lock()  # its own: drawing, which asks for it, holds the other

    def slow(self, now: float) -> str:
        """The name of what has been waited for longest, if that is long; `now` is of the monotonic clock."""
        with self._waiting_lock:
            oldest = min(self._waiting.items(), key=lambda item: item[1], default=None)
        if oldest is None or now - oldest[1] < _SLOW:
            return ""
        return f"waiting for {unquote(urlsplit(oldest[0]).path.lstrip('/'))}"

    def failed(self, error: dict[str, Any]) -> None:
        """The command ends with this error, in the form of ``--json``; its text is printed by the command."""

    def _draw(self, text: str, *, total: int | None = None, advance: int = 0) -> None:
        if not self._wants_bar:
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, Task, TextColumn
            from rich.text import Text

            reporter = self

            class SlowColumn(TextColumn):
                def render(self, task: Task) -> Text:
                    return Text(reporter.slow(time.monotonic()))

            self._bar = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(bar_width=30),
                MofNCompleteColumn(),
                SlowColumn(""),
                console=Console(stderr=True),
                transient=True,
                refresh_per_second=_REDRAWS,
            )
            self._task = self._bar.add_task(text, total=None)
            self._bar.start()
        self._bar.update(self._task, description=text, advance=advance, **({"total": total} if total else {}))

    def requesting(self, url: str) -> None:
        self.log.append(f"http fetch GET {url}")
        with self._waiting_lock:
            self._waiting[url] = time.monotonic()

    def answered(self, url: str) -> None:
        with self._waiting_lock:
            self._waiting.pop(url, None)

    def retrying(self, url: str, reason: str, wait: float) -> None:
        self.log.append(f"http fetch GET {url} attempt failed with {reason}, again in {wait}s")
        if wait >= 1:
            self.warn("network", f"{reason}; trying again in {wait:.0f}s")

    def resolving(self, name: str) -> None:
        self.log.append(f"resolve {name}")
        with self._lock:
            self._resolved += 1
            self._draw(f"resolving ({self._resolved})")

    def planned(self, total: int) -> None:
        with self._lock:
            self._draw("installing", total=total)

    def linked(self, pkgid: str) -> None:
        self.log.append(f"link {pkgid}")
        with self._lock:
            self._draw("installing", advance=1)

    def running(self, pkgid: str, event: str) -> None:
        self.log.append(f"run {pkgid} {event}")
        with self._lock:
            self._draw(f"{event} of {pkgid}")

    def warn(self, code: str, message: str) -> None:
        self.log.append(f"warn {code} {message}")
        if self._quiet:
            return
        with self._lock:
            for line in message.split("\n"):
                text = f"edgejs warn {code} {line}".rstrip()
                if self._bar is not None:
                    self._bar.console.print(text, highlight=False, markup=False)
                else:
                    print(text, file=sys.stderr)

    def finish(self) -> None:
        with self._lock:
            if self._bar is not None:
                self._bar.stop()
                self._bar = None
            self._wants_bar = False
