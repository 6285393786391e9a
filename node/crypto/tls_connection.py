# SPDX-License-Identifier: Apache-2.0
"""One TLS connection in memory, over pyOpenSSL: bytes go in and come out, JavaScript moves them."""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Iterator
from typing import Any

from OpenSSL import SSL, crypto

from ...engine.errors import HostError
from .certificate import Certificate
from .tls_callbacks import accept_all, client_key, server_key
from .tls_context import SecureContext, ssl_error

__all__ = ["TlsConnection", "verify_codes"]

_lib, _ffi = SSL._lib, SSL._ffi
_READ = 65536
_FRAGMENT = 16384
_LOOKS = 8  # records after the handshake that may bring a session


def verify_codes() -> dict[int, str]:
    """Node's codes of what may be wrong with certificates, by OpenSSL's numbers."""
    prefix = "X509_V_ERR_"
    return {getattr(_lib, name): name[len(prefix) :] for name in dir(_lib) if name.startswith(prefix)}


class _Connection(SSL.Connection):  # type: ignore[misc]
    """Keeps the number of an error, which pyOpenSSL's exceptions lack."""

    number = 0

    def _raise_ssl_error(self, ssl: Any, result: int) -> None:
        self.number = _lib.ERR_peek_error()
        super()._raise_ssl_error(ssl, result)


