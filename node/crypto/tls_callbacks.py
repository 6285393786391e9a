# SPDX-License-Identifier: Apache-2.0
"""Callbacks of OpenSSL that pyOpenSSL's own do not fit. They live as long as the process."""

from __future__ import annotations

from typing import Any

from OpenSSL import SSL

__all__ = ["accept_all", "client_key", "owner", "progress", "server_key", "status"]

_lib, _ffi = SSL._lib, SSL._ffi
_OK, _NO_ANSWER = 0, 3


@_ffi.callback("int (*)(int, X509_STORE_CTX *)")  # type: ignore[untyped-decorator]
def accept_all(_ok: int, _store: Any) -> int:
    """Certificates that do not verify are for JavaScript to refuse.

    OpenSSL goes on and keeps the error as the verify result of connection and session; pyOpenSSL's callback
    would reset it.
    """
    return 1


def owner(connection: Any) -> Any:
    """The TlsConnection that has a connection of pyOpenSSL, and calls it."""
    return connection.get_app_data()()


def _answer(ssl: Any, text: Any, size: int, identity_size: int) -> Any:
    """[key, identity] that JavaScript has for a hint or an identity; an empty list: none."""
    connection = owner(SSL.Connection._reverse_mapping[ssl])
    if connection.psk is None:
        return []
    shown = None if text == _ffi.NULL else _ffi.string(text).decode()
    return connection.psk(shown, size, identity_size)


@_ffi.callback(
    "unsigned int (*)(SSL *, const char *, char *, unsigned int, unsigned char *, unsigned int)", error=0
)  # type: ignore[untyped-decorator]
def client_key(ssl: Any, hint: Any, identity: Any, identity_size: int, key: Any, size: int) -> int:
    """The key that a client shares with the server, and by which name (PSK)."""
    answer = _answer(ssl, hint, size, identity_size - 1)
    if not answer:
        return 0
    found, name = bytes(answer[0]), answer[1].encode() + b"\0"
    _ffi.memmove(identity, name, len(name))
    _ffi.memmove(key, found, len(found))
    return len(found)


@_ffi.callback("unsigned int (*)(SSL *, const char *, unsigned char *, unsigned int)", error=0)  # type: ignore[untyped-decorator]
def server_key(ssl: Any, identity: Any, key: Any, size: int) -> int:
    """The key that a server shares with whom a client says to be (PSK)."""
    answer = _answer(ssl, identity, size, 0)
    if not answer:
        return 0
    found = bytes(answer[0])
    _ffi.memmove(key, found, len(found))
    return len(found)


@_ffi.callback("void (*)(const SSL *, int, int)")  # type: ignore[untyped-decorator]
def progress(ssl: Any, where: int, _result: int) -> None:
    """Handshakes after the first one."""
    if where in (_lib.SSL_CB_HANDSHAKE_START, _lib.SSL_CB_HANDSHAKE_DONE):
        # The last connection of a context that is freed has no Python object any more.
        connection = SSL.Connection._reverse_mapping.get(ssl)
        if connection is not None:
            owner(connection).shake(where == _lib.SSL_CB_HANDSHAKE_DONE)


@_ffi.callback("int (*)(SSL *, void *)")  # type: ignore[untyped-decorator]
def status(ssl: Any, _argument: Any) -> int:
    """A certificate's status (OCSP): a server has it to give, a client has got it."""
    connection = owner(SSL.Connection._reverse_mapping[ssl])
    if not connection.is_server:
        place = _ffi.new("unsigned char **")
        size = _lib.SSL_get_tlsext_status_ocsp_resp(ssl, place)
        connection.stapled = b"" if size < 0 else bytes(_ffi.buffer(place[0], size))
        return 1
    if connection.staple is None:
        return _NO_ANSWER
    size = len(connection.staple)
    copy = _lib.OPENSSL_malloc(size)  # OpenSSL will free it
    _ffi.memmove(copy, connection.staple, size)
    _lib.SSL_set_tlsext_status_ocsp_resp(ssl, copy, size)
    return _OK
