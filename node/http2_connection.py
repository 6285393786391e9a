# SPDX-License-Identifier: Apache-2.0
"""A connection of HTTP/2: h2's; bodies wait for their windows, requests for their turn."""

from __future__ import annotations

from collections import deque

from h2 import events as h2_events
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.exceptions import ProtocolError, TooManyStreamsError
from h2.settings import SettingCodes, Settings
from hpack import HeaderTuple, NeverIndexedHeaderTuple
from hyperframe.frame import GoAwayFrame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from h2.events import Event
    from hyperframe.frame import Frame

    Fields = list[tuple[bytes, bytes]]

__all__ = ["Http2Connection"]

_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_MAX_HEADER_LIST = 65535
_FORBIDDEN = set(b"\0\r\n")


class _Machine(H2Connection):
    """h2's state machine, which lets streams end in peace after a GOAWAY, as Node and RFC 9113 (6.8) do."""

    def _receive_goaway_frame(self, frame: GoAwayFrame) -> tuple[list[Frame], list[Event]]:
        event = h2_events.ConnectionTerminated()
        event.error_code = frame.error_code
        event.last_stream_id = frame.last_stream_id
        event.additional_data = frame.additional_data
        return [], [event]


def _octets(text: str) -> bytes:
    """A character is its low byte, as Node writes it."""
    return text.encode("utf-16-le", "surrogatepass")[::2]


def _field(name: str, value: bytes, sensitive: list[str]) -> tuple[bytes, bytes]:
    """Short cookies and authorizations could be guessed from the table: they never enter it, as nghttp2."""
    never = name in sensitive or name == "authorization" or (name == "cookie" and len(value) < 20)
    return (NeverIndexedHeaderTuple if never else HeaderTuple)(_octets(name), value)


def _fields(names_and_values: list[str], sensitive: list[str]) -> Fields:
    """Header fields from names and values by turns, without values that would end a line, as nghttp2."""
    turns = iter(names_and_values)
    given = ((name, _octets(value)) for name, value in zip(turns, turns, strict=True))
    return [_field(name, value, sensitive) for name, value in given if not _FORBIDDEN & set(value)]


def _shown(fields: Fields) -> tuple[list[str], list[str]]:
    """Names and values by turns; the names of those that must not be indexed."""
    flat: list[str] = []
    sensitive: list[str] = []
    for field in fields:
        name = field[0].decode("latin-1")
        flat += (name, field[1].decode("latin-1"))
        if isinstance(field, NeverIndexedHeaderTuple):
            sensitive.append(name)
    return flat, sensitive


class _Body:
    """What waits to be sent on a stream."""

    def __init__(self, data: memoryview, end: bool) -> None:
        self.data = data
        self.end = end


