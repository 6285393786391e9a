# SPDX-License-Identifier: Apache-2.0
"""Keys out of PEM and DER."""

from __future__ import annotations

import binascii
import re

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    load_der_private_key,
    load_der_public_key,
)

from ...engine.errors import HostError
from . import der
from .errors import openssl_error, unsupported
from .explicit_curves import named, named_curve
from .key_encryption import decrypt_pem, decrypt_pkcs8
from .keys import CURVES, Key, asymmetric_key
from .pss import PSS_OID, RSA_OID, Pss, read_pss

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

__all__ = ["parse_private", "parse_public", "pem_block", "pem_blocks"]

_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----\s*(.*?)-----END \1-----", re.DOTALL)
_HEADERS = re.compile(rb"((?:[A-Za-z-]+:[^\n]*\n)*)\s*(.*)", re.DOTALL)
_PRIVATE = ("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY")


def pem_blocks(data: bytes, *labels: str) -> Iterator[tuple[str, bytes, bytes, bytes]]:
    """Label, headers, body and text of each PEM block, or of those with one of `labels`."""
    for match in _PEM.finditer(data):
        label = match[1].decode()
        if labels and label not in labels:
            continue
        headers, body = _HEADERS.fullmatch(match[2].replace(b"\r", b"")).groups()  # type: ignore[union-attr]
        try:
            content = binascii.a2b_base64(body)
        except binascii.Error:
            raise openssl_error(0x04800064, "bad base64 decode") from None
        yield label, headers, content, match[0]


def pem_block(data: bytes, *labels: str) -> tuple[str, bytes, bytes, bytes] | None:
    """The first of the blocks, None when there is none."""
    return next(pem_blocks(data, *labels), None)


def _prompt_cancelled() -> HostError:
    """OpenSSL would ask a person for the password of PEM; Node does not let it."""
    return openssl_error(0x07880109, "interrupted or cancelled")


def _missing_passphrase() -> HostError:
    return HostError("Passphrase required for encrypted key", name="TypeError", code="ERR_MISSING_PASSPHRASE")


def parse_private(data: bytes, form: str, type_: str | None, passphrase: bytes | None) -> Key:
    """A private key."""
    try:
        if form == "pem":
            block = pem_block(data, *_PRIVATE, "ENCRYPTED PRIVATE KEY")
            if block is None:
                raise unsupported()
            return _private_of_pem(block, passphrase)
        if type_ == "pkcs8" and _is_encrypted(data):
            return _encrypted(data, passphrase)
        return _private(data)
    except (ValueError, IndexError, KeyError, UnsupportedAlgorithm):
        raise unsupported() from None


def _private_of_pem(block: tuple[str, bytes, bytes, bytes], passphrase: bytes | None) -> Key:
    label, headers, body, _text = block
    if label == "ENCRYPTED PRIVATE KEY":
        if passphrase is None:
            raise _prompt_cancelled()
        return _encrypted(body, passphrase)
    if b"ENCRYPTED" not in headers:
        return _private(body)
    if passphrase is None:
        raise _prompt_cancelled()
    return _private(decrypt_pem(headers, body, passphrase))


def _is_encrypted(data: bytes) -> bool:
    """EncryptedPrivateKeyInfo begins with an algorithm, PrivateKeyInfo with a version."""
    return der.children(der.unpack(data))[0][0] == der.SEQUENCE


def _encrypted(data: bytes, passphrase: bytes | None) -> Key:
    if passphrase is None:
        raise _missing_passphrase()
    plain = decrypt_pkcs8(data, passphrase)
    if plain is not None:
        return _private(plain)
    try:
        return asymmetric_key(load_der_private_key(data, passphrase, unsafe_skip_rsa_key_validation=True))
    except ValueError:
        raise openssl_error(0x1C800064, "bad decrypt") from None


def _pss_of(identifier: bytes) -> Pss | None:
    (_, number), *parameters = der.children(identifier)
    if der.oid_text(number) != PSS_OID:
        return None
    return read_pss(parameters[0][1] if parameters else None)


_RSA = der.sequence(der.oid(RSA_OID), der.NULL)


