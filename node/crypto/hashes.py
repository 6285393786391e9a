# SPDX-License-Identifier: Apache-2.0
"""Hashes and message authentication behind the JavaScript module `crypto`."""

from __future__ import annotations

import hashlib
import hmac
import re

from .errors import openssl_error
from .hash_names import LEGACY, SHOWN, hashlib_name

__all__ = ["binding", "new_hash"]

TYPE_CHECKING = False  # typing costs more to import than what this module needs
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_EXTENDABLE = {"shake_128": 16, "shake_256": 32}
_SURROGATE = re.compile("[\ud800-\udfff]")


def new_hash(name: str) -> Any:
    """A hashlib object of Node's name; None when there is no such hash here."""
    try:
        return hashlib.new(hashlib_name(name))
    except ValueError:
        return None


def _hashes() -> list[str]:
    return sorted(
        name for own, names in SHOWN.items() if own in hashlib.algorithms_available for name in names
    )


def _bytes(data: Any) -> Any:
    if not isinstance(data, str):
        return data
    try:
        return data.encode()
    except UnicodeEncodeError:  # half a character becomes the one that stands for what is broken
        return _SURROGATE.sub("\ufffd", data).encode()


def _describe(name: str) -> tuple[str, int, bool] | None:
    """What hashlib calls it, bytes of a digest, and whether one may ask for another number of them.

    None when there is no such hash here. The functions below want hashlib's name.
    """
    if name.lower() in LEGACY:
        initialization = "error:03000086:digital envelope routines::initialization error"
        raise openssl_error(0x0308010C, "unsupported", before=(initialization,))
    state = new_hash(name)
    if state is None:
        return None
    known = hashlib_name(name)
    extendable = _EXTENDABLE.get(known)
    return known, state.digest_size if extendable is None else extendable, extendable is not None


def _start(known: str, data: Any) -> Any:
    """A state, which JavaScript owns. It has taken in `data` already."""
    return hashlib.new(known, _bytes(data))


def _start_keyed(known: str, key: Any, data: Any) -> Any:
    return hmac.new(bytes(key), _bytes(data), known)


def _update(state: Any, data: Any) -> None:
    state.update(_bytes(data))


def _finish(state: Any, as_hex: bool, length: int | None = None) -> str | bytes:
    """The digest. `length`: bytes, of an extendable hash."""
    size = () if length is None else (length,)
    result: str | bytes = state.hexdigest(*size) if as_hex else state.digest(*size)
    return result


def _hash(known: str, data: Any, as_hex: bool, length: int | None = None) -> str | bytes:
    return _finish(hashlib.new(known, _bytes(data)), as_hex, length)


def _hmac(known: str, key: Any, data: Any, as_hex: bool) -> str | bytes:
    digest = hmac.digest(bytes(key), _bytes(data), known)
    return digest.hex() if as_hex else digest


def _same(first: Any, second: Any) -> bool:
    return hmac.compare_digest(first, second)


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
        "copy": lambda state: state.copy(),
        "describe": _describe,
        "finish": _finish,
        "hash": _hash,
        "hashLater": lambda name, data, length=None: isolate.submit(
            _hash, hashlib_name(name), bytes(data), False, length
        ),
        "hashes": _hashes,
        "hmac": _hmac,
        "hmacLater": lambda name, key, data: isolate.submit(
            _hmac, hashlib_name(name), bytes(key), bytes(data), False
        ),
        "opensslVersion": _openssl_version,
        "same": _same,
        "start": _start,
        "startKeyed": _start_keyed,
        "update": _update,
    }