class Http2Connection:
    def __init__(self, is_server: bool, settings: dict[int, int]) -> None:
        self._machine = machine = _Machine(
            H2Configuration(
                client_side=not is_server,
                header_encoding=None,
                validate_outbound_headers=False,  # http2 of JavaScript does it, with Node's errors
                normalize_outbound_headers=False,
                normalize_inbound_headers=False,
            )
        )
        # A peer may send what these allow until it has our settings.
        machine.local_settings = Settings(
            client=not is_server,
            initial_values={
                SettingCodes.MAX_CONCURRENT_STREAMS: 2**32 - 1,
                SettingCodes.MAX_HEADER_LIST_SIZE: _MAX_HEADER_LIST,
            },
        )
        machine.decoder.max_header_list_size = settings.get(
            SettingCodes.MAX_HEADER_LIST_SIZE, _MAX_HEADER_LIST
        )
        self._output = bytearray(b"" if is_server else _PREFACE)
        self._next_stream = 2 if is_server else 1
        self._pending: deque[tuple[int, Fields, bool]] = deque()  # requests over the peer's limit
        self._bodies: dict[int, _Body] = {}
        self._highest_received = 0
        self.change_settings(settings)

    # --- to send ---

    def take_output(self) -> tuple[bytes, list[int]]:
        """What to send, and the streams of which everything is on its way."""
        drained = [
            stream for stream in list(self._bodies) if not self._is_pending(stream) and self._pump(stream)
        ]
        self.flush_machine()
        output = bytes(self._output)
        self._output.clear()
        return output, drained

    def change_settings(self, settings: dict[int, int]) -> None:
        self._machine.update_settings(dict(settings))

    def ping(self, data: bytes) -> None:
        self._machine.ping(data)

    def send_goaway(self, code: int, last: int, data: bytes) -> None:
        # Not close_connection(): h2 would send nothing after it.
        self.flush_machine()
        frame = GoAwayFrame(0, last_stream_id=last or self._highest_received, error_code=code)
        frame.additional_data = data
        self._output += frame.serialize()

    def flush_machine(self) -> None:
        self._output += self._machine.data_to_send()

    def send_altsvc(self, stream: int, origin: str, value: str) -> None:
        field = value.encode("latin-1")
        try:
            if stream:
                self._machine.advertise_alternative_service(field, stream_id=stream)
            else:
                self._machine.advertise_alternative_service(field, origin=origin.encode("latin-1"))
        except ProtocolError:
            return  # of a stream that is not there: nghttp2 ignores it too

    def set_next_stream_id(self, stream: int) -> None:
        self._next_stream = stream

    def request(self, fields: list[str], sensitive: list[str], end: bool) -> int:
        """The number of a new stream, -1 when there are no more."""
        stream = self._next_stream
        if stream >= 2**31:
            return -1
        self._next_stream += 2
        self._pending.append((stream, _fields(fields, sensitive), end))
        self._open_pending()
        return stream

    def _open_pending(self) -> None:
        while self._pending:
            stream, fields, end = self._pending[0]
            try:
                self._machine.send_headers(stream, fields, end_stream=end)
            except TooManyStreamsError:
                return
            self._pending.popleft()

    def push(self, stream: int, fields: list[str], sensitive: list[str]) -> int:
        promised = self._next_stream
        self._machine.push_stream(stream, promised, _fields(fields, sensitive))
        self._next_stream += 2
        return promised

    def send_fields(self, stream: int, fields: list[str], sensitive: list[str], end: bool) -> bool:
        """A response, or trailers. False when the stream does not take them any more."""
        try:
            self._machine.send_headers(stream, _fields(fields, sensitive), end_stream=end)
        except ProtocolError:
            return False
        return True

    def send_body(self, stream: int, data: bytes, end: bool) -> None:
        """Waits for take_output(), so that what is promised to a stream goes out before its end."""
        self._bodies[stream] = _Body(memoryview(data), end)

    def _is_pending(self, stream: int) -> bool:
        return any(number == stream for number, _, _ in self._pending)

    def _pump(self, stream: int) -> bool:
        """Sends what the windows let through. Whether that was all."""
        body = self._bodies[stream]
        machine = self._machine
        try:
            while True:
                room = min(machine.local_flow_control_window(stream), machine.max_outbound_frame_size)
                if body.data and room <= 0:
                    return False
                part, body.data = body.data[:room], body.data[room:]
                last = body.end and not body.data
                if part or last:
                    machine.send_data(stream, bytes(part), end_stream=last)
                if not body.data:
                    break
        except ProtocolError:
            pass  # the stream is closed, which is an event of its own: nobody waits for the rest
        del self._bodies[stream]
        return True

    def reset(self, stream: int, code: int) -> None:
        if stream in self._bodies and not self._is_pending(stream):
            self._pump(stream)
        self._bodies.pop(stream, None)
        for index, (number, _, _) in enumerate(self._pending):
            if number == stream:  # never opened: the peer has not heard of it
                del self._pending[index]
                return
        try:
            self._machine.reset_stream(stream, code)
        except ProtocolError:
            return  # both sides have closed it already
        self._open_pending()

    # --- windows ---

    def consumed(self, stream: int, size: int) -> None:
        self._machine.acknowledge_received_data(size, stream)

    def set_window(self, size: int) -> None:
        """Lets the peer send `size` bytes of all streams together."""
        grow = size - self._machine.inbound_flow_control_window
        if grow > 0:
            self._machine.increment_flow_control_window(grow)

    def windows(self) -> list[int]:
        machine = self._machine
        return [
            machine.outbound_flow_control_window,
            machine.inbound_flow_control_window,
            self._next_stream,
            self._highest_received,
        ]

    def stream_windows(self, stream: int) -> list[int] | None:
        known = self._machine.streams.get(stream)
        if known is None:
            return None
        return [known.outbound_flow_control_window, known.inbound_flow_control_window]

    # --- received ---

    def receive(self, data: bytes) -> list[list[Any]]:
        """What came, each event a list that begins with its name."""
        found: list[list[Any]] = []
        try:
            received = self._machine.receive_data(data)
        except ProtocolError as error:
            found.append(["error", int(error.error_code), str(error)])
            return found
        for event in received:
            show = _SHOW.get(type(event))
            if show is not None:
                found.append(show(event))
            if isinstance(event, (h2_events.RequestReceived, h2_events.PushedStreamReceived)):
                number = (
                    event.stream_id
                    if isinstance(event, h2_events.RequestReceived)
                    else event.pushed_stream_id
                )
                self._highest_received = max(self._highest_received, number or 0)
            elif isinstance(event, h2_events.StreamReset):
                self._bodies.pop(event.stream_id, None)
        self._open_pending()
        return found


def _headers(kind: str) -> Callable[[Any], list[Any]]:
    def show(event: Any) -> list[Any]:
        flat, sensitive = _shown(event.headers)
        return [
            "headers",
            event.stream_id,
            kind,
            flat,
            sensitive,
            getattr(event, "stream_ended", None) is not None,
        ]

    return show


def _push(event: Any) -> list[Any]:
    flat, sensitive = _shown(event.headers)
    return ["push", event.parent_stream_id, event.pushed_stream_id, flat, sensitive]


_SHOW: dict[type, Callable[[Any], list[Any]]] = {
    h2_events.RequestReceived: _headers("request"),
    h2_events.ResponseReceived: _headers("response"),
    h2_events.InformationalResponseReceived: _headers("information"),
    h2_events.TrailersReceived: _headers("trailers"),
    h2_events.PushedStreamReceived: _push,
    h2_events.DataReceived: lambda event: [
        "data",
        event.stream_id,
        event.data,
        event.flow_controlled_length,
    ],
    h2_events.StreamEnded: lambda event: ["end", event.stream_id],
    h2_events.StreamReset: lambda event: [
        "reset",
        event.stream_id,
        int(event.error_code),
        event.remote_reset,
    ],
    h2_events.RemoteSettingsChanged: lambda event: [
        "settings",
        [[int(number), change.new_value] for number, change in event.changed_settings.items()],
    ],
    h2_events.SettingsAcknowledged: lambda event: ["settingsAck"],
    h2_events.PingReceived: lambda event: ["ping", event.ping_data],
    h2_events.PingAckReceived: lambda event: ["pingAck", event.ping_data],
    h2_events.ConnectionTerminated: lambda event: [
        "goaway",
        int(event.error_code),
        event.last_stream_id,
        event.additional_data,
    ],
    h2_events.AlternativeServiceAvailable: lambda event: [
        "altsvc",
        event.field_value.decode("latin-1"),
        event.origin.decode("latin-1"),
    ],
}