def _private(data: bytes) -> Key:
    """From PrivateKeyInfo, PKCS #1 or SEC 1."""
    parts = der.children(der.unpack(data))
    pss = _pss_of(parts[1][1]) if len(parts) > 2 and parts[1][0] == der.SEQUENCE else None
    if pss is not None:
        version, _algorithm, *rest = parts
        data = der.sequence(der.pack(*version), _RSA, *(der.pack(*part) for part in rest))
    if (
        len(parts) > 2
        and parts[2][0] == der.OCTETS
        and parts[2][1][:1] == b"\x30"
        and _is_post_quantum(parts[1][1])
    ):
        data = _seed_only(parts)
    without_numbers = named(data)
    sized = _sized(without_numbers or data)
    native: Any = load_der_private_key(sized, None, unsafe_skip_rsa_key_validation=True)
    return asymmetric_key(native, pss, explicit=without_numbers is not None)


def _sized(data: bytes) -> bytes:
    """An ECPrivateKey whose number is as long as its curve wants it: some write it as an INTEGER's.

    All else stays as it is.
    """
    parts = der.children(der.unpack(data))
    if len(parts) < 3 or parts[1][0] != der.OCTETS or parts[2][0] != 0xA0:
        return data
    curve = named_curve(der.oid_text(der.unpack(parts[2][1], der.OID)))
    if curve is None:
        return data
    number, size = int.from_bytes(parts[1][1], "big"), (CURVES[curve].key_size + 7) // 8
    if number.bit_length() > size * 8:
        return data
    parts[1] = (der.OCTETS, number.to_bytes(size, "big"))
    return der.sequence(*(der.pack(*part) for part in parts))


def _is_post_quantum(identifier: bytes) -> bool:
    """ML-DSA and ML-KEM."""
    return der.oid_text(der.children(identifier)[0][1]).startswith(
        ("2.16.840.1.101.3.4.3.1", "2.16.840.1.101.3.4.4.")
    )


def _seed_only(parts: list[tuple[int, bytes]]) -> bytes:
    """A key that has both its seed and what is made of it, with the seed alone."""
    (_, seed), _expanded = der.children(der.unpack(parts[2][1]))
    return der.sequence(der.pack(*parts[0]), der.pack(*parts[1]), der.octets(der.pack(0x80, seed)))


def parse_public(data: bytes, form: str, type_: str | None, passphrase: bytes | None) -> Key:
    """A public key, or the public half of a private one or of a certificate."""
    try:
        if form == "pem":
            return _public_of_pem(data, passphrase)
        if type_ == "pkcs1":
            parts = der.children(der.unpack(data))
            return _public(data) if len(parts) == 2 else _private(data).public()
        if type_ in ("pkcs8", "sec1"):
            return parse_private(data, form, type_, passphrase).public()
        return _public(data)
    except (ValueError, IndexError, KeyError, UnsupportedAlgorithm):
        raise unsupported() from None


def _public_of_pem(data: bytes, passphrase: bytes | None) -> Key:
    block = pem_block(data)
    if block is None:
        raise unsupported()
    label, _headers, body, _text = block
    if label in ("PUBLIC KEY", "RSA PUBLIC KEY"):
        return _public(body)
    if label in ("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"):
        return _public(certificate_spki(body))
    return parse_private(data, "pem", None, passphrase).public()


def certificate_spki(data: bytes) -> bytes:
    """The SubjectPublicKeyInfo of a certificate in DER."""
    certificate = x509.load_der_x509_certificate(data)
    parts = der.children(der.unpack(certificate.tbs_certificate_bytes))
    return der.pack(*parts[6 if parts[0][0] == 0xA0 else 5])


def _public(data: bytes) -> Key:
    """From SubjectPublicKeyInfo or PKCS #1."""
    parts = der.children(der.unpack(data))
    pss = _pss_of(parts[0][1]) if parts[0][0] == der.SEQUENCE else None
    if pss is not None:
        data = der.sequence(_RSA, der.pack(*parts[1]))
    without_numbers = named(data)
    return asymmetric_key(load_der_public_key(without_numbers or data), pss, without_numbers is not None)
