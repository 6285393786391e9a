# SPDX-License-Identifier: Apache-2.0
"""Hashes and message authentication behind the JavaScript module `crypto`."""

from __future__ import annotations

import hashlib
import hmac

from ...engine.errors import HostError

__all__ = ["binding", "hashlib_name", "new_hash"]

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


def hashlib_name(name: str) -> str:
    """What hashlib calls the hash of Node's name."""
    plain = name.lower().removeprefix("rsa-").removeprefix("ssl3-").replace("/", "-")
    if plain in _HASHLIB_NAMES:
        return _HASHLIB_NAMES[plain]
    if plain.startswith(("sha3-", "sha512-")):
        return plain.replace("-", "_")
    return "shake_" + plain[5:] if plain in ("shake128", "shake256") else plain


def new_hash(name: str) -> Any:
    """A hashlib object of Node's name; None when there is no such hash here."""
    try:
        return hashlib.new(hashlib_name(name))
    except ValueError:
        return None


def _hashes() -> list[str]:
    usable = [name for name in hashlib.algorithms_available if new_hash(name) is not None]
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
    if hashlib_name(name) in _EXTENDABLE:
        return _EXTENDABLE[hashlib_name(name)] if wanted is None else wanted
    if wanted is not None and wanted != state.digest_size:
        raise HostError(f"Output length {wanted} is invalid for {name}, which does not support XOF")
    return None


def _create_hash(name: str, output_length: int | None = None) -> dict[str, Callable[..., Any]] | None:
    """The methods of a new hash, None when there is none of that name.

    `output_length`: bytes, of an extendable one.
    """
    state = new_hash(name)
    return None if state is None else _methods(state, _output_length(name, state, output_length))


def _create_hmac(name: str, key: Any) -> dict[str, Callable[..., Any]] | None:
    if new_hash(name) is None:
        return None
    return _methods(hmac.new(bytes(_bytes(key)), digestmod=hashlib_name(name)), None)


def _hash_once(name: str, data: Any, as_hex: bool, output_length: int | None = None) -> str | bytes | None:
    methods = _create_hash(name, output_length)
    if methods is None:
        return None
    methods["update"](data)
    result: str | bytes = methods["digest"](as_hex)
    return result


def _same(first: Any, second: Any) -> bool:
    return hmac.compare_digest(bytes(first), bytes(second))


def _openssl_version() -> str:
    """Of the OpenSSL that computes everything but hashes: that of `cryptography`, without it Python's."""
    try:
        from cryptography.hazmat.bindings._rust import openssl
    except ImportError:
        from _ssl import OPENSSL_VERSION

        return OPENSSL_VERSION.split()[1]
    return openssl.openssl_version_text().split()[1]


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('crypto.hashes')`"""
    return {
        "createHash": _create_hash,
        "createHmac": _create_hmac,
        "hash": _hash_once,
        "hashes": _hashes,
        "hashLater": lambda name, data, length=None: isolate.submit(
            _hash_once, name, bytes(data), False, length
        ),
        "hmacLater": lambda name, key, data: isolate.submit(
            hmac.digest, bytes(key), bytes(data), hashlib_name(name)
        ),
        "opensslVersion": _openssl_version,
        "same": _same,
    }
