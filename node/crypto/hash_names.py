# SPDX-License-Identifier: Apache-2.0
"""The names of hashes: OpenSSL's, which Node takes and shows, and hashlib's."""

from __future__ import annotations

__all__ = ["LEGACY", "SHOWN", "hashlib_name"]

# What hashlib calls it, what Node lists, and what it takes besides.
_NAMES = (
    ("blake2b", "blake2b512", "blake2b-512"),
    ("blake2s", "blake2s256", "blake2s-256"),
    ("md5", "md5 RSA-MD5 md5WithRSAEncryption ssl3-md5", "1.2.840.113549.2.5"),
    ("md5-sha1", "md5-sha1", ""),
    ("ripemd160", "ripemd160 RSA-RIPEMD160 ripemd160WithRSA ripemd rmd160", "ripemd-160 1.3.36.3.2.1"),
    ("sha1", "sha1 RSA-SHA1 RSA-SHA1-2 sha1WithRSAEncryption ssl3-sha1", "sha-1 dss1 1.3.14.3.2.26"),
    ("sha224", "sha224 RSA-SHA224 sha224WithRSAEncryption", "sha-224 sha2-224 2.16.840.1.101.3.4.2.4"),
    ("sha256", "sha256 RSA-SHA256 sha256WithRSAEncryption", "sha-256 sha2-256 2.16.840.1.101.3.4.2.1"),
    ("sha384", "sha384 RSA-SHA384 sha384WithRSAEncryption", "sha-384 sha2-384 2.16.840.1.101.3.4.2.2"),
    ("sha512", "sha512 RSA-SHA512 sha512WithRSAEncryption", "sha-512 sha2-512 2.16.840.1.101.3.4.2.3"),
    (
        "sha512_224",
        "sha512-224 RSA-SHA512/224 sha512-224WithRSAEncryption",
        "sha-512/224 sha2-512/224 2.16.840.1.101.3.4.2.5",
    ),
    (
        "sha512_256",
        "sha512-256 RSA-SHA512/256 sha512-256WithRSAEncryption",
        "sha-512/256 sha2-512/256 2.16.840.1.101.3.4.2.6",
    ),
    ("sha3_224", "sha3-224 RSA-SHA3-224 id-rsassa-pkcs1-v1_5-with-sha3-224", "2.16.840.1.101.3.4.2.7"),
    ("sha3_256", "sha3-256 RSA-SHA3-256 id-rsassa-pkcs1-v1_5-with-sha3-256", "2.16.840.1.101.3.4.2.8"),
    ("sha3_384", "sha3-384 RSA-SHA3-384 id-rsassa-pkcs1-v1_5-with-sha3-384", "2.16.840.1.101.3.4.2.9"),
    ("sha3_512", "sha3-512 RSA-SHA3-512 id-rsassa-pkcs1-v1_5-with-sha3-512", "2.16.840.1.101.3.4.2.10"),
    ("shake_128", "shake128", "shake-128 2.16.840.1.101.3.4.2.11"),
    ("shake_256", "shake256", "shake-256 2.16.840.1.101.3.4.2.12"),
    ("sm3", "sm3 RSA-SM3 sm3WithRSAEncryption", "1.2.156.10197.1.401"),
)
_HASHLIB = {name.lower(): own for own, shown, more in _NAMES for name in f"{shown} {more}".split()}
# What is shown of each of hashlib's.
SHOWN = {own: shown.split() for own, shown, _more in _NAMES}
# OpenSSL knows these, and computes them no more.
LEGACY = frozenset(("md4", "rsa-md4", "md4withrsaencryption", "mdc2", "rsa-mdc2", "mdc2withrsa", "whirlpool"))


def hashlib_name(name: str) -> str:
    """What hashlib calls the hash of Node's name; empty, which no hash is called, when Node has none."""
    return _HASHLIB.get(name.lower(), "")