class TlsConnection:
    """What `pump` gives: [bytes to send, bytes received, state, error, new sessions]."""

    # Bits of the state: shaken hands; the other side has ended; a renegotiation has begun, one is done.
    OPEN, ENDED, BEGUN_ANEW, DONE_ANEW = 1, 2, 4, 8

    def __init__(self, context: SecureContext, is_server: bool, options: dict[str, Any]) -> None:
        self.context = context
        self.is_server = is_server
        self.log: list[bytes] = []
        self.staple = bytes(options["ocsp"]) if options.get("ocsp") is not None else None
        self.stapled: bytes | None = None
        self.psk: Any = options.get("psk")  # asks JavaScript for a key in common
        if self.psk is not None:
            self._share_keys(options.get("pskHint"))
        self._protocols = [text.encode("latin-1") for text in options.get("protocols") or []]
        self._must_choose = bool(self._protocols) or bool(options.get("refusesProtocols"))
        self._fragment = _FRAGMENT
        self._state = 0
        self._session: bytes | None = None
        self._looks = 0
        self._native = _Connection(context.native)
        self._native.set_app_data(weakref.ref(self))  # a cycle would wait for Python's collector
        self._set_verify(options)
        if is_server:
            self._native.set_accept_state()
        else:
            self._set_up_client(options)

    def _share_keys(self, hint: str | None) -> None:
        """Connections take these callbacks from their context when they are made; pyOpenSSL has none."""
        context = self.context.native._context
        if not self.is_server:
            _lib.SSL_CTX_set_psk_client_callback(context, client_key)
            return
        if hint and _lib.SSL_CTX_use_psk_identity_hint(context, hint.encode()) != 1:
            _lib.ERR_clear_error()
            raise HostError("Failed to set PSK identity hint", code="ERR_TLS_PSK_SET_IDENTITY_HINT_FAILED")
        _lib.SSL_CTX_set_psk_server_callback(context, server_key)

    def _set_verify(self, options: dict[str, Any]) -> None:
        mode = SSL.VERIFY_NONE
        if not self.is_server:
            mode = SSL.VERIFY_PEER
        elif options.get("requestCert"):
            mode = SSL.VERIFY_PEER
            if options.get("rejectUnauthorized"):
                mode |= SSL.VERIFY_FAIL_IF_NO_PEER_CERT
        _lib.SSL_set_verify(self._native._ssl, mode, accept_all)

    def _set_up_client(self, options: dict[str, Any]) -> None:
        self._native.set_connect_state()
        if options.get("servername"):
            self._native.set_tlsext_host_name(options["servername"].encode())
        if self._protocols:
            self._native.set_alpn_protos(self._protocols)
        if options.get("requestOCSP"):
            self._native.request_ocsp()
        if options.get("session") is not None:
            self._use_session(bytes(options["session"]))

    def _use_session(self, data: bytes) -> None:
        source = _ffi.new("unsigned char[]", data)
        at = _ffi.new("unsigned char **", source)
        session = _lib.d2i_SSL_SESSION(_ffi.NULL, _ffi.cast("const unsigned char **", at), len(data))
        if session == _ffi.NULL:
            _lib.ERR_clear_error()
            return  # Node too begins anew when a session is of no use
        session = _ffi.gc(session, _lib.SSL_SESSION_free)
        _lib.SSL_set_session(self._native._ssl, session)

    def choose(self, offered: list[bytes]) -> Any:
        """The protocol (ALPN) of a server, the first of its own that was offered."""
        if not self._must_choose:
            return SSL.NO_OVERLAPPING_PROTOCOLS
        for protocol in self._protocols:
            if protocol in offered:
                return protocol
        raise ValueError("no protocol in common")  # OpenSSL sends the alert

    # --- Bytes

    def pump(self, data: Any = None) -> list[Any]:
        """Take in what came from the other side, go on as far as possible."""
        received, sessions, error = [], [], None
        for part in self._parts(b"" if data is None else bytes(data)):
            if part:
                self._native.bio_write(part)
            try:
                if not self._state & self.OPEN:
                    self._native.do_handshake()
                    self._state |= self.OPEN
                received.append(self._read())
            except SSL.WantReadError:
                pass  # the rest has not come yet
            except (SSL.Error, ValueError) as failure:
                error = self._error(failure)
                break
            if self._has_new_session():
                sessions.append(self._session)
        state, self._state = self._state, self._state & (self.OPEN | self.ENDED)
        return [self._drain(), b"".join(received), state, error, sessions]

    def _parts(self, data: bytes) -> Iterator[bytes]:
        """While sessions may come, one record after the other: each may bring one."""
        if self.is_server or self._looks >= _LOOKS:
            yield data
            return
        size = 0
        while len(data) > 5 and len(data) > size:
            size = 5 + int.from_bytes(data[3:5], "big")
            yield data[:size]
            data, size = data[size:], 0
        if data or not size:
            yield data

    def _read(self) -> bytes:
        parts = []
        try:
            while True:
                parts.append(self._native.recv(_READ))
        except SSL.WantReadError:
            pass  # that was all that has come
        except SSL.ZeroReturnError:
            self._state |= self.ENDED
        return b"".join(parts)

    def _drain(self) -> bytes:
        parts = []
        try:
            while True:
                parts.append(self._native.bio_read(_READ))
        except SSL.WantReadError:
            pass  # nothing is left to send
        return b"".join(parts)

    def shake(self, is_done: bool) -> None:
        """OpenSSL begins or ends a handshake. In TLS 1.3 that is what brings sessions, and no handshake."""
        if self._state & self.OPEN and _lib.SSL_version(self._native._ssl) < _lib.TLS1_3_VERSION:
            self._state |= self.DONE_ANEW if is_done else self.BEGUN_ANEW

    def renegotiate(self) -> None:
        """Ask the other side to shake hands again."""
        if _lib.SSL_renegotiate(self._native._ssl) != 1:
            number = _lib.ERR_peek_error()
            _lib.ERR_clear_error()
            reason = _ffi.string(_lib.ERR_reason_error_string(number)).decode()
            error = ssl_error(number, "SSL routines", "", reason)
            error.properties["message"] = f"error:{number:08X}:SSL routines::{reason}"
            raise error
        with contextlib.suppress(SSL.WantReadError):  # the other side is to answer
            self._native.do_handshake()

    def write(self, data: Any) -> list[Any]:
        """[bytes to send, error]"""
        view = memoryview(data).cast("B") if not isinstance(data, bytes) else memoryview(data)
        error = None
        try:
            for at in range(0, len(view), self._fragment):
                self._native.send(view[at : at + self._fragment])
        except SSL.Error as failure:
            error = self._error(failure)
        return [self._drain(), error]

    def end(self) -> bytes:
        """Say that nothing follows; what is to be sent for it."""
        try:
            self._native.shutdown()
        except SSL.Error:
            _lib.ERR_clear_error()  # in the middle of a handshake nothing is said
        return self._drain()

    def limit(self, size: int) -> bool:
        """The most bytes in a record."""
        if not 512 <= size <= _FRAGMENT:
            return False
        self._fragment = size
        return True

    def _error(self, failure: Exception) -> dict[str, object]:
        if isinstance(failure, SSL.SysCallError):
            error: HostError = ssl_error(0x0A000126, "SSL routines", "", "unexpected eof while reading")
        elif isinstance(failure, ValueError):
            error = ssl_error(0x0A0000EB, "SSL routines", "", "no application protocol")
        elif failure.args and failure.args[0]:
            library, function, reason = failure.args[0][0]
            error = ssl_error(self._native.number, library, function, reason)
        else:
            error = HostError("The TLS connection failed", code="ERR_SSL_ERROR")
        _lib.ERR_clear_error()
        return error.properties

    # --- What is known

    def _has_new_session(self) -> bool:
        if self.is_server or not self._state & self.OPEN:
            return False
        if self._looks >= _LOOKS:
            return False
        self._looks += 1
        session = self.session()
        is_first, is_new = self._session is None, session != self._session
        self._session = session
        # TLS 1.3 sends sessions when hands are shaken, those before have one by then.
        return is_new and not (is_first and self._native.get_protocol_version() >= 0x304)

    def session(self) -> bytes | None:
        """The session, for another connection to go on with it."""
        session = _lib.SSL_get_session(self._native._ssl)
        if session == _ffi.NULL:
            return None
        size = _lib.i2d_SSL_SESSION(session, _ffi.NULL)
        target = _ffi.new("unsigned char[]", size)
        _lib.i2d_SSL_SESSION(session, _ffi.new("unsigned char **", target))
        return bytes(_ffi.buffer(target, size))

    def about(self) -> dict[str, object]:
        """Everything about a connection whose hands are shaken."""
        native = self._native
        protocol = native.get_alpn_proto_negotiated().decode("latin-1")
        return {
            "cipher": native.get_cipher_name(),
            "cipherVersion": native.get_cipher_version(),
            "protocol": native.get_protocol_version_name(),
            "alpn": protocol or None,
            "isReused": bool(_lib.SSL_session_reused(native._ssl)),
            "group": native.get_group_name(),
            "servername": (native.get_servername() or b"").decode("latin-1") or None,
        }

    def verify_error(self) -> list[object] | None:
        """[number, message] of what is wrong with the other side's certificate; None when nothing is."""
        ssl = self._native._ssl
        if self._native.get_peer_certificate() is not None:
            number = _lib.SSL_get_verify_result(ssl)
        else:  # without a certificate there is no issuer either
            number = 0 if self._knows_key() else 2
        if number == 0:
            return None
        text = _ffi.string(_lib.X509_verify_cert_error_string(number)).decode()
        return [number, text.removesuffix(" or the system clock is incorrect")]

    def _knows_key(self) -> bool:
        """A key in common stands for a certificate; in TLS 1.3 it looks like a session that goes on."""
        native = self._native
        name = native.get_cipher_name() or ""
        if "PSK-" in name and not name.startswith("RSA-PSK-"):
            return True
        is_reused = bool(_lib.SSL_session_reused(native._ssl))
        return is_reused and native.get_protocol_version_name() == "TLSv1.3"

    def peer_chain(self) -> list[Certificate]:
        """The other side's certificate and those that issued it, as far as they are known."""
        leaf = self._native.get_peer_certificate()
        if leaf is None:
            return []
        chain = self._native.get_verified_chain() or [leaf, *(self._native.get_peer_cert_chain() or [])]
        found: list[Certificate] = []
        for each in chain:
            raw = crypto.dump_certificate(crypto.FILETYPE_ASN1, each)
            if not any(raw == other.raw for other in found):
                found.append(Certificate(raw))
        return found

    def own_certificate(self) -> Certificate | None:
        """What was shown to the other side."""
        raw = self.context.certificate
        return None if raw is None else Certificate(raw)

    def finished(self, of_peer: bool) -> bytes | None:
        """The Finished message of a side."""
        message = self._native.get_peer_finished() if of_peer else self._native.get_finished()
        return None if message is None else bytes(message)

    def export(self, length: int, label: bytes, context: bytes | None) -> bytes:
        """RFC 5705's keying material."""
        material: bytes = self._native.export_keying_material(label, length, context)
        return material

    def take_log(self) -> list[bytes]:
        """The lines for a key log since the last call."""
        lines, self.log = self.log, []
        return lines
