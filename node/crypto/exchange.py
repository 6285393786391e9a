# SPDX-License-Identifier: Apache-2.0
"""Agreement on a secret, behind `crypto`: Diffie and Hellman's, on curves, by encapsulation."""

from __future__ import annotations

import secrets

from ...engine.errors import HostError
from .encapsulation import decapsulate, encapsulate
from .errors import crypto_error, needs_cryptography, openssl_error, operation_failed
from .groups import GROUPS, group_prime
from .primes import find_prime, is_prime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .keys import Key

__all__ = ["binding"]

_NOT_PRIME, _NOT_SAFE, _NOT_GENERATOR = 1, 2, 8


def _int(data: Any) -> int:
    return int.from_bytes(bytes(data), "big")


def _bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


class _Group:
    """A prime and a generator, and one's own keys. Python's pow() does not hide how long it takes."""

    def __init__(self, prime: int, generator: int, fixed: bool = False) -> None:
        self.prime, self.generator, self._fixed = prime, generator, fixed
        self.public: int | None = None
        self.private: int | None = None

    def verify_error(self) -> int:
        """OpenSSL's flags of what is wrong with the numbers."""
        if self._fixed:
            return 0
        error = 0
        if not is_prime(self.prime):
            error |= _NOT_PRIME
        elif not is_prime(self.prime >> 1):
            error |= _NOT_SAFE
        if not 1 < self.generator < self.prime - 1:
            error |= _NOT_GENERATOR
        return error

    def generate(self) -> bytes:
        """One's own keys; a private key that is there stays."""
        if self.private is None:
            bits = self.prime.bit_length() - 1
            if bits < 2:
                raise openssl_error(0x0280007E, "modulus too small")
            self.private = secrets.randbelow((1 << bits) - 1) + 1
        self.public = pow(self.generator, self.private, self.prime)
        return _bytes(self.public)

    def secret(self, other: Any) -> bytes:
        """The shared secret, as long as the prime."""
        value = _int(other)
        if value <= 1:
            raise crypto_error("INVALID_KEYLEN", "Supplied key is too small", "RangeError")
        if value >= self.prime - 1:
            raise crypto_error("INVALID_KEYLEN", "Supplied key is too large", "RangeError")
        if self.private is None:
            raise openssl_error(0x02800064, "no private value")
        return pow(value, self.private, self.prime).to_bytes((self.prime.bit_length() + 7) // 8, "big")


def _methods(group: _Group) -> dict[str, Callable[..., Any]]:
    def set_public(data: Any) -> None:
        group.public = _int(data)

    def set_private(data: Any) -> None:
        group.private = _int(data)

    return {
        "generate": group.generate,
        "generator": lambda: _bytes(group.generator),
        "prime": lambda: _bytes(group.prime),
        "privateKey": lambda: None if group.private is None else _bytes(group.private),
        "publicKey": lambda: None if group.public is None else _bytes(group.public),
        "secret": group.secret,
        "setPrivateKey": set_private,
        "setPublicKey": set_public,
        "verifyError": group.verify_error,
    }


def _create(prime: Any, generator: Any) -> dict[str, Callable[..., Any]]:
    """With `prime` a number of bits, or the bytes of one; the same of `generator`."""
    base = generator if isinstance(generator, int) else _int(generator)
    if isinstance(prime, int):
        if prime < 2:
            raise openssl_error(0x0280007E, "modulus too small")
        if base < 2:
            raise openssl_error(0x02800065, "bad generator")
        return _methods(_Group(_safe_prime(prime, base), base))
    if base <= 1 and len(bytes(prime)):
        raise openssl_error(0x02800065, "bad generator")
    return _methods(_Group(_int(prime), base))


def _safe_prime(bits: int, generator: int) -> int:
    """A prime that has `generator` generate the larger half of the group, as OpenSSL chooses it."""
    add, rem = {2: (24, 23), 5: (60, 59)}.get(generator, (12, 11))
    if bits >= 512:
        try:
            from cryptography.hazmat.primitives.asymmetric import dh
        except ImportError as error:
            raise needs_cryptography(error) from error
        if generator in (2, 5):
            return dh.generate_parameters(generator, bits).parameter_numbers().p
    return find_prime(bits, safe=True, add=add, rem=rem)


def _create_group(name: str) -> dict[str, Callable[..., Any]] | None:
    return _methods(_Group(group_prime(name), 2, fixed=True)) if name in GROUPS else None


def _curve(name: str) -> Any:
    try:
        from .keys import CURVES
    except ImportError as error:
        raise needs_cryptography(error) from error
    if name not in CURVES:
        raise crypto_error("INVALID_CURVE", "Invalid EC curve name", "TypeError")
    return CURVES[name]


def _point(curve: Any, data: Any) -> Any:
    """A public key out of its bytes, also of the hybrid form. ValueError when it is not on the curve."""
    from cryptography.hazmat.primitives.asymmetric import ec

    encoded = bytes(data)
    if encoded[:1] in (b"\x06", b"\x07"):
        encoded = b"\x04" + encoded[1:]
    return ec.EllipticCurvePublicKey.from_encoded_point(curve, encoded)


def _encoded(key: Any, form: int) -> bytes:
    """The bytes of a public key: form 2 is compressed, 4 is not, 6 is hybrid."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    shape = PublicFormat.CompressedPoint if form == 2 else PublicFormat.UncompressedPoint
    data: bytes = key.public_bytes(Encoding.X962, shape)
    return bytes([6 | data[-1] & 1]) + data[1:] if form == 6 else data


def _ec_generate(name: str) -> tuple[bytes, bytes]:
    """A private number and the uncompressed public point."""
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(_curve(name))
    return _bytes(key.private_numbers().private_value), _encoded(key.public_key(), 4)


def _ec_public(name: str, private: Any) -> bytes:
    """The point of a private number."""
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        return _encoded(ec.derive_private_key(_int(private), _curve(name)).public_key(), 4)
    except (ValueError, TypeError):
        text = "Private key is not valid for specified curve."
        raise crypto_error("INVALID_KEYTYPE", text) from None


def _ec_convert(name: str, data: Any, form: int) -> bytes | None:
    """Another form of a point; None when it is none of the curve."""
    try:
        return _encoded(_point(_curve(name), data), form)
    except ValueError:
        return None


def _ec_secret(name: str, private: Any, other: Any) -> bytes | None:
    """The shared secret; None when `other` is no point of the curve."""
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        peer = _point(_curve(name), other)
    except ValueError:
        return None
    return ec.derive_private_key(_int(private), _curve(name)).exchange(ec.ECDH(), peer)


def _agree(private: Key, public: Key) -> bytes:
    """The secret of two keys of one kind."""
    from cryptography.hazmat.primitives.asymmetric import ec

    peer = public.public().native
    try:
        if private.kind == "ec":
            if type(peer.curve) is not type(private.native.curve):
                raise openssl_error(0x1C8000F6, "mismatching domain parameters")
            secret: bytes = private.native.exchange(ec.ECDH(), peer)
            return secret
        if private.kind in ("x25519", "x448"):
            secret = private.native.exchange(peer)
            return secret
        if private.kind == "dh":
            own, other = private.native.private_numbers(), peer.public_numbers()
            group = own.public_numbers.parameter_numbers
            if (group.p, group.g) != (other.parameter_numbers.p, other.parameter_numbers.g):
                raise openssl_error(0x1C8000F6, "mismatching domain parameters")
            return int(pow(other.y, own.x, group.p)).to_bytes((group.p.bit_length() + 7) // 8, "big")
    except ValueError:
        raise openssl_error(0x1C8000E8, "failed during derivation") from None
    raise operation_failed("diffieHellman failed")


def _in_thread(isolate: Any, run: Callable[..., Any], *args: Any) -> Any:
    """Of a failure with a callback Node says no more."""

    def task() -> Any:
        try:
            return run(*args)
        except HostError:
            raise HostError("Deriving bits failed", code="ERR_CRYPTO_OPERATION_FAILED") from None

    return isolate.submit(task)


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('crypto.exchange')`; those ending in Later give promises."""
    return {
        "agree": _agree,
        "agreeLater": lambda private, public: isolate.submit(_agree, private, public),
        "checkCurve": lambda name: _curve(name) is not None,
        "create": _create,
        "createGroup": _create_group,
        "decapsulate": lambda key, carried: decapsulate(key, bytes(carried)),
        "decapsulateLater": lambda key, carried: _in_thread(isolate, decapsulate, key, bytes(carried)),
        "ecConvert": _ec_convert,
        "ecGenerate": _ec_generate,
        "ecPublic": _ec_public,
        "ecSecret": _ec_secret,
        "isPair": lambda name, private, public: _ec_public(name, private) == bytes(public),
        "encapsulate": encapsulate,
        "encapsulateLater": lambda key: _in_thread(isolate, encapsulate, key),
    }
