# SPDX-License-Identifier: Apache-2.0
"""What a client asks for, read before OpenSSL does: JavaScript may take its time to answer."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["ClientHello", "read_client_hello"]

_HANDSHAKE, _CLIENT_HELLO = 22, 1
_GREATEST_RECORD, _GREATEST_MESSAGE = 16384 + 256, 131396  # of OpenSSL, which then says so
_SERVER_NAME, _STATUS_REQUEST, _PROTOCOLS, _SESSION_TICKET = 0, 5, 16, 35


class ClientHello(NamedTuple):
    """Parts of a ClientHello."""

    session_id: bytes
    server_name: str | None
    wants_status: bool
    has_ticket: bool
    protocols: list[str]


class _Reader:
    """Bytes taken one field after the other; IndexError at the end."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        part = self.data[self.at : self.at + size]
        if len(part) < size:
            raise IndexError("the end of the data")
        self.at += size
        return part

    def number(self, size: int) -> int:
        """The next bytes as a number."""
        return int.from_bytes(self.take(size), "big")

    def vector(self, size: int) -> bytes:
        """What comes after its length."""
        return self.take(self.number(size))


def read_client_hello(data: bytes) -> ClientHello | None:
    """None when it is not whole yet. ValueError when it is none: OpenSSL shall say what is wrong."""
    message = b""
    records = _Reader(data)
    try:
        while True:
            if records.number(1) != _HANDSHAKE:
                raise ValueError("not a handshake")
            records.take(2)
            size = records.number(2)
            if size > _GREATEST_RECORD or len(message) > _GREATEST_MESSAGE:
                raise ValueError("too long")
            message += records.take(size)
            if message and message[0] != _CLIENT_HELLO:
                raise ValueError("not a ClientHello")
            if len(message) >= 4 and len(message) >= 4 + int.from_bytes(message[1:4], "big"):
                break
    except IndexError:
        return None
    try:
        return _read(_Reader(message[4:]))
    except IndexError as error:
        raise ValueError("a broken ClientHello") from error


def _read(fields: _Reader) -> ClientHello:
    fields.take(2 + 32)
    session_id = fields.vector(1)
    fields.vector(2)
    fields.vector(1)
    extensions = {}
    if fields.at < len(fields.data):
        rest = _Reader(fields.vector(2))
        while rest.at < len(rest.data):
            kind = rest.number(2)
            extensions[kind] = rest.vector(2)
    name = None
    if _SERVER_NAME in extensions:
        entries = _Reader(_Reader(extensions[_SERVER_NAME]).vector(2))
        if entries.number(1) == 0:
            name = entries.vector(2).decode("latin-1")
    protocols = []
    if _PROTOCOLS in extensions:
        offered = _Reader(_Reader(extensions[_PROTOCOLS]).vector(2))
        while offered.at < len(offered.data):
            protocols.append(offered.vector(1).decode("latin-1"))
    has_ticket = bool(extensions.get(_SESSION_TICKET))
    return ClientHello(session_id, name, _STATUS_REQUEST in extensions, has_ticket, protocols)
