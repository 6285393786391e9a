# SPDX-License-Identifier: Apache-2.0
"""Keys out of passwords and secrets, behind the JavaScript module `crypto`."""

from __future__ import annotations

import hashlib
import hmac
from threading import Lock

from ...engine.errors import HostError
from .errors import crypto_error, needs_cryptography
from .hash_names import hashlib_name
from .hashes import new_hash

__all__ = ["binding"]

TYPE_CHECKING = False  # typing costs more to import than what this module needs
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def _invalid_digest(name: str) -> HostError:
    return crypto_error("INVALID_DIGEST", f"Invalid digest: {name}", "TypeError")


def _pbkdf2(password: Any, salt: Any, iterations: int, length: int, name: str) -> bytes:
    if length == 0:
        return b""
    return hashlib.pbkdf2_hmac(hashlib_name(name), bytes(password), bytes(salt), iterations, length)


def _check_pbkdf2(name: str) -> None:
    if new_hash(name) is None:
        raise _invalid_digest(name)


def _check_scrypt(cost: int, block_size: int, parallelization: int, memory: int) -> None:
    """OpenSSL's limits, asked before any work is started."""
    if cost < 2 or cost & (cost - 1) or not block_size or not parallelization:
        raise HostError("Invalid scrypt params", name="RangeError", code="ERR_CRYPTO_INVALID_SCRYPT_PARAMS")
    too_many = cost >= 1 << min(16 * block_size, 64) or parallelization > ((1 << 30) - 1) // block_size
    if too_many or 128 * block_size * (cost + parallelization + 2) > memory:
        text = "Invalid scrypt params: error:030000AC:digital envelope routines::memory limit exceeded"
        raise HostError(text, name="RangeError", code="ERR_CRYPTO_INVALID_SCRYPT_PARAMS")


def _scrypt(
    password: Any, salt: Any, length: int, cost: int, block_size: int, parallelization: int, memory: int
) -> bytes:
    if length == 0:
        return b""
    try:  # of a newer OpenSSL than Python's, which is faster
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
    except ImportError:
        limit = min(max(memory, 1024), 2**31 - 2)
        return hashlib.scrypt(
            bytes(password),
            salt=bytes(salt),
            n=cost,
            r=block_size,
            p=parallelization,
            maxmem=limit,
            dklen=length,
        )
    return bytes(Scrypt(bytes(salt), length, cost, block_size, parallelization).derive(bytes(password)))


def _check_hkdf(name: str, length: int) -> None:
    state = new_hash(name)
    if state is None:
        raise _invalid_digest(name)
    if length > 255 * state.digest_size:
        raise HostError("Invalid key length", name="RangeError", code="ERR_CRYPTO_INVALID_KEYLEN")


def _hkdf(name: str, key: Any, salt: Any, info: Any, length: int) -> bytes:
    """RFC 5869: extract, then expand block by block."""
    digest = hashlib_name(name)
    size = hashlib.new(digest).digest_size
    secret = hmac.digest(bytes(salt) or b"\0" * size, bytes(key), digest)
    output, block = b"", b""
    for counter in range(1, -(-length // size) + 1):
        block = hmac.digest(secret, block + bytes(info) + bytes([counter]), digest)
        output += block
    return output[:length]


# OpenSSL counts threads for the whole process: of two derivations with lanes at once, one would get none.
_argon2_turn = Lock()


def _argon2(
    name: str,
    message: bytes,
    nonce: bytes,
    lanes: int,
    length: int,
    memory: int,
    passes: int,
    secret: Any = None,
    extra: Any = None,
) -> bytes:
    try:
        from cryptography.hazmat.primitives.kdf import argon2
    except ImportError as error:
        raise needs_cryptography(error) from error
    kinds: dict[str, Any] = {
        "argon2d": argon2.Argon2d,
        "argon2i": argon2.Argon2i,
        "argon2id": argon2.Argon2id,
    }
    derivation = kinds[name](
        salt=nonce,
        length=length,
        iterations=passes,
        lanes=lanes,
        memory_cost=memory,
        ad=extra or None,
        secret=secret or None,
    )
    with _argon2_turn:
        key: bytes = derivation.derive(message)
    return key


def _kmac(strength: int, key: bytes, data: bytes, length: int, customization: bytes | None = None) -> bytes:
    from .kmac import kmac

    return kmac(strength, key, data, length, customization or b"")


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('crypto.derivation')`; those ending in Later give promises."""

    def copied(values: tuple[Any, ...]) -> list[Any]:
        return [value if isinstance(value, (int, str, type(None))) else bytes(value) for value in values]

    def later(function: Callable[..., bytes]) -> Callable[..., Any]:
        return lambda *values: isolate.submit(function, *copied(values))

    return {
        "argon2": lambda *values: _argon2(*copied(values)),
        "argon2Later": later(_argon2),
        "checkHkdf": _check_hkdf,
        "checkPbkdf2": _check_pbkdf2,
        "checkScrypt": _check_scrypt,
        "hkdf": _hkdf,
        "hkdfLater": later(_hkdf),
        "kmacLater": later(_kmac),
        "pbkdf2": _pbkdf2,
        "pbkdf2Later": later(_pbkdf2),
        "scrypt": _scrypt,
        "scryptLater": later(_scrypt),
    }
