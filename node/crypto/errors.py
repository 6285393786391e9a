# SPDX-License-Identifier: Apache-2.0
"""Errors of `crypto` in Node's and OpenSSL's words."""

from __future__ import annotations

from ...engine.errors import HostError

__all__ = ["crypto_error", "needs_cryptography", "openssl_error", "operation_failed", "unsupported"]

# Libraries of OpenSSL by the number in the error, and the word that Node puts into its code for each.
_LIBRARIES = {
    0x03: ("bignum routines", "BN"),
    0x04: ("rsa routines", "RSA"),
    0x05: ("Diffie-Hellman routines", "DH"),
    0x06: ("digital envelope routines", "EVP"),
    0x07: ("memory buffer routines", "BUF"),
    0x09: ("PEM routines", "PEM"),
    0x0A: ("dsa routines", "DSA"),
    0x0B: ("x509 certificate routines", "X509"),
    0x0D: ("asn1 encoding routines", "ASN1"),
    0x0F: ("common libcrypto routines", "CRYPTO"),
    0x10: ("elliptic curve routines", "EC"),
    0x39: ("Provider routines", ""),
    0x3C: ("DECODER routines", ""),
}


def openssl_error(
    number: int, reason: str, *, name: str = "Error", before: tuple[str, ...] = ()
) -> HostError:
    """An error of OpenSSL as Node shows it, from its packed number and its reason.

    `before`: the texts of what went wrong before it, where Node shows them too.
    """
    library, word = _LIBRARIES[number >> 23 & 0xFF]
    suffix = "".join(c if c.isalnum() else "_" for c in reason.upper())
    code = f"ERR_OSSL_{word}_{suffix}" if word else f"ERR_OSSL_{suffix}"
    text = f"error:{number:08X}:{library}::{reason}"
    error = HostError(text, name=name)
    if before:
        error.properties["opensslErrorStack"] = [*before, text]
    error.properties.update({"library": library, "reason": reason, "code": code})
    return error


def crypto_error(code: str, message: str, name: str = "Error") -> HostError:
    """An error of Node's own: `code` without its ERR_CRYPTO_."""
    return HostError(message, name=name, code=f"ERR_CRYPTO_{code}")


def operation_failed(message: str) -> HostError:
    """The answer when OpenSSL failed and left no error."""
    return crypto_error("OPERATION_FAILED", message)


def unsupported() -> HostError:
    """What OpenSSL's decoders say to anything that they cannot read."""
    return openssl_error(0x1E08010C, "unsupported")


def needs_cryptography(error: ImportError) -> HostError:
    """Without the extra: the error that names it."""
    message = f"this needs the Python package {error.name}: pip install 'edgejs[crypto]'"
    made = HostError(message, code="ERR_NO_CRYPTO")
    made.__cause__ = error
    return made
