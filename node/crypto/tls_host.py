# SPDX-License-Identifier: Apache-2.0
"""TLS behind the JavaScript module `tls`."""

from __future__ import annotations

from ...engine.errors import HostError
from .errors import needs_cryptography

try:
    from OpenSSL import SSL

    from . import root_certificates
    from .client_hello import read_client_hello
    from .tls_connection import TlsConnection, verify_codes
    from .tls_context import SecureContext
except ImportError as error:
    raise needs_cryptography(error) from error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .certificate import Certificate

__all__ = ["binding"]


def _hello(data: Any) -> dict[str, object] | bool | None:
    """None: not whole yet. False: none, OpenSSL will say what is wrong."""
    try:
        hello = read_client_hello(bytes(data))
    except ValueError:
        return False
    if hello is None:
        return None
    return {
        "sessionId": hello.session_id,
        "servername": hello.server_name,
        "wantsStatus": hello.wants_status,
        "hasTicket": hello.has_ticket,
        "protocols": hello.protocols,
    }


def _connect(
    isolate: Any, context: SecureContext, is_server: bool, options: dict[str, Any]
) -> dict[str, Callable[..., Any]]:
    """The methods of a new connection, which own it."""
    if options.get("psk") is not None:
        ask = options["psk"]
        options["psk"] = lambda *values: isolate.copy(isolate.call(ask, None, *values))
    connection = TlsConnection(context, is_server, options)
    return {
        "about": connection.about,
        "end": connection.end,
        "export": lambda length, label, context=None: connection.export(
            length, label.encode(), None if context is None else bytes(context)
        ),
        "finished": connection.finished,
        "limit": connection.limit,
        "log": connection.take_log,
        "ownCertificate": connection.own_certificate,
        "peerChain": connection.peer_chain,
        "pump": connection.pump,
        "renegotiate": connection.renegotiate,
        "session": connection.session,
        "stapled": lambda: connection.stapled,
        "verifyError": connection.verify_error,
        "write": connection.write,
    }


def _issuer_of(certificate: Certificate, issuer: Certificate) -> bool:
    return certificate.issued_by(issuer)


def _ciphers() -> list[str]:
    """Names of the ciphers that connections can have; of TLS 1.3 OpenSSL lists those that are on."""
    listed = SSL.Connection(SSL.Context(SSL.TLS_METHOD)).get_cipher_list()
    return sorted({*(name.lower() for name in listed), "tls_aes_128_ccm_sha256", "tls_aes_128_ccm_8_sha256"})


def _extra(file: str) -> list[str]:
    try:
        return root_certificates.extra(file)
    except OSError as error:
        raise HostError(error.strerror or str(error)) from None


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('crypto.tls_host')`."""
    return {
        "bundledCertificates": root_certificates.bundled,
        "ciphers": _ciphers,
        "connect": lambda *values: _connect(isolate, *values),
        "context": SecureContext,
        "contextCertificates": lambda context: context.shown(),
        "contextOptions": lambda context, options: context.native.set_options(options),
        "contextTrust": lambda context, data: context.trust(bytes(data)),
        "extraCertificates": _extra,
        "hello": _hello,
        "isIssuer": _issuer_of,
        "systemCertificates": root_certificates.system,
        "verifyCodes": lambda: {str(number): code for number, code in verify_codes().items()},
    }
