# SPDX-License-Identifier: Apache-2.0
"""What an RSA-PSS key says of the signatures that it is for (RFC 4055)."""

from __future__ import annotations

from typing import NamedTuple

from . import der

__all__ = ["PSS_OID", "RSA_OID", "Pss", "is_known", "read_pss"]

RSA_OID = "1.2.840.113549.1.1.1"
PSS_OID = "1.2.840.113549.1.1.10"
_MGF1_OID = "1.2.840.113549.1.1.8"
_HASHES = {
    "md5": "1.2.840.113549.2.5",
    "sha1": "1.3.14.3.2.26",
    "sha224": "2.16.840.1.101.3.4.2.4",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
    "sha512-224": "2.16.840.1.101.3.4.2.5",
    "sha512-256": "2.16.840.1.101.3.4.2.6",
    "sha3-224": "2.16.840.1.101.3.4.2.7",
    "sha3-256": "2.16.840.1.101.3.4.2.8",
    "sha3-384": "2.16.840.1.101.3.4.2.9",
    "sha3-512": "2.16.840.1.101.3.4.2.10",
}
_NAMES = {number: name for name, number in _HASHES.items()}


class Pss(NamedTuple):
    """Hash, hash of the mask and shortest salt; without a hash everything is allowed."""

    hash: str | None = None
    mgf: str = "sha1"
    salt: int = 20

    def details(self) -> dict[str, object]:
        """Its part of `asymmetricKeyDetails`."""
        return {"hashAlgorithm": self.hash, "mgf1HashAlgorithm": self.mgf, "saltLength": self.salt}

    def identifier(self) -> bytes:
        """The AlgorithmIdentifier. What is the default stays out of it."""
        if self.hash is None:
            return der.sequence(der.oid(PSS_OID))
        parameters = []
        if self.hash != "sha1":
            parameters.append(der.pack(0xA0, _hash_identifier(self.hash)))
        if self.mgf != "sha1":
            parameters.append(der.pack(0xA1, der.sequence(der.oid(_MGF1_OID), _hash_identifier(self.mgf))))
        if self.salt != 20:
            parameters.append(der.pack(0xA2, der.integer(self.salt)))
        return der.sequence(der.oid(PSS_OID), der.sequence(*parameters))


def is_known(name: str) -> bool:
    """Whether a key can name this hash."""
    return name.lower() in _HASHES


def _hash_identifier(name: str) -> bytes:
    return der.sequence(der.oid(_HASHES[name]), der.NULL)


def _hash_name(identifier: bytes) -> str:
    return _NAMES[der.oid_text(der.children(der.unpack(identifier))[0][1])]


def read_pss(parameters: bytes | None) -> Pss:
    """From the content of the identifier's parameters. ValueError for a broken one."""
    if parameters is None:
        return Pss()
    fields = dict(der.children(parameters))
    try:
        hash_ = _hash_name(fields[0xA0]) if 0xA0 in fields else "sha1"
        mgf = "sha1"
        if 0xA1 in fields:
            (_oid, mask) = der.children(der.unpack(fields[0xA1]))
            mgf = _hash_name(der.pack(*mask))
    except KeyError as error:
        raise ValueError("an unknown hash") from error
    salt = int.from_bytes(der.unpack(fields[0xA2], der.INTEGER), "big") if 0xA2 in fields else 20
    return Pss(hash_, mgf, salt)
