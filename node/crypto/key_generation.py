# SPDX-License-Identifier: Apache-2.0
"""New pairs of keys."""

from __future__ import annotations

import secrets
from math import gcd

from cryptography.hazmat.primitives.asymmetric import (
    dh,
    dsa,
    ec,
    ed448,
    ed25519,
    mldsa,
    mlkem,
    rsa,
    x448,
    x25519,
)
from cryptography.hazmat.primitives.serialization import load_der_private_key

from . import der
from .errors import crypto_error, openssl_error
from .groups import GROUPS, group_prime
from .keys import CURVES, Key, asymmetric_key
from .primes import find_prime
from .pss import Pss

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["generate", "private_dh_key"]

_SIMPLE: dict[str, Any] = {
    "ed25519": ed25519.Ed25519PrivateKey,
    "ed448": ed448.Ed448PrivateKey,
    "x25519": x25519.X25519PrivateKey,
    "x448": x448.X448PrivateKey,
    "ml-dsa-44": mldsa.MLDSA44PrivateKey,
    "ml-dsa-65": mldsa.MLDSA65PrivateKey,
    "ml-dsa-87": mldsa.MLDSA87PrivateKey,
    "ml-kem-768": mlkem.MLKEM768PrivateKey,
    "ml-kem-1024": mlkem.MLKEM1024PrivateKey,
}
_DSA_OID = "1.2.840.10040.4.1"
_DH_OID = "1.2.840.113549.1.3.1"


def generate(kind: str, options: dict[str, Any]) -> Key:
    """A private key of `kind`; its public half is asked of it."""
    if kind in _SIMPLE:
        return asymmetric_key(_SIMPLE[kind].generate())
    if kind in ("rsa", "rsa-pss"):
        native = _rsa(options["modulusLength"], options["publicExponent"])
        pss = None
        if kind == "rsa-pss":
            hash_ = options.get("hash")
            pss = Pss(hash_, options["mgf"], options["salt"]) if hash_ is not None else Pss()
        return asymmetric_key(native, pss)
    if kind == "ec":
        curve = CURVES.get(options["namedCurve"])
        if curve is None:
            raise crypto_error("INVALID_CURVE", "Invalid EC curve name", "TypeError")
        return asymmetric_key(ec.generate_private_key(curve), explicit=bool(options.get("explicit")))
    if kind == "dsa":
        return asymmetric_key(_dsa(options["modulusLength"], options.get("divisorLength")))
    return asymmetric_key(_dh(options))


def _rsa(bits: int, exponent: int) -> Any:
    if exponent == 1 or exponent % 2 == 0:
        raise openssl_error(0x020000B2, "pub exponent out of range")
    if bits < 512:
        raise openssl_error(0x02000078, "key size too small")
    if bits >= 1024 and exponent in (3, 65537):
        return rsa.generate_private_key(exponent, bits)
    while True:  # what `cryptography` makes no more
        p, q = find_prime(bits - bits // 2), find_prime(bits // 2)
        if p < q:
            p, q = q, p
        phi = (p - 1) * (q - 1)
        if p != q and gcd(exponent, phi) == 1 and (p * q).bit_length() == bits:
            break
    d = pow(exponent, -1, phi)
    numbers = (0, p * q, exponent, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))
    encoded = der.sequence(*map(der.integer, numbers))
    return load_der_private_key(encoded, None, unsafe_skip_rsa_key_validation=True)


def _dsa(bits: int, divisor: int | None) -> Any:
    usual = {1024: 160, 2048: 256, 3072: 256}
    if bits in usual and divisor in (None, usual[bits]):
        return dsa.generate_private_key(bits)
    width = divisor or (160 if bits < 2048 else 224)
    if bits < 512 or width < 160:
        raise openssl_error(0x05000072, "bad ffc parameters")
    q = find_prime(width)
    p = find_prime(bits, add=2 * q, rem=1)
    g = 1
    while g == 1:
        g = pow(secrets.randbelow(p - 3) + 2, (p - 1) // q, p)
    x = secrets.randbelow(q - 1) + 1
    identifier = der.sequence(der.oid(_DSA_OID), der.sequence(*map(der.integer, (p, q, g))))
    encoded = der.sequence(der.integer(0), identifier, der.octets(der.integer(x)))
    return load_der_private_key(encoded, None)


def _dh(options: dict[str, Any]) -> Any:
    if "group" in options:
        if options["group"] not in GROUPS:
            raise crypto_error("UNKNOWN_DH_GROUP", "Unknown DH group")
        p, g = group_prime(options["group"]), 2
    elif "prime" in options:
        p, g = int.from_bytes(bytes(options["prime"]), "big"), options["generator"]
    else:
        bits, g = options["primeLength"], options["generator"]
        if bits < 512:
            raise openssl_error(0x0280007E, "modulus too small")
        return dh.generate_parameters(generator=g, key_size=bits).generate_private_key()
    return private_dh_key(p, g, secrets.randbelow(p - 3) + 2)


def private_dh_key(p: int, g: int, x: int) -> Any:
    """A key for Diffie and Hellman's exchange out of its numbers."""
    identifier = der.sequence(der.oid(_DH_OID), der.sequence(der.integer(p), der.integer(g)))
    encoded = der.sequence(der.integer(0), identifier, der.octets(der.integer(x)))
    return load_der_private_key(encoded, None)
