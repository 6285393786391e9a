# SPDX-License-Identifier: Apache-2.0
"""Signatures behind the JavaScript module `crypto`: of a digest, or by EdDSA of the message itself."""

from __future__ import annotations

import hashlib

from .errors import crypto_error, needs_cryptography, openssl_error, operation_failed
from .hash_names import hashlib_name

try:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, utils

    from . import der
    from .keys import Key
except ImportError as error:
    raise needs_cryptography(error) from error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["binding", "hash_algorithm"]

_PKCS1, _PSS = 1, 6
_SALT_DIGEST, _SALT_AUTO = -1, -2
_MESSAGE_KINDS = ("ed25519", "ed448", "ml-dsa-44", "ml-dsa-65", "ml-dsa-87")
_HASHES: dict[str, Any] = {
    "md5": hashes.MD5,
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
    "sha512_224": hashes.SHA512_224,
    "sha512_256": hashes.SHA512_256,
    "sha3_224": hashes.SHA3_224,
    "sha3_256": hashes.SHA3_256,
    "sha3_384": hashes.SHA3_384,
    "sha3_512": hashes.SHA3_512,
    "sm3": hashes.SM3,
}
_FIELD = 2**255 - 19
# The second coordinates of the points of Curve25519 with an order of 1, 2, 4 and 8.
_EIGHTH = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER = frozenset((0, 1, _FIELD - 1, _EIGHTH, _FIELD - _EIGHTH))
# What PKCS #1 puts before the digest of a hash that `cryptography` lacks.
_OTHER_OIDS = {"ripemd160": "1.3.36.3.2.1", "rmd160": "1.3.36.3.2.1"}


def hash_algorithm(name: str) -> Any:
    """The object of `cryptography` for a hash of Node's name."""
    algorithm = _HASHES.get(hashlib_name(name))
    if algorithm is None:
        raise crypto_error("INVALID_DIGEST", f"Invalid digest: {name}", "TypeError")
    return algorithm()


def _digest(name: str, data: Any) -> bytes:
    try:
        return hashlib.new(hashlib_name(name), data).digest()
    except ValueError:
        raise crypto_error("INVALID_DIGEST", f"Invalid digest: {name}", "TypeError") from None


def _padding_of(key: Key, wanted: int | None) -> int:
    if key.kind == "rsa-pss":
        if wanted not in (None, _PSS):
            raise openssl_error(0x1C8000A5, "illegal or unsupported padding mode")
        return _PSS
    chosen = wanted or _PKCS1
    if chosen not in (_PKCS1, _PSS):
        raise openssl_error(0x1C8000A5, "illegal or unsupported padding mode")
    return chosen


def _pss(key: Key, name: str, salt: int | None, signing: bool) -> tuple[Any, Any]:
    """Padding and hash, within what the key allows."""
    algorithm = hash_algorithm(name)
    mask = algorithm
    length = _SALT_AUTO if salt is None else salt
    size = (key.public().native.key_size + 6) // 8 - algorithm.digest_size - 2
    if key.pss is not None and key.pss.hash is not None:
        if hashlib_name(name) != hashlib_name(key.pss.hash):
            raise openssl_error(0x1C8000AE, "digest not allowed")
        mask = hash_algorithm(key.pss.mgf)
        real = algorithm.digest_size if length == _SALT_DIGEST else length
        if salt is None and signing:
            length = key.pss.salt
        elif 0 <= real < key.pss.salt:
            raise openssl_error(0x1C8000AC, "pss saltlen too small")
        minimum = key.pss.salt
        if size < minimum:
            raise openssl_error(0x0200006E, "data too large for key size")
    if size < 0 or length > size:
        raise openssl_error(0x0200006E, "data too large for key size")
    special = {
        _SALT_DIGEST: padding.PSS.DIGEST_LENGTH,
        _SALT_AUTO: padding.PSS.MAX_LENGTH if signing else padding.PSS.AUTO,
    }
    return padding.PSS(padding.MGF1(mask), special.get(length, length)), algorithm


def _rsa_scheme(
    key: Key, name: str, options: dict[str, Any], digest: bytes, signing: bool
) -> tuple[Any, Any, bytes]:
    """Padding, hash and what is signed, for `sign` and `verify` of `cryptography`."""
    if _padding_of(key, options.get("padding")) == _PSS:
        scheme, algorithm = _pss(key, name, options.get("saltLength"), signing)
        return scheme, utils.Prehashed(algorithm), digest
    other = _OTHER_OIDS.get(hashlib_name(name))
    if other is not None:
        identifier = der.sequence(der.oid(other), der.NULL)
        return padding.PKCS1v15(), utils.NoDigestInfo(), der.sequence(identifier, der.octets(digest))
    if hashlib_name(name) == "md5-sha1":
        return padding.PKCS1v15(), utils.NoDigestInfo(), digest
    return padding.PKCS1v15(), utils.Prehashed(hash_algorithm(name)), digest


def _number_size(key: Key) -> int:
    """Bytes of each half of a signature as IEEE P1363 writes it."""
    native = key.public().native
    if key.kind == "ec":
        return int(native.curve.key_size + 7) // 8
    return int(native.parameters().parameter_numbers().q.bit_length() + 7) // 8


def _default_hash(key: Key, name: str | None) -> str:
    if name is None and key.kind in ("x25519", "x448", "dh"):
        raise openssl_error(0x03000096, "operation not supported for this keytype")
    return "sha256" if name is None else name


