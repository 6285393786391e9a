# SPDX-License-Identifier: Apache-2.0
"""tls.SecureContext: certificates, keys and rules, over pyOpenSSL's Context."""

from __future__ import annotations

from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from OpenSSL import SSL, crypto

from ...engine.errors import HostError
from .certificate import Certificate
from .errors import crypto_error, openssl_error
from .key_input import parse_private, pem_blocks
from .keys import Key
from .root_certificates import fresh_root_store, root_store
from .tls_callbacks import owner, progress, status

__all__ = ["SecureContext", "ssl_error"]

_VERSIONS = {"TLSv1": 0x301, "TLSv1.1": 0x302, "TLSv1.2": 0x303, "TLSv1.3": 0x304}
_lib, _ffi = SSL._lib, SSL._ffi
_CLIENT_MAY_RENEGOTIATE = 1 << 8  # SSL_OP_ALLOW_CLIENT_RENEGOTIATION: JavaScript counts how often
_CERTIFICATES = ("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE")


def ssl_error(number: int, library: str, function: str, reason: str) -> HostError:
    """An error of OpenSSL's protocol engine, as Node shows it."""
    if reason.startswith("tls alert"):
        reason = "ssl/" + reason  # as OpenSSL calls it up to version 3
    suffix = reason.upper().replace(" ", "_")
    error = HostError(f"error:{number:08X}:{library}:{function}:{reason}")
    short = "SSL_" if library == "SSL routines" else "OSSL_"
    error.properties.update({"library": library, "reason": reason, "code": f"ERR_{short}{suffix}"})
    return error


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


