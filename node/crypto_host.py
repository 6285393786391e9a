# SPDX-License-Identifier: Apache-2.0
"""Hashes, message authentication and key derivation behind the JavaScript module `crypto`."""

from __future__ import annotations

import hashlib
import hmac

from ..engine.errors import HostError

__all__ = ["binding"]

TYPE_CHECKING = False  # typing costs more to import than what this module needs
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# OpenSSL's names, which Node shows, for what hashlib calls otherwise.
_OPENSSL_NAMES = {"blake2b": "blake2b512", "blake2s": "blake2s256", "md5-sha1": "md5-sha1"}
_HASHLIB_NAMES = {shown: name for name, shown in _OPENSSL_NAMES.items()}
_EXTENDABLE = {"shake_128": 16, "shake_256": 32}
_SIGNATURE_ALIASES = (
    "md5",
    "ripemd160",
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "sha512-224",
    "sha512-256",
)

_SCRYPT_MEMORY = 32 * 1024 * 1024


def _hashlib_name(name: str) -> str:
    plain = name.lower().removeprefix("rsa-").removeprefix("ssl3-")
    if plain in _HASHLIB_NAMES:
        return _HASHLIB_NAMES[plain]
    if plain.startswith(("sha3-", "sha512-")):
        return plain.replace("-", "_")
    return "shake_" + plain[5:] if plain in ("shake128", "shake256") else plain


def _new(name: str) -> Any:
    """A hashlib object, or None when there is no such hash here."""
    try:
        return hashlib.new(_hashlib_name(name))
    except ValueError:
        return None


def _hashes() -> list[str]:
    usable = [name for name in hashlib.algorithms_available if _new(name) is not None]
    shown = {_OPENSSL_NAMES.get(name, name.replace("shake_", "shake").replace("_", "-")) for name in usable}
    aliases = {
        f"RSA-{name.upper()}" if "-" not in name else f"RSA-{name.upper().replace('-', '/')}"
        for name in shown
        if name in _SIGNATURE_ALIASES
    }
    return sorted(shown | aliases)


def _bytes(data: Any) -> Any:
    return data.encode("utf-8", "replace") if isinstance(data, str) else data


def _methods(state: Any, length: int | None) -> dict[str, Callable[..., Any]]:
    """What JavaScript's Hash and Hmac call: they own the state by these functions."""

    def digest(as_hex: bool) -> str | bytes:
        size = () if length is None else (length,)
        result: str | bytes = state.hexdigest(*size) if as_hex else state.digest(*size)
        return result

    return {
        "update": lambda data: state.update(_bytes(data)),
        "digest": digest,
        "copy": lambda: _methods(state.copy(), length),
    }


def _output_length(name: str, state: Any, wanted: int | None) -> int | None:
    if _hashlib_name(name) in _EXTENDABLE:
        return _EXTENDABLE[_hashlib_name(name)] if wanted is None else wanted
    if wanted is not None and wanted != state.digest_size:
        raise HostError("Unsupported state or unable to set the output length of " + name, name="Error")
    return None


def _create_hash(name: str, output_length: int | None) -> dict[str, Callable[..., Any]] | None:
    """The methods of a new hash, None when there is none of that name.

    `output_length`: bytes, of an extendable one.
    """
    state = _new(name)
    return None if state is None else _methods(state, _output_length(name, state, output_length))


def _create_hmac(name: str, key: Any) -> dict[str, Callable[..., Any]] | None:
    if _new(name) is None:
        return None
    return _methods(hmac.new(bytes(_bytes(key)), digestmod=_hashlib_name(name)), None)


def _hash_once(name: str, data: Any, as_hex: bool, output_length: int | None) -> str | bytes | None:
    methods = _create_hash(name, output_length)
    if methods is None:
        return None
    methods["update"](data)
    result: str | bytes = methods["digest"](as_hex)
    return result


def _invalid_digest(name: str) -> HostError:
    return HostError(f"Invalid digest: {name}", name="TypeError", code="ERR_CRYPTO_INVALID_DIGEST")


def _pbkdf2(password: Any, salt: Any, iterations: int, length: int, name: str) -> bytes:
    if length == 0:
        return b""
    return hashlib.pbkdf2_hmac(_hashlib_name(name), bytes(password), bytes(salt), iterations, length)


def _check_pbkdf2(name: str) -> None:
    if _new(name) is None:
        raise _invalid_digest(name)


def _check_scrypt(cost: int, block_size: int, parallelization: int, memory: int) -> None:
    """OpenSSL's limits, asked before any work is started."""
    if cost < 2 or cost & (cost - 1) or not block_size or not parallelization:
        raise HostError("Invalid scrypt params", name="RangeError", code="ERR_CRYPTO_INVALID_SCRYPT_PARAMS")
    if 128 * block_size * (cost + parallelization + 2) > memory:
        text = "Invalid scrypt params: error:030000AC:digital envelope routines::memory limit exceeded"
        raise HostError(text, name="RangeError", code="ERR_CRYPTO_INVALID_SCRYPT_PARAMS")


def _scrypt(
    password: Any, salt: Any, length: int, cost: int, block_size: int, parallelization: int, memory: int
) -> bytes:
    if length == 0:
        return b""
    return hashlib.scrypt(
        bytes(password),
        salt=bytes(salt),
        n=cost,
        r=block_size,
        p=parallelization,
        maxmem=max(memory, 1024),
        dklen=length,
    )


def _check_hkdf(name: str, length: int) -> None:
    state = _new(name)
    if state is None:
        raise _invalid_digest(name)
    if length > 255 * state.digest_size:
        raise HostError("Invalid key length", name="RangeError", code="ERR_CRYPTO_INVALID_KEYLEN")


def _hkdf(name: str, key: Any, salt: Any, info: Any, length: int) -> bytes:
    """RFC 5869: extract, then expand block by block."""
    digest = _hashlib_name(name)
    size = hashlib.new(digest).digest_size
    secret = hmac.digest(bytes(salt) or b"\0" * size, bytes(key), digest)
    output, block = b"", b""
    for counter in range(1, -(-length // size) + 1):
        block = hmac.digest(secret, block + bytes(info) + bytes([counter]), digest)
        output += block
    return output[:length]


def _same(first: Any, second: Any) -> bool:
    return hmac.compare_digest(bytes(first), bytes(second))


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('crypto_host')`; those ending in Later give promises."""
    return {
        "checkHkdf": _check_hkdf,
        "checkPbkdf2": _check_pbkdf2,
        "checkScrypt": _check_scrypt,
        "createHash": _create_hash,
        "createHmac": _create_hmac,
        "hash": _hash_once,
        "hashes": _hashes,
        "hkdf": _hkdf,
        "pbkdf2": _pbkdf2,
        "pbkdf2Later": lambda password, salt, *rest: isolate.submit(
            _pbkdf2, bytes(password), bytes(salt), *rest
        ),
        "same": _same,
        "scrypt": _scrypt,
        "scryptLater": lambda password, salt, *rest: isolate.submit(
            _scrypt, bytes(password), bytes(salt), *rest
        ),
    }
