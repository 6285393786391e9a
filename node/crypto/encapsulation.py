# SPDX-License-Identifier: Apache-2.0
"""Encapsulation of secrets, as OpenSSL has it: ML-KEM, RSA's RSASVE, and DHKEM of RFC 9180 for curves."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from .errors import operation_failed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .keys import Key

__all__ = ["decapsulate", "encapsulate"]

# Of RFC 9180, 7.1: the number of the scheme, its hash and the size of its secret.
_SCHEMES = {
    "prime256v1": (0x10, "sha256", 32),
    "secp384r1": (0x11, "sha384", 48),
    "secp521r1": (0x12, "sha512", 64),
    "x25519": (0x20, "sha256", 32),
    "x448": (0x21, "sha512", 64),
}


def encapsulate(key: Key) -> tuple[bytes, bytes]:
    """A new secret and what carries it."""
    native = key.public().native
    if key.kind.startswith("ml-kem"):
        secret, carried = native.encapsulate()
        return secret, carried
    if key.kind == "rsa":
        numbers = native.public_numbers()
        size = (numbers.n.bit_length() + 7) // 8
        number = 2 + secrets.randbelow(numbers.n - 3)
        return number.to_bytes(size, "big"), pow(number, numbers.e, numbers.n).to_bytes(size, "big")
    scheme = _scheme_of(key)
    if scheme is None:
        raise operation_failed("Failed to perform encapsulation")
    own = _new_key(native)
    carried = _encoded(own.public_key())
    return _extract_and_expand(scheme, _agree(own, native), carried + _encoded(native)), carried


def decapsulate(key: Key, carried: bytes) -> bytes:
    """The secret again."""
    try:
        if key.kind.startswith("ml-kem"):
            secret: bytes = key.native.decapsulate(carried)
            return secret
        if key.kind == "rsa":
            return _rsa_decapsulate(key, carried)
        scheme = _scheme_of(key)
        if scheme is not None:
            agreed = _agree(key.native, _decoded(key, carried))
            return _extract_and_expand(scheme, agreed, carried + _encoded(key.native.public_key()))
    except ValueError:  # what came is none of this key
        pass
    raise operation_failed("Failed to perform decapsulation")


def _rsa_decapsulate(key: Key, carried: bytes) -> bytes:
    """RSASVE is RSA without padding, which `cryptography` has for verifying only.

    The number is blinded: how long Python takes tells nothing of what came.
    """
    own = key.native.private_numbers()
    n, e = own.public_numbers.n, own.public_numbers.e
    number, size = int.from_bytes(carried, "big"), (n.bit_length() + 7) // 8
    if len(carried) != size or not 1 < number < n - 1:
        raise ValueError("not encapsulated for this key")
    blind = 2 + secrets.randbelow(n - 3)
    blinded = number * pow(blind, e, n) % n
    half_p, half_q = pow(blinded % own.p, own.dmp1, own.p), pow(blinded % own.q, own.dmq1, own.q)
    plain = half_q + own.q * ((half_p - half_q) * own.iqmp % own.p)
    secret = int(plain * pow(blind, -1, n) % n)
    return secret.to_bytes(size, "big")


def _scheme_of(key: Key) -> tuple[int, str, int] | None:
    return _SCHEMES.get(str(key.details()["namedCurve"]) if key.kind == "ec" else key.kind)


def _new_key(public: Any) -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec, x448, x25519

    if isinstance(public, ec.EllipticCurvePublicKey):
        return ec.generate_private_key(public.curve)
    kinds: Any = (
        x25519.X25519PrivateKey if isinstance(public, x25519.X25519PublicKey) else x448.X448PrivateKey
    )
    return kinds.generate()


def _agree(own: Any, other: Any) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import ec

    algorithm = (ec.ECDH(),) if isinstance(own, ec.EllipticCurvePrivateKey) else ()
    agreed: bytes = own.exchange(*algorithm, other)
    return agreed


def _encoded(public: Any) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    if isinstance(public, ec.EllipticCurvePublicKey):
        point: bytes = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return point
    raw: bytes = public.public_bytes_raw()
    return raw


def _decoded(own: Key, data: bytes) -> Any:
    from .keys import kind_classes

    _private, public = kind_classes(own.kind)
    if own.kind != "ec":
        return public.from_public_bytes(data)
    if data[:1] != b"\x04":
        raise ValueError("not an uncompressed point")
    return public.from_encoded_point(own.native.curve, data)


def _extract_and_expand(scheme: tuple[int, str, int], agreed: bytes, context: bytes) -> bytes:
    """RFC 9180, 4.1: HKDF with labels."""
    number, hash_, size = scheme
    suite = b"KEM" + number.to_bytes(2, "big")
    salt = bytes(hashlib.new(hash_).digest_size)
    extracted = hmac.digest(salt, b"HPKE-v1" + suite + b"eae_prk" + agreed, hash_)
    info = size.to_bytes(2, "big") + b"HPKE-v1" + suite + b"shared_secret" + context
    return hmac.digest(extracted, info + b"\x01", hash_)[:size]  # one block of the expansion is enough
