# SPDX-License-Identifier: Apache-2.0
"""``--log-format=ndjson``: what an install does, for programs: one JSON object a line on stderr.

Each has ``event`` and ``ms``, the milliseconds since the command began. Events: ``request``, ``answer`` (with
``url``), ``retry`` (``url``, ``reason``, ``wait`` in seconds), ``resolve`` (``name``), ``plan`` (``total``),
``fetched``, ``linked`` (``pkgid``), ``script`` (``pkgid``, ``script``), ``warning`` (``code``, ``message``),
``error`` (npm's error object).
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

from .progress import ConsoleReporter

__all__ = ["EventReporter"]


class EventReporter(ConsoleReporter):
    """Writes events instead of text; the log of a failed run is kept as ever."""

    def __init__(self) -> None:
        super().__init__()
        self._started = time.monotonic()
        self._output = threading.Lock()

    def emit(self, event: str, **details: Any) -> None:
        """Writes one event."""
        ms = round((time.monotonic() - self._started) * 1000)
        line = json.dumps({"event": event, "ms": ms, **details}, ensure_ascii=False)
        with self._output:
            print(line, file=sys.stderr, flush=True)

    def requesting(self, url: str) -> None:
        super().requesting(url)
        self.emit("request", url=url)

    def answered(self, url: str) -> None:
        super().answered(url)
        self.emit("answer", url=url)

    def retrying(self, url: str, reason: str, wait: float) -> None:
        self.log.append(f"http fetch GET {url} attempt failed with {reason}, again in {wait}s")
        self.emit("retry", url=url, reason=reason, wait=wait)

    def resolving(self, name: str) -> None:
        super().resolving(name)
        self.emit("resolve", name=name)

    def planned(self, total: int) -> None:
        self.emit("plan", total=total)

    def fetched(self, pkgid: str) -> None:
        self.emit("fetched", pkgid=pkgid)

    def linked(self, pkgid: str) -> None:
        super().linked(pkgid)
        self.emit("linked", pkgid=pkgid)

    def running(self, pkgid: str, event: str) -> None:
        super().running(pkgid, event)
        self.emit("script", pkgid=pkgid, script=event)

    def warn(self, code: str, message: str) -> None:
        self.log.append(f"warn {code} {message}")
        self.emit("warning", code=code, message=message)

    def failed(self, error: dict[str, Any]) -> None:
        self.emit("error", **error)
