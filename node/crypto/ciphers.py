# SPDX-License-Identifier: Apache-2.0
"""Symmetric ciphers behind the JavaScript module `crypto`."""

from __future__ import annotations

from ...engine.errors import HostError
from .cipher_table import CIPHERS, Cipher, find
from .errors import crypto_error, needs_cryptography, operation_failed

__all__ = ["binding"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def _info(
    name: str | int, key_length: int | None = None, iv_length: int | None = None
) -> dict[str, object] | None:
    """`crypto.getCipherInfo()`, None when there is no such cipher, or it does not take such lengths."""
    cipher = find(name)
    if cipher is None or (key_length is not None and key_length != cipher.key):
        return None
    shown_iv = cipher.iv
    if iv_length is not None:
        if not _takes_iv(cipher, iv_length):
            return None
        shown_iv = iv_length
    info: dict[str, object] = {"mode": cipher.mode, "name": cipher.name, "nid": cipher.nid}
    if cipher.block:
        info["blockSize"] = cipher.block
    if shown_iv:
        info["ivLength"] = shown_iv
    info["keyLength"] = cipher.key
    return info


def _takes_iv(cipher: Cipher, length: int) -> bool:
    if cipher.mode == "gcm":
        return length > 0
    if cipher.mode == "ccm":
        return 7 <= length <= 13
    if cipher.mode == "ocb":
        return 1 <= length <= 15
    if cipher.name == "chacha20-poly1305":
        return 0 < length <= 12
    return length == cipher.iv


def _create(
    name: str, key: Any, iv: Any, encrypt: bool, tag_length: int | None = None
) -> dict[str, Callable[..., Any]]:
    cipher = find(name)
    if cipher is None:
        raise crypto_error("UNKNOWN_CIPHER", "Unknown cipher")
    key = bytes(key)
    iv = None if iv is None else bytes(iv)
    if len(key) != cipher.key:
        raise crypto_error("INVALID_KEYLEN", "Invalid key length", "RangeError")
    if not _takes_iv(cipher, len(iv)) if iv is not None else cipher.iv:
        raise crypto_error("INVALID_IV", "Invalid initialization vector", "TypeError")
    try:
        state = _state(cipher, name, key, iv or b"", encrypt, tag_length)
    except ImportError as error:
        raise needs_cryptography(error) from error
    return _methods(state, cipher, encrypt)


def _state(cipher: Cipher, name: str, key: bytes, iv: bytes, encrypt: bool, tag_length: int | None) -> Any:
    sealed = cipher.mode in ("gcm", "ccm", "ocb") or cipher.name == "chacha20-poly1305"
    if not sealed:
        from .block_ciphers import BlockCipher, KeyWrap

        return (KeyWrap if cipher.mode == "wrap" else BlockCipher)(cipher, key, iv, encrypt)
    from . import sealed_ciphers

    length = sealed_ciphers.check_tag_length(cipher.mode, name, tag_length)
    if cipher.mode == "gcm":
        if not 8 <= len(iv) <= 128:
            text = f"GCM with an initialization vector of {len(iv)} bytes is not implemented"
            raise HostError(text, code="ERR_METHOD_NOT_IMPLEMENTED")
        return sealed_ciphers.Gcm(key, iv, encrypt, length)
    if cipher.family == "chacha20":
        return sealed_ciphers.ChaChaPoly(key, iv, encrypt, length)
    assert length is not None
    return sealed_ciphers.Whole(cipher.mode, key, iv, encrypt, length)


def _methods(state: Any, cipher: Cipher, encrypt: bool) -> dict[str, Callable[..., Any]]:
    """What JavaScript's Cipheriv and Decipheriv call; a cipher without tags lacks those of tags."""
    methods: dict[str, Callable[..., Any]] = {
        "update": state.update,
        "final": state.final,
        "pad": state.pad,
    }
    if hasattr(state, "set_tag"):
        methods["setTag"] = lambda tag: state.set_tag(bytes(tag))
        methods["getTag"] = state.get_tag
        methods["add"] = lambda data, plain=None: state.add(bytes(data), plain)
    return methods


def _once(
    name: str, key: bytes, iv: bytes, data: bytes, encrypt: bool, extra: bytes | None, tag: int | None
) -> bytes:
    """All of a text in one call. The tag, of a cipher that has one, is the text's end."""
    methods = _create(name, key, iv, encrypt, tag)
    if extra is not None:
        methods["add"](extra, len(data))
    if tag is not None and not encrypt:
        methods["setTag"](data[len(data) - tag :])
        data = data[: len(data) - tag]
    output: bytes = methods["update"](data) + methods["final"]()
    return output + methods["getTag"]() if tag is not None and encrypt else output


def _count(key: bytes, counter: bytes, length: int, data: bytes) -> bytes:
    """AES in counter mode with a counter of `length` bits: it begins anew at its end."""
    name = f"aes-{len(key) * 8}-ctr"
    value = int.from_bytes(counter, "big")
    left = ((1 << length) - value % (1 << length)) * 16  # bytes until then
    if len(data) > 16 << length:
        raise operation_failed("The counter is too short for so much data")
    output: bytes = _create(name, key, counter, True)["update"](data[:left])
    if left < len(data):
        again = (value >> length << length).to_bytes(16, "big")
        output += _create(name, key, again, True)["update"](data[left:])
    return output


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('crypto.ciphers')`."""

    def once(
        name: str, key: Any, iv: Any, data: Any, encrypt: bool, extra: Any = None, tag: int | None = None
    ) -> Any:
        kept = None if extra is None else bytes(extra)
        return isolate.submit(_once, name, bytes(key), bytes(iv), bytes(data), encrypt, kept, tag)

    return {
        "counterLater": lambda key, counter, length, data: isolate.submit(
            _count, bytes(key), bytes(counter), length, bytes(data)
        ),
        "create": _create,
        "info": _info,
        "names": lambda: CIPHERS,
        "onceLater": once,
    }
