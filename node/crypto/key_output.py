# SPDX-License-Identifier: Apache-2.0
"""Keys as PEM, DER and JWK, and JWK as keys."""

from __future__ import annotations

import binascii

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, mldsa, rsa, x448, x25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from ...engine.errors import HostError
from .errors import crypto_error
from .key_encryption import encrypt_pem, encrypt_pkcs8
from .keys import CURVE_NAMES, CURVES, Key, asymmetric_key, kind_classes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["export_private", "export_public", "from_jwk", "from_raw", "pem_text", "to_jwk", "to_raw"]

_JWK_CURVES = {"prime256v1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521", "secp256k1": "secp256k1"}
_OPENSSL_CURVES = {shown: name for name, shown in _JWK_CURVES.items()}
_OCTET_KINDS: dict[str, tuple[str, Any, Any]] = {
    "ed25519": ("Ed25519", ed25519.Ed25519PrivateKey, ed25519.Ed25519PublicKey),
    "ed448": ("Ed448", ed448.Ed448PrivateKey, ed448.Ed448PublicKey),
    "x25519": ("X25519", x25519.X25519PrivateKey, x25519.X25519PublicKey),
    "x448": ("X448", x448.X448PrivateKey, x448.X448PublicKey),
}
_MLDSA: dict[str, Any] = {
    "ML-DSA-44": (mldsa.MLDSA44PrivateKey, mldsa.MLDSA44PublicKey),
    "ML-DSA-65": (mldsa.MLDSA65PrivateKey, mldsa.MLDSA65PublicKey),
    "ML-DSA-87": (mldsa.MLDSA87PrivateKey, mldsa.MLDSA87PublicKey),
}


def pem_text(label: str, data: bytes, headers: str = "") -> str:
    """A PEM block."""
    text = binascii.b2a_base64(data, newline=False).decode()
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{headers}{lines}\n-----END {label}-----\n"


def export_public(key: Key, form: str, type_: str) -> str | bytes:
    """The public key: text for PEM, bytes for DER."""
    if type_ == "pkcs1":
        if key.kind != "rsa":
            raise _incompatible("pkcs1", "can only be used for RSA keys")
        data: bytes = key.native.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    else:
        data = key.spki()
    return data if form == "der" else pem_text("RSA PUBLIC KEY" if type_ == "pkcs1" else "PUBLIC KEY", data)


def _incompatible(encoding: str, text: str) -> HostError:
    return crypto_error("INCOMPATIBLE_KEY_OPTIONS", f"The selected key encoding {encoding} {text}.")


def export_private(
    key: Key, form: str, type_: str, cipher: str | None, passphrase: bytes | None
) -> str | bytes:
    """The private key: text for PEM, bytes for DER."""
    if type_ == "pkcs8":
        data, label = key.pkcs8(), "PRIVATE KEY"
        if cipher is not None:
            data, label = encrypt_pkcs8(data, cipher, passphrase or b""), "ENCRYPTED PRIVATE KEY"
        return data if form == "der" else pem_text(label, data)
    if type_ == "pkcs1" and key.kind != "rsa":
        raise _incompatible("pkcs1", "can only be used for RSA keys")
    if type_ == "sec1" and key.kind != "ec":
        raise _incompatible("sec1", "can only be used for EC keys")
    if type_ == "sec1":
        data = key.sec1()
    else:
        data = key.native.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    if form == "der":
        return data
    headers = ""
    if cipher is not None:
        headers, data = encrypt_pem(data, cipher, passphrase or b"")
    return pem_text("RSA PRIVATE KEY" if type_ == "pkcs1" else "EC PRIVATE KEY", data, headers)


