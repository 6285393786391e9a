# SPDX-License-Identifier: Apache-2.0
"""Private keys under a password: PKCS #8 (RFC 8018, PBES2), and PEM's older way with DEK-Info."""

from __future__ import annotations

import hashlib
import os
import re

from . import der
from .block_ciphers import BlockCipher
from .cipher_table import Cipher, find
from .errors import crypto_error, openssl_error

__all__ = ["decrypt_pem", "decrypt_pkcs8", "encrypt_pem", "encrypt_pkcs8"]

_PBES2 = "1.2.840.113549.1.5.13"
_PBKDF2 = "1.2.840.113549.1.5.12"
_HMACS = {
    "1.2.840.113549.2.7": "sha1",
    "1.2.840.113549.2.8": "sha224",
    "1.2.840.113549.2.9": "sha256",
    "1.2.840.113549.2.10": "sha384",
    "1.2.840.113549.2.11": "sha512",
}
_HMAC_SHA256 = "1.2.840.113549.2.9"
_CIPHERS = {
    "2.16.840.1.101.3.4.1.2": "aes-128-cbc",
    "2.16.840.1.101.3.4.1.22": "aes-192-cbc",
    "2.16.840.1.101.3.4.1.42": "aes-256-cbc",
    "2.16.840.1.101.3.4.1.1": "aes-128-ecb",
    "2.16.840.1.101.3.4.1.21": "aes-192-ecb",
    "2.16.840.1.101.3.4.1.41": "aes-256-ecb",
    "1.2.840.113549.3.7": "des-ede3-cbc",
}
_DEK_INFO = re.compile(rb"DEK-Info: *([A-Za-z0-9-]+),([0-9A-Fa-f]+)")
_ITERATIONS, _SALT = 2048, 16  # OpenSSL's


def _cipher(name: str) -> Cipher:
    cipher = find(name)
    if cipher is None:
        raise crypto_error("UNKNOWN_CIPHER", "Unknown cipher")
    return cipher


def encrypt_pkcs8(data: bytes, name: str, passphrase: bytes) -> bytes:
    """EncryptedPrivateKeyInfo of a PrivateKeyInfo."""
    cipher = _cipher(name)
    number = next((number for number, known in _CIPHERS.items() if known == cipher.name), None)
    if number is None:
        raise openssl_error(0x0300009C, "unsupported cipher")
    salt, iv = os.urandom(_SALT), os.urandom(cipher.iv)
    key = hashlib.pbkdf2_hmac("sha256", passphrase, salt, _ITERATIONS, cipher.key)
    state = BlockCipher(cipher, key, iv, encrypt=True)
    prf = der.sequence(der.oid(_HMAC_SHA256), der.NULL)
    kdf = der.sequence(der.oid(_PBKDF2), der.sequence(der.octets(salt), der.integer(_ITERATIONS), prf))
    scheme = der.sequence(der.oid(number), der.octets(iv))
    identifier = der.sequence(der.oid(_PBES2), der.sequence(kdf, scheme))
    return der.sequence(identifier, der.octets(state.update(data) + state.final()))


def decrypt_pkcs8(data: bytes, passphrase: bytes) -> bytes | None:
    """The PrivateKeyInfo; None when it is encrypted in another way than those above. ValueError: no DER."""
    (_, identifier), (_, secret) = der.children(der.unpack(data))
    (_, scheme), (_, parameters) = der.children(identifier)
    if der.oid_text(scheme) != _PBES2:
        return None
    (_, kdf), (_, encryption) = der.children(parameters)
    (_, kdf_oid), (_, kdf_parameters) = der.children(kdf)
    (_, cipher_oid), (_, iv) = der.children(encryption)
    name = _CIPHERS.get(der.oid_text(cipher_oid))
    if der.oid_text(kdf_oid) != _PBKDF2 or name is None:
        return None
    (_, salt), (_, iterations), *rest = der.children(kdf_parameters)
    prf = next((der.oid_text(der.children(inner)[0][1]) for tag, inner in rest if tag == der.SEQUENCE), None)
    hash_name = "sha1" if prf is None else _HMACS[prf]
    cipher = _cipher(name)
    count = int.from_bytes(iterations, "big")
    key = hashlib.pbkdf2_hmac(hash_name, passphrase, salt, count, cipher.key)
    state = BlockCipher(cipher, key, iv, encrypt=False)
    plain = state.update(secret) + state.final()
    if plain[:1] != b"\x30":  # a wrong key may leave right padding
        raise openssl_error(0x1C800064, "bad decrypt")
    return plain


def _pem_key(cipher: Cipher, passphrase: bytes, iv: bytes) -> bytes:
    """One MD5 after the other, with the beginning of the vector for salt."""
    key = block = b""
    while len(key) < cipher.key:
        block = hashlib.md5(block + passphrase + iv[:8], usedforsecurity=False).digest()
        key += block
    return key[: cipher.key]


def decrypt_pem(headers: bytes, data: bytes, passphrase: bytes) -> bytes:
    """A key in PEM's older way, by its headers."""
    found = _DEK_INFO.search(headers)
    if found is None:
        raise openssl_error(0x0480006B, "not dek info")
    cipher = _cipher(found[1].decode())
    iv = bytes.fromhex(found[2].decode())
    state = BlockCipher(cipher, _pem_key(cipher, passphrase, iv), iv, encrypt=False)
    return state.update(data) + state.final()


def encrypt_pem(data: bytes, name: str, passphrase: bytes) -> tuple[str, bytes]:
    """The headers and the body of a key in PEM's older way: which tell cipher and vector."""
    cipher = _cipher(name)
    iv = os.urandom(cipher.iv)
    state = BlockCipher(cipher, _pem_key(cipher, passphrase, iv), iv, encrypt=True)
    headers = f"Proc-Type: 4,ENCRYPTED\nDEK-Info: {cipher.name.upper()},{iv.hex().upper()}\n\n"
    return headers, state.update(data) + state.final()