def _sign_digest(key: Key, name: str, digest: bytes, options: dict[str, Any]) -> bytes:
    try:
        if key.kind in ("rsa", "rsa-pss"):
            scheme, algorithm, content = _rsa_scheme(key, name, options, digest, signing=True)
            signature: bytes = key.native.sign(content, scheme, algorithm)
            return signature
        if key.kind == "ec":
            signature = key.native.sign(digest, ec.ECDSA(utils.Prehashed(hash_algorithm(name))))
        elif key.kind == "dsa":
            signature = key.native.sign(digest, utils.Prehashed(hash_algorithm(name)))
        else:
            raise openssl_error(0x03000096, "operation not supported for this keytype")
    except UnsupportedAlgorithm:
        raise crypto_error("INVALID_DIGEST", f"Invalid digest: {name}", "TypeError") from None
    except ValueError:
        if key.kind != "rsa":
            raise operation_failed("Signing failed") from None
        raise openssl_error(0x02000070, "digest too big for rsa key") from None
    if options.get("ieee"):
        size = _number_size(key)
        return b"".join(half.to_bytes(size, "big") for half in utils.decode_dss_signature(signature))
    return signature


def _verify_digest(key: Key, name: str, digest: bytes, signature: bytes, options: dict[str, Any]) -> bool:
    native = key.public().native
    try:
        if key.kind in ("rsa", "rsa-pss"):
            scheme, algorithm, content = _rsa_scheme(key, name, options, digest, signing=False)
            native.verify(signature, content, scheme, algorithm)
            return True
        if options.get("ieee"):
            size = _number_size(key)
            if len(signature) != 2 * size:
                return False
            halves = (int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big"))
            signature = utils.encode_dss_signature(*halves)
        prehashed = utils.Prehashed(hash_algorithm(name))
        if key.kind == "ec":
            native.verify(signature, digest, ec.ECDSA(prehashed))
        elif key.kind == "dsa":
            native.verify(signature, digest, prehashed)
        else:
            raise openssl_error(0x03000096, "operation not supported for this keytype")
    except (InvalidSignature, ValueError):
        return False
    return True


def _is_small(point: bytes) -> bool:
    """Whether an encoded point of Curve25519 has an order of 8 or less: it signs anything."""
    return (int.from_bytes(point, "little") & ~(1 << 255)) % _FIELD in _SMALL_ORDER


def _check_message_digest(name: str | None) -> None:
    """EdDSA and ML-DSA hash by themselves."""
    if name is not None:
        raise openssl_error(0x1C80007A, "invalid digest")


def _context(options: dict[str, Any]) -> dict[str, bytes]:
    context = options.get("context")
    return {} if context is None or not len(context) else {"context": bytes(context)}


def _sign(key: Key, name: str | None, data: Any, options: dict[str, Any]) -> bytes:
    """The signature of a message."""
    if key.kind in _MESSAGE_KINDS:
        _check_message_digest(name)
        try:
            signature: bytes = key.native.sign(bytes(data), **_context(options))
        except TypeError:
            raise crypto_error("UNSUPPORTED_OPERATION", "Context parameter is unsupported") from None
        return signature
    chosen = _default_hash(key, name)
    return _sign_digest(key, chosen, _digest(chosen, data), options)


def _verify(key: Key, name: str | None, data: Any, signature: Any, options: dict[str, Any]) -> bool:
    """Whether `signature` is one of a message."""
    if key.kind in _MESSAGE_KINDS:
        _check_message_digest(name)
        point = bytes(signature)[:32]
        if key.kind == "ed25519" and (_is_small(point) or _is_small(key.public().native.public_bytes_raw())):
            return False
        try:
            key.public().native.verify(bytes(signature), bytes(data), **_context(options))
        except (InvalidSignature, ValueError):
            return False
        except TypeError:
            raise crypto_error("UNSUPPORTED_OPERATION", "Context parameter is unsupported") from None
        return True
    chosen = _default_hash(key, name)
    return _verify_digest(key, chosen, _digest(chosen, data), bytes(signature), options)


def _digest_signed(key: Key, name: str, digest: Any, options: dict[str, Any]) -> bytes:
    """Of a digest that Sign collected. Keys that want the message refuse."""
    if key.kind in _MESSAGE_KINDS or key.kind in ("x25519", "x448"):
        raise crypto_error("UNSUPPORTED_OPERATION", "Unsupported crypto operation")
    return _sign_digest(key, name, bytes(digest), options)


def _digest_verified(key: Key, name: str, digest: Any, signature: Any, options: dict[str, Any]) -> bool:
    if key.kind in _MESSAGE_KINDS or key.kind in ("x25519", "x448"):
        raise crypto_error("UNSUPPORTED_OPERATION", "Unsupported crypto operation")
    return _verify_digest(key, name, bytes(digest), bytes(signature), options)


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('crypto.signatures')`; those ending in Later give promises."""
    return {
        "sign": _sign,
        "signDigest": _digest_signed,
        "signLater": lambda key, name, data, options: isolate.submit(_sign, key, name, bytes(data), options),
        "verify": _verify,
        "verifyDigest": _digest_verified,
        "verifyLater": lambda key, name, data, signature, options: isolate.submit(
            _verify, key, name, bytes(data), bytes(signature), options
        ),
    }
