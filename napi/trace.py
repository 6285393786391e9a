# SPDX-License-Identifier: Apache-2.0
"""Reads what ``edgejs --trace-napi=FILE`` recorded; the layout is that of ``napi/src/trace.h``.

The file is good after any end of the process, so it tells where one was that crashed or was killed. The
counts are of all calls that returned; `Trace.calls` are the last 65,536. A few calls are those that the
implementation of one function makes of another.
"""

from __future__ import annotations

import re
import signal
import struct
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

__all__ = ["Call", "Crash", "Function", "NotATrace", "Trace", "read"]

MAGIC = b"ejnapi1\n"
HEAD = struct.Struct("=8sIIIiQiiQQ")
RECORD = struct.Struct("=QQiHh")
NAME = 56

STATUSES = [
    "napi_ok",
    "napi_invalid_arg",
    "napi_object_expected",
    "napi_string_expected",
    "napi_name_expected",
    "napi_function_expected",
    "napi_number_expected",
    "napi_boolean_expected",
    "napi_array_expected",
    "napi_generic_failure",
    "napi_pending_exception",
    "napi_cancelled",
    "napi_escape_called_twice",
    "napi_handle_scope_mismatch",
    "napi_callback_scope_mismatch",
    "napi_queue_full",
    "napi_closing",
    "napi_bigint_expected",
    "napi_date_expected",
    "napi_arraybuffer_expected",
    "napi_detachable_arraybuffer_expected",
    "napi_would_deadlock",
    "napi_no_external_buffers_allowed",
    "napi_cannot_run_js",
]


class NotATrace(Exception):
    """The file was not written by --trace-napi."""


@dataclass(frozen=True)
class Function:
    """All calls of one function that returned: how many gave each status, and the time that they took."""

    name: str
    calls: int
    statuses: dict[str, int]
    nanoseconds: int
    slowest: int


@dataclass(frozen=True)
class Call:
    """One call; ``status`` is `None` if it had not returned."""

    number: int
    name: str
    status: str | None
    nanoseconds: int
    thread: int


@dataclass(frozen=True)
class Crash:
    """The signal that ended the process, where, and the frames of that thread, innermost first."""

    signal: str
    address: int
    thread: int
    backtrace: list[str]


@dataclass(frozen=True)
class Trace:
    """What a process did with Node-API; ``functions`` are the called ones, most called first."""

    pid: int
    made: int
    functions: list[Function]
    calls: list[Call]
    crash: Crash | None

    @property
    def last(self) -> Call | None:
        """The last call of the thread that crashed; of any thread if none did, or if it made none."""
        thread = self.crash.thread if self.crash else None
        own = [call for call in self.calls if call.thread == thread]
        return next(reversed(own or self.calls), None)

    def summary(self) -> dict[str, Any]:
        """Plain data for ``json.dumps``, without the single calls."""
        return {
            "made": self.made,
            "functions": [asdict(function) for function in self.functions],
            "last": asdict(self.last) if self.last else None,
            "crash": asdict(self.crash) if self.crash else None,
        }


def read(path: Path) -> Trace:
    """Read the file at `path`. Raises `OSError` or `NotATrace`."""
    data = path.read_bytes()
    if len(data) < HEAD.size or not data.startswith(MAGIC):
        raise NotATrace(f"{path} was not written by --trace-napi")
    _, count, statuses, ring, pid, made, number, thread, address, text = HEAD.unpack_from(data)
    entry = struct.Struct(f"={NAME}s{statuses}QQQ")
    names: list[str] = []
    functions: list[Function] = []
    for at in range(count):
        name, *rest = entry.unpack_from(data, HEAD.size + at * entry.size)
        names.append(name.rstrip(b"\0").decode())
        functions.append(_function(names[-1], rest[:statuses], *rest[statuses:]))
    start = HEAD.size + count * entry.size
    calls = sorted(_calls(data[start : start + ring * RECORD.size], names), key=lambda call: call.number)
    called = sorted((each for each in functions if each.calls), key=lambda each: (-each.calls, each.name))
    crash = Crash(_signal(number), address, thread, _frames(data[text:])) if number else None
    return Trace(pid, made, called, calls, crash)


def _function(name: str, returned: list[int], nanoseconds: int, slowest: int) -> Function:
    statuses = {_status(status): count for status, count in enumerate(returned) if count}
    return Function(name, sum(returned), statuses, nanoseconds, slowest)


def _calls(data: bytes, names: list[str]) -> Iterator[Call]:
    for number, nanoseconds, thread, function, status in RECORD.iter_unpack(data):
        if number:
            returned = None if status < 0 else _status(status)
            yield Call(number, names[function], returned, nanoseconds, thread)


def _status(number: int) -> str:
    return STATUSES[number] if number < len(STATUSES) else str(number)


def _signal(number: int) -> str:
    return signal.Signals(number).name


def _frames(text: bytes) -> list[str]:
    """``FILE(+0xOFFSET)`` or ``FILE(FUNCTION+0xOFFSET)`` of each, without the address in this process."""
    lines = text.decode("utf-8", "replace").splitlines()
    return [re.sub(r"\s*\[0x[0-9a-f]+\]$", "", line) for line in lines]