class SecureContext:
    """What connections are made of. `native` is pyOpenSSL's."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.native = SSL.Context(SSL.TLS_METHOD)
        self.native.set_mode(_lib.SSL_MODE_AUTO_RETRY)
        self.native.set_options(SSL.OP_NO_SSLv2 | SSL.OP_NO_SSLv3 | _CLIENT_MAY_RENEGOTIATE)
        self.certificate: bytes | None = None  # what it shows first
        self.issuer: bytes | None = None
        self._roots: tuple[bool, str | None] | None = None  # while the store is one for all contexts
        self._trusted_raw: list[bytes] = []
        self._versions(options)
        self._rules(options)
        store = self._trusted(options)
        if options.get("allowPartialTrustChain"):
            store.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)
        for entry in _list(options.get("pfx")):
            self._use_pfx(entry, options, store)
        self._identities(options)
        self._revoked(options, store)
        self.native.set_alpn_select_callback(lambda connection, offered: owner(connection).choose(offered))
        _lib.SSL_CTX_set_info_callback(self.native._context, progress)
        _lib.SSL_CTX_set_tlsext_status_cb(self.native._context, status)
        self.native.set_keylog_callback(lambda connection, line: owner(connection).log.append(line))
        self.native.set_session_cache_mode(
            SSL.SESS_CACHE_BOTH | SSL.SESS_CACHE_NO_INTERNAL | SSL.SESS_CACHE_NO_AUTO_CLEAR
        )
        if options.get("sessionIdContext") is not None:
            self.native.set_session_id(bytes(options["sessionIdContext"]))
        if options.get("sessionTimeout") is not None:
            self.native.set_timeout(options["sessionTimeout"])

    def _versions(self, options: dict[str, Any]) -> None:
        self.native.set_min_proto_version(_VERSIONS.get(options.get("minVersion", ""), 0))
        self.native.set_max_proto_version(_VERSIONS.get(options.get("maxVersion", ""), 0))

    def _rules(self, options: dict[str, Any]) -> None:
        native = self.native._context
        if options.get("secureOptions"):
            self.native.set_options(options["secureOptions"])
        suites, ciphers = options.get("cipherSuites"), options.get("ciphers")
        if suites is not None:
            self._checked(_lib.SSL_CTX_set_ciphersuites(native, suites.encode()))
        if ciphers is not None:
            found = _lib.SSL_CTX_set_cipher_list(native, ciphers.encode())
            # Suites of TLS 1.3 alone are a list too.
            if found != 1 and not (suites and not ciphers):
                self._checked(found)
            _lib.ERR_clear_error()
        curves = options.get("ecdhCurve")
        if curves not in (None, "auto") and _lib.SSL_CTX_set1_curves_list(native, curves.encode()) != 1:
            _lib.ERR_clear_error()
            raise crypto_error("OPERATION_FAILED", "Failed to set ECDH curve")
        if options.get("sigalgs") is not None:
            self._checked(_lib.SSL_CTX_set1_sigalgs_list(native, options["sigalgs"].encode()))
        if options.get("dhparam") is not None:
            self._use_dhparam(bytes(options["dhparam"]))

    def _use_dhparam(self, data: bytes) -> None:
        bio = _lib.BIO_new_mem_buf(data, len(data))
        bio = _ffi.gc(bio, _lib.BIO_free)
        parameters = _lib.PEM_read_bio_DHparams(bio, _ffi.NULL, _ffi.NULL, _ffi.NULL)
        if parameters == _ffi.NULL:
            _lib.ERR_clear_error()
            raise openssl_error(0x0480006C, "no start line")
        parameters = _ffi.gc(parameters, _lib.DH_free)
        self._checked(_lib.SSL_CTX_set_tmp_dh(self.native._context, parameters))

    @staticmethod
    def _checked(result: int) -> None:
        """Raise the first error of OpenSSL's queue unless `result` is 1."""
        if result == 1:
            return
        number = _lib.ERR_peek_error()
        try:
            SSL._raise_current_error()
        except SSL.Error as error:
            library, function, reason = error.args[0][0]
            made = ssl_error(number, library, function, reason)
            made.properties["message"] = f"error:{number:08X}:{library}::{reason}"
            raise made from None

    def _trusted(self, options: dict[str, Any]) -> Any:
        """The store of certificates that are trusted."""
        if options.get("ca") is None:
            self._roots = (bool(options.get("useSystemCA")), options.get("extraCA"))
            store = root_store(*self._roots)
            # What comes with a PFX is trusted too, by this context alone.
            is_own = options.get("pfx") or options.get("crl") or options.get("allowPartialTrustChain")
            return self._use_store(fresh_root_store(*self._roots) if is_own else store)
        for data in _list(options.get("ca")):
            self.trust(bytes(data))
        return self.native.get_cert_store()

    def _use_store(self, store: Any) -> Any:
        _lib.X509_STORE_up_ref(store._store)
        _lib.SSL_CTX_set_cert_store(self.native._context, store._store)
        return store

    def trust(self, data: bytes) -> None:
        """Trust the certificates of some PEM too."""
        if self._roots is not None:
            self._use_store(fresh_root_store(*self._roots))
            self._roots = None
        store = self.native.get_cert_store()
        assert store is not None
        for raw in _certificates(data):
            certificate = _load(raw)
            store.add_cert(certificate)
            _lib.SSL_CTX_add_client_CA(self.native._context, certificate._x509)
            self._trusted_raw.append(raw)

    def shown(self) -> list[bytes | None]:
        """The certificate that it shows, and its issuer when that is known."""
        if self.certificate is not None and self.issuer is None:
            own = Certificate(self.certificate)
            found = (raw for raw in self._trusted_raw if own.issued_by(Certificate(raw)))
            self.issuer = next(found, None)
        return [self.certificate, self.issuer]

    def _revoked(self, options: dict[str, Any], store: Any) -> None:
        lists = _list(options.get("crl"))
        for data in lists:
            try:
                store.add_crl(x509.load_pem_x509_crl(bytes(data)))
            except ValueError:
                raise crypto_error("OPERATION_FAILED", "Failed to parse CRL") from None
        if lists:
            store.set_flags(crypto.X509StoreFlags.CRL_CHECK | crypto.X509StoreFlags.CRL_CHECK_ALL)

    def _identities(self, options: dict[str, Any]) -> None:
        for data in _list(options.get("cert")):
            chain = _certificates(bytes(data))
            if not chain:
                if b"-----BEGIN" in bytes(data):
                    raise openssl_error(0x04800066, "bad end line")
                raise openssl_error(0x0480006C, "no start line")
            self._use_chain([_load(der) for der in chain])
        for entry in _list(options.get("key")):
            self._use_key(entry, options)

    def _use_chain(self, chain: list[Any]) -> None:
        try:
            self.native.use_certificate(chain[0])
        except SSL.Error as error:
            raise _first_error(error) from None
        self.certificate = crypto.dump_certificate(crypto.FILETYPE_ASN1, chain[0])
        for extra in chain[1:]:
            self.native.add_extra_chain_cert(extra)
        if len(chain) > 1:
            self.issuer = crypto.dump_certificate(crypto.FILETYPE_ASN1, chain[1])

    def _use_key(self, entry: Any, options: dict[str, Any]) -> None:
        """`entry` is a Key, bytes, or { pem, passphrase }."""
        passphrase = options.get("passphrase")
        if isinstance(entry, dict):
            passphrase = passphrase if entry.get("passphrase") is None else entry["passphrase"]
            entry = entry["pem"]
        key = (
            entry
            if isinstance(entry, Key)
            else parse_private(bytes(entry), "pem", None, b"" if passphrase is None else bytes(passphrase))
        )
        self._use_native_key(key.native)

    def _use_native_key(self, native: Any) -> None:
        try:
            self.native.use_privatekey(native)
        except SSL.Error as error:
            raise _first_error(error) from None

    def _use_pfx(self, entry: Any, options: dict[str, Any], store: Any) -> None:
        passphrase = options.get("passphrase")
        if isinstance(entry, dict):
            passphrase = passphrase if entry.get("passphrase") is None else entry["passphrase"]
            entry = entry["buf"]
        try:
            loaded = pkcs12.load_pkcs12(bytes(entry), None if passphrase is None else bytes(passphrase))
        except ValueError as error:
            reason = "mac verify failure" if "password" in str(error).lower() else "not enough data"
            raise HostError(reason) from None
        if loaded.key is None:
            raise HostError("Unable to load private key from PFX data")
        if loaded.cert is None:
            raise HostError("Unable to load PFX certificate")
        others = [crypto.X509.from_cryptography(extra.certificate) for extra in loaded.additional_certs]
        self._use_chain([crypto.X509.from_cryptography(loaded.cert.certificate), *others])
        self._use_native_key(loaded.key)
        for extra in others:
            store.add_cert(extra)


def _first_error(error: SSL.Error) -> HostError:
    library, _function, reason = error.args[0][0]
    number = {"key values mismatch": 0x05800074, "ca md too weak": 0x0A00018E, "ee key too small": 0x0A00018F}
    if reason in number and library != "SSL routines":
        return openssl_error(number[reason], reason)
    made = ssl_error(number.get(reason, 0x0A000000), library, "", reason)
    made.properties["message"] = f"error:{number.get(reason, 0x0A000000):08X}:{library}::{reason}"
    return made


def _certificates(data: bytes) -> list[bytes]:
    """DER of every certificate in PEM."""
    return [body for label, _headers, body, _text in pem_blocks(data) if label in _CERTIFICATES]


def _load(data: bytes) -> Any:
    try:
        return crypto.load_certificate(crypto.FILETYPE_ASN1, data)
    except crypto.Error:
        Certificate(data)
        raise openssl_error(0x0688010A, "nested asn1 error") from None