def _text(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode().translate({43: "-", 47: "_", 61: None})


def _number(value: int, size: int | None = None) -> str:
    return _text(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def to_jwk(key: Key) -> dict[str, object]:
    """The key as a JSON Web Key."""
    private = key.type == "private"
    if key.kind == "rsa":
        return _rsa_jwk(key)
    if key.kind == "ec":
        return _ec_jwk(key)
    if key.kind in _OCTET_KINDS:
        jwk: dict[str, object] = {
            "crv": _OCTET_KINDS[key.kind][0],
            "x": _text(key.public().native.public_bytes_raw()),
            "kty": "OKP",
        }
        if private:
            jwk = {"crv": jwk["crv"], "d": _text(key.native.private_bytes_raw()), "x": jwk["x"], "kty": "OKP"}
        return jwk
    if key.kind.startswith("ml-dsa"):
        jwk = {"kty": "AKP", "alg": key.kind.upper(), "pub": _text(key.public().native.public_bytes_raw())}
        if private:
            jwk["priv"] = _text(key.native.private_bytes_raw())
        return jwk
    raise crypto_error("JWK_UNSUPPORTED_KEY_TYPE", "Unsupported JWK Key Type.")


def _rsa_jwk(key: Key) -> dict[str, object]:
    numbers = key.public().native.public_numbers()
    jwk: dict[str, object] = {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
    if key.type == "private":
        own = key.native.private_numbers()
        fields = {"d": own.d, "p": own.p, "q": own.q, "dp": own.dmp1, "dq": own.dmq1, "qi": own.iqmp}
        jwk.update({name: _number(value) for name, value in fields.items()})
    return jwk


def _ec_jwk(key: Key) -> dict[str, object]:
    public = key.public().native
    name = CURVE_NAMES[type(public.curve)]
    if name not in _JWK_CURVES:
        raise crypto_error("JWK_UNSUPPORTED_CURVE", f"Unsupported JWK EC curve: {name}.")
    size = (public.curve.key_size + 7) // 8
    numbers = public.public_numbers()
    jwk: dict[str, object] = {
        "kty": "EC",
        "x": _number(numbers.x, size),
        "y": _number(numbers.y, size),
        "crv": _JWK_CURVES[name],
    }
    if key.type == "private":
        jwk["d"] = _number(key.native.private_numbers().private_value, size)
    return jwk


def _bytes(text: str) -> bytes:
    """Base64url, as leniently as Node reads it."""
    plain = "".join(c for c in text.replace("-", "+").replace("_", "/") if c.isalnum() or c in "+/")
    return binascii.a2b_base64(plain[: len(plain) - (len(plain) % 4 == 1)] + "=" * (-len(plain) % 4))


def _int(text: str) -> int:
    return int.from_bytes(_bytes(text), "big")


def from_jwk(jwk: dict[str, str], private: bool) -> Key:
    """The key of a JSON Web Key whose members were looked at."""
    kind = jwk["kty"]
    try:
        if kind == "RSA":
            return asymmetric_key(_rsa_native(jwk, private))
        if kind == "EC":
            return asymmetric_key(_ec_native(jwk, private))
        if kind == "AKP":
            private_class, public_class = _MLDSA[jwk["alg"]]
            if private:
                native = private_class.from_seed_bytes(_bytes(jwk["priv"]))
                if native.public_key().public_bytes_raw() != _bytes(jwk["pub"]):
                    raise ValueError("the halves do not fit")
                return asymmetric_key(native)
            return asymmetric_key(public_class.from_public_bytes(_bytes(jwk["pub"])))
        _name, private_class, public_class = _OCTET_KINDS[jwk["crv"].lower()]
        if private:
            return asymmetric_key(private_class.from_private_bytes(_bytes(jwk["d"])))
        return asymmetric_key(public_class.from_public_bytes(_bytes(jwk["x"])))
    except (ValueError, TypeError, OverflowError, UnsupportedAlgorithm):
        text = {"RSA": "Invalid JWK RSA key", "EC": "Invalid JWK EC key"}.get(kind, "Invalid JWK data")
        raise crypto_error("INVALID_JWK", text, "TypeError") from None


def _rsa_native(jwk: dict[str, str], private: bool) -> Any:
    public = rsa.RSAPublicNumbers(_int(jwk["e"]), _int(jwk["n"]))
    if not private:
        return public.public_key()
    fields = [_int(jwk[name]) for name in ("p", "q", "d", "dp", "dq", "qi")]
    p, q, d, dp, dq, qi = fields
    return rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, public).private_key(unsafe_skip_rsa_key_validation=True)


def _ec_native(jwk: dict[str, str], private: bool) -> Any:
    curve = CURVES[_OPENSSL_CURVES[jwk["crv"]]]
    public = ec.EllipticCurvePublicNumbers(_int(jwk["x"]), _int(jwk["y"]), curve)
    if not private:
        return public.public_key()
    return ec.EllipticCurvePrivateNumbers(_int(jwk["d"]), public).private_key()


def to_raw(key: Key) -> bytes:
    """The bytes of a key: the point of a public one, the seed of a private one."""
    if key.type == "private":
        return bytes(key.native.private_bytes_raw())
    if key.kind == "ec":
        return bytes(key.native.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    return bytes(key.native.public_bytes_raw())


def from_raw(kind: str, data: Any, public: bool) -> Key:
    """The key of such bytes. ValueError when they are none."""
    content = bytes(data)
    if kind in CURVES:
        return asymmetric_key(ec.EllipticCurvePublicKey.from_encoded_point(CURVES[kind], content))
    private_class, public_class = kind_classes(kind)
    if public:
        return asymmetric_key(public_class.from_public_bytes(content))
    return asymmetric_key(private_class.from_seed_bytes(content))
