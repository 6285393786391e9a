# SPDX-License-Identifier: Apache-2.0
"""Callbacks of OpenSSL that pyOpenSSL's own do not fit. They live as long as the process."""

from __future__ import annotations

from typing import Any

from OpenSSL import SSL

__all__ = ["accept_all", "status"]

_lib, _ffi = SSL._lib, SSL._ffi
_OK, _NO_ANSWER = 0, 3


@_ffi.callback("int (*)(int, X509_STORE_CTX *)")  # type: ignore[untyped-decorator]
def accept_all(_ok: int, _store: Any) -> int:
    """Certificates that do not verify are for JavaScript to refuse.

    OpenSSL goes on and keeps the error as the verify result of connection and session; pyOpenSSL's callback
    would reset it.
    """
    return 1


@_ffi.callback("int (*)(SSL *, void *)")  # type: ignore[untyped-decorator]
def status(ssl: Any, _argument: Any) -> int:
    """A certificate's status (OCSP): a server has it to give, a client has got it."""
    connection = SSL.Connection._reverse_mapping[ssl].get_app_data()
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
