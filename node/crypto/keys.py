# SPDX-License-Identifier: Apache-2.0
"""Keys: what a KeyObject holds, and what is known of it."""

from __future__ import annotations

import hmac

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
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from ...engine.values import JSBigInt
from . import der
from .explicit_curves import with_parameters
from .pss import Pss

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["CURVES", "CURVE_NAMES", "Key", "asymmetric_key", "kind_classes"]

# Node's name of each curve that `cryptography` computes, which is OpenSSL's.
CURVES: dict[str, Any] = {
    "brainpoolP256r1": ec.BrainpoolP256R1(),
    "brainpoolP384r1": ec.BrainpoolP384R1(),
    "brainpoolP512r1": ec.BrainpoolP512R1(),
    "prime192v1": ec.SECP192R1(),
    "prime256v1": ec.SECP256R1(),
    "secp224r1": ec.SECP224R1(),
    "secp256k1": ec.SECP256K1(),
    "secp384r1": ec.SECP384R1(),
    "secp521r1": ec.SECP521R1(),
}
CURVE_NAMES = {type(curve): name for name, curve in CURVES.items()}

_KINDS: dict[str, tuple[type, type]] = {
    "rsa": (rsa.RSAPrivateKey, rsa.RSAPublicKey),
    "ec": (ec.EllipticCurvePrivateKey, ec.EllipticCurvePublicKey),
    "ed25519": (ed25519.Ed25519PrivateKey, ed25519.Ed25519PublicKey),
    "ed448": (ed448.Ed448PrivateKey, ed448.Ed448PublicKey),
    "x25519": (x25519.X25519PrivateKey, x25519.X25519PublicKey),
    "x448": (x448.X448PrivateKey, x448.X448PublicKey),
    "dsa": (dsa.DSAPrivateKey, dsa.DSAPublicKey),
    "dh": (dh.DHPrivateKey, dh.DHPublicKey),
    "ml-dsa-44": (mldsa.MLDSA44PrivateKey, mldsa.MLDSA44PublicKey),
    "ml-dsa-65": (mldsa.MLDSA65PrivateKey, mldsa.MLDSA65PublicKey),
    "ml-dsa-87": (mldsa.MLDSA87PrivateKey, mldsa.MLDSA87PublicKey),
    "ml-kem-768": (mlkem.MLKEM768PrivateKey, mlkem.MLKEM768PublicKey),
    "ml-kem-1024": (mlkem.MLKEM1024PrivateKey, mlkem.MLKEM1024PublicKey),
}


class Key:
    """A public or private key: `native` is an object of `cryptography`.

    It is never changed, so it may be used by any thread. Secret keys are bytes, which JavaScript holds.
    """

    __slots__ = ("explicit", "kind", "native", "pss", "type")

    def __init__(
        self, type_: str, kind: str, native: Any, pss: Pss | None = None, explicit: bool = False
    ) -> None:
        self.type = type_
        self.kind = kind
        self.native = native
        self.explicit = explicit  # whether its curve is written as numbers
        self.pss = pss  # what an RSA-PSS key allows: one without limits has a Pss that says nothing

    def public(self) -> Key:
        """The public half of a private key, a public key itself."""
        if self.type == "public":
            return self
        return Key("public", self.kind, self.native.public_key(), self.pss, self.explicit)

    def spki(self) -> bytes:
        """The public half as SubjectPublicKeyInfo."""
        native = self.public().native
        data: bytes = native.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        if self.explicit:
            return with_parameters(data, CURVE_NAMES[type(native.curve)])
        if self.pss is None:
            return data
        (_algorithm, (tag, bits)) = der.children(der.unpack(data))
        return der.sequence(self.pss.identifier(), der.pack(tag, bits))

    def pkcs8(self) -> bytes:
        """The private key as PrivateKeyInfo."""
        data: bytes = self.native.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        if self.explicit:
            return with_parameters(data, CURVE_NAMES[type(self.native.curve)])
        if self.pss is None:
            return data
        version, _algorithm, *rest = der.children(der.unpack(data))
        parts = [der.pack(*version), self.pss.identifier(), *(der.pack(*part) for part in rest)]
        return der.sequence(*parts)

    def sec1(self) -> bytes:
        """The private key of a curve as ECPrivateKey."""
        data: bytes = self.native.private_bytes(
            Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()
        )
        return with_parameters(data, CURVE_NAMES[type(self.native.curve)]) if self.explicit else data

    def details(self) -> dict[str, object]:
        """`asymmetricKeyDetails`."""
        native = self.public().native
        if self.kind in ("rsa", "rsa-pss"):
            numbers = native.public_numbers()
            details: dict[str, object] = {
                "modulusLength": numbers.n.bit_length(),
                "publicExponent": JSBigInt(numbers.e),
            }
            if self.pss is not None and self.pss.hash is not None:
                details.update(self.pss.details())
            return details
        if self.kind == "dsa":
            parameters = native.parameters().parameter_numbers()
            return {"modulusLength": parameters.p.bit_length(), "divisorLength": parameters.q.bit_length()}
        if self.kind == "ec":
            return {"namedCurve": CURVE_NAMES[type(native.curve)]}
        return {}

    def equals(self, other: Key) -> bool:
        """Whether both are the same key."""
        if self.type != other.type or self.kind != other.kind:
            return False
        return hmac.compare_digest(self._named().content(), other._named().content())

    def _named(self) -> Key:
        return Key(self.type, self.kind, self.native, self.pss) if self.explicit else self

    def content(self) -> bytes:
        """Bytes that are the key."""
        return self.pkcs8() if self.type == "private" else self.spki()


def kind_classes(kind: str) -> tuple[Any, Any]:
    """The classes of `cryptography` for the private and public keys of a kind."""
    return _KINDS[kind]


def asymmetric_key(native: Any, pss: Pss | None = None, explicit: bool = False) -> Key:
    """A key of an object of `cryptography`. ValueError for one that Node does not know."""
    for kind, (private, public) in _KINDS.items():
        if isinstance(native, (private, public)):
            curve = getattr(native, "curve", None)
            if curve is not None and type(curve) not in CURVE_NAMES:
                raise ValueError("a curve without a name")
            shown = "rsa-pss" if pss is not None else kind
            return Key("private" if isinstance(native, private) else "public", shown, native, pss, explicit)
    raise ValueError("a key of an unknown kind")
