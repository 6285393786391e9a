# SPDX-License-Identifier: Apache-2.0
"""X509Certificate and Certificate (SPKAC) behind the JavaScript module `crypto`."""

from __future__ import annotations

import binascii

from .errors import needs_cryptography

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import padding

    from . import der
    from .certificate import Certificate
    from .key_input import parse_public
    from .key_output import export_public
    from .names import attributes
    from .signatures import hash_algorithm
except ImportError as error:
    raise needs_cryptography(error) from error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .keys import Key

__all__ = ["binding"]

_HASH_OF_SIGNATURE = {
    "1.2.840.113549.1.1.4": "md5",
    "1.2.840.113549.1.1.5": "sha1",
    "1.2.840.113549.1.1.11": "sha256",
    "1.2.840.113549.1.1.12": "sha384",
    "1.2.840.113549.1.1.13": "sha512",
}


def _parse(data: Any) -> Certificate:
    return Certificate(bytes(data))


def _matches_ip(certificate: Certificate, address: str) -> bool | None:
    """None when `address` is none."""
    try:
        return certificate.check_ip(address)
    except ValueError:
        return None


def _fits(certificate: Certificate, key: Key) -> bool:
    return certificate.public_key().spki() == key.public().spki()


def _spkac(data: Any) -> tuple[bytes, list[tuple[int, bytes]]]:
    """The signed part and the parts of a SignedPublicKeyAndChallenge. ValueError when it is none."""
    text = bytes(data).strip().rstrip(b"\0")
    try:
        content = der.unpack(binascii.a2b_base64(text))
    except binascii.Error:
        raise ValueError("no base64") from None
    parts = der.children(content)
    if len(parts) != 3:
        raise ValueError("not three parts")
    return der.pack(*parts[0]), parts


def _spkac_key(parts: list[tuple[int, bytes]]) -> Key:
    return parse_public(der.pack(*der.children(parts[0][1])[0]), "der", "spki", None)


def _verify_spkac(data: Any) -> bool:
    try:
        signed, parts = _spkac(data)
        name = _HASH_OF_SIGNATURE[der.oid_text(der.children(parts[1][1])[0][1])]
        native = _spkac_key(parts).native
        native.verify(parts[2][1][1:], signed, padding.PKCS1v15(), hash_algorithm(name))
    except (ValueError, KeyError, IndexError, InvalidSignature):
        return False
    return True


def _spkac_public(data: Any) -> str | bytes | None:
    try:
        return export_public(_spkac_key(_spkac(data)[1]), "pem", "spki")
    except (ValueError, IndexError):
        return None


def _spkac_challenge(data: Any) -> bytes | None:
    try:
        return der.children(_spkac(data)[1][0][1])[1][1]
    except (ValueError, IndexError):
        return None


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('crypto.certificates')`."""
    return {
        "about": lambda certificate: certificate.about(),
        "checkEmail": lambda certificate, address, subject: certificate.check_email(address, subject),
        "checkHost": lambda certificate, host, options: certificate.check_host(host, options),
        "checkIP": _matches_ip,
        "checkIssued": lambda certificate, issuer: certificate.issued_by(issuer),
        "fingerprint": lambda certificate, name: certificate.fingerprint(name),
        "fits": _fits,
        "issuer": lambda certificate: [list(pair) for pair in attributes(certificate.issuer_name)],
        "legacy": lambda certificate: certificate.legacy(),
        "parse": _parse,
        "pem": lambda certificate: certificate.pem(),
        "publicKey": lambda certificate: certificate.public_key(),
        "raw": lambda certificate: certificate.raw,
        "spkacChallenge": _spkac_challenge,
        "spkacPublicKey": _spkac_public,
        "spkacVerify": _verify_spkac,
        "subject": lambda certificate: [list(pair) for pair in attributes(certificate.subject_name)],
        "verify": lambda certificate, key: certificate.verified_by(key),
    }
