# SPDX-License-Identifier: Apache-2.0
"""HTTP/2 behind the JavaScript module `http2`, over h2: bytes of a socket in, events out, and bytes to send.

A call changes the state of a session; what it has to send is fetched once after any number of calls.
"""

from __future__ import annotations

from ..engine.errors import HostError

try:
    from .http2_connection import Http2Connection
except ModuleNotFoundError as missing:
    if missing.name not in ("h2", "hpack", "hyperframe"):
        raise
    raise HostError(
        "http2 needs the package h2: pip install 'edgejs[http2]'", code="ERR_FEATURE_UNAVAILABLE"
    ) from None

TYPE_CHECKING = False  # typing costs more to import than what this module needs
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["binding"]


def _session(is_server: bool, settings: dict[str, int]) -> dict[str, Callable[..., Any]]:
    """The methods of a new session, which own it."""
    connection = Http2Connection(is_server, {int(number): value for number, value in settings.items()})
    return {
        "altsvc": connection.send_altsvc,
        "consumed": connection.consumed,
        "data": lambda stream, data, end: connection.send_body(stream, bytes(data), end),
        "goaway": lambda code, last, data: connection.send_goaway(
            code, last, b"" if data is None else bytes(data)
        ),
        "headers": connection.send_fields,
        "output": connection.take_output,
        "ping": lambda data: connection.ping(bytes(data)),
        "push": connection.push,
        "receive": lambda data: connection.receive(bytes(data)),
        "request": connection.request,
        "reset": connection.reset,
        "settings": lambda settings: connection.change_settings(
            {int(number): value for number, value in settings.items()}
        ),
        "setWindow": connection.set_window,
        "setNextStreamId": connection.set_next_stream_id,
        "windows": connection.windows,
        "streamWindows": connection.stream_windows,
    }


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('http2_host')`."""
    return {"session": _session}
