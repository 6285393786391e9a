# SPDX-License-Identifier: Apache-2.0
"""RSA's encryption behind the JavaScript module `crypto`, both ways round."""

from __future__ import annotations

import secrets
from math import gcd

from ...engine.errors import HostError
from .errors import needs_cryptography, openssl_error

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import padding, utils

    from .keys import Key
    from .signatures import hash_algorithm
except ImportError as error:
    raise needs_cryptography(error) from error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["binding"]

_PKCS1, _NONE, _OAEP = 1, 3, 4


def _scheme(number: int, oaep_hash: str | None = None, label: Any = None) -> Any:
    if number == _PKCS1:
        return padding.PKCS1v15()
    if number != _OAEP:
        raise openssl_error(0x1C8000A5, "illegal or unsupported padding mode")
    algorithm = _hash(oaep_hash or "sha1")
    return padding.OAEP(padding.MGF1(algorithm), algorithm, None if label is None else bytes(label))


def _hash(name: str) -> Any:
    try:
        return hash_algorithm(name)
    except HostError:
        raise openssl_error(0x030000A8, "invalid digest") from None


def _check(key: Key) -> None:
    if key.kind != "rsa":
        raise openssl_error(0x03000096, "operation not supported for this keytype")


def _raw(key: Key, data: bytes, private: bool) -> bytes:
    """RSA itself, of data as long as the modulus. A random factor hides what is decrypted."""
    numbers = key.public().native.public_numbers()
    size = (numbers.n.bit_length() + 7) // 8
    value = int.from_bytes(data, "big")
    if len(data) < size:
        raise openssl_error(0x0200007A, "data too small for key size")
    if len(data) > size or value >= numbers.n:
        raise openssl_error(0x02000084, "data too large for modulus")
    if not private:
        return int(pow(value, numbers.e, numbers.n)).to_bytes(size, "big")
    own = key.native.private_numbers()
    blind = 0
    while gcd(blind, numbers.n) != 1:
        blind = secrets.randbelow(numbers.n)
    hidden = value * pow(blind, numbers.e, numbers.n) % numbers.n
    result = pow(hidden, own.d, numbers.n) * pow(blind, -1, numbers.n) % numbers.n
    return int(result).to_bytes(size, "big")


def _public_encrypt(
    key: Key, data: Any, number: int, oaep_hash: str | None = None, label: Any = None
) -> bytes:
    _check(key)
    if number == _NONE:
        return _raw(key, bytes(data), private=False)
    scheme = _scheme(number, oaep_hash, label)
    try:
        result: bytes = key.public().native.encrypt(bytes(data), scheme)
    except ValueError:
        raise openssl_error(0x0200006E, "data too large for key size") from None
    return result


def _private_decrypt(
    key: Key, data: Any, number: int, oaep_hash: str | None = None, label: Any = None
) -> bytes:
    _check(key)
    if number == _NONE:
        return _raw(key, bytes(data), private=True)
    scheme = _scheme(number, oaep_hash, label)
    try:
        result: bytes = key.native.decrypt(bytes(data), scheme)
    except ValueError:
        if number == _OAEP:
            raise openssl_error(0x02000079, "oaep decoding error") from None
        raise openssl_error(0x0200006C, "data greater than mod len") from None
    return result


def _private_encrypt(key: Key, data: Any, number: int, _hash: str | None = None, _label: Any = None) -> bytes:
    _check(key)
    if number == _NONE:
        return _raw(key, bytes(data), private=True)
    if number != _PKCS1:
        raise openssl_error(0x02000076, "unknown padding type")
    try:
        result: bytes = key.native.sign(bytes(data), padding.PKCS1v15(), utils.NoDigestInfo())
    except ValueError:
        raise openssl_error(0x0200006E, "data too large for key size") from None
    return result


def _public_decrypt(key: Key, data: Any, number: int, _hash: str | None = None, _label: Any = None) -> bytes:
    _check(key)
    if number == _NONE:
        return _raw(key, bytes(data), private=False)
    if number != _PKCS1:
        raise openssl_error(0x02000076, "unknown padding type")
    try:
        native = key.public().native
        result: bytes = native.recover_data_from_signature(bytes(data), padding.PKCS1v15(), None)
    except (InvalidSignature, ValueError):
        raise openssl_error(0x02000072, "invalid padding") from None
    return result


def _later(isolate: Any, function: Callable[..., Any]) -> Callable[..., Any]:
    def submit(key: Key, data: Any, number: int, oaep_hash: str | None = None, label: Any = None) -> Any:
        kept = None if label is None else bytes(label)
        return isolate.submit(function, key, bytes(data), number, oaep_hash, kept)

    return submit


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('crypto.rsa_encryption')`."""
    return {
        "checkHash": lambda name: _hash(name) is not None,
        "privateDecrypt": _private_decrypt,
        "privateDecryptLater": _later(isolate, _private_decrypt),
        "privateEncrypt": _private_encrypt,
        "publicDecrypt": _public_decrypt,
        "publicEncrypt": _public_encrypt,
        "publicEncryptLater": _later(isolate, _public_encrypt),
    }
