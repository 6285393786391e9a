# SPDX-License-Identifier: Apache-2.0
"""Ciphers with authentication: GCM and ChaCha20-Poly1305 in steps, CCM and OCB in one."""

from __future__ import annotations

import hmac
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, aead, algorithms, modes
from cryptography.hazmat.primitives.poly1305 import Poly1305

from ...engine.errors import HostError
from .errors import crypto_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["ChaChaPoly", "Gcm", "Whole", "check_tag_length"]

_CHUNK = bytes(16)


def unauthentic() -> HostError:
    """The answer to a wrong tag."""
    return HostError("Unsupported state or unable to authenticate data")


def check_tag_length(mode: str, name: str, length: int | None) -> int | None:
    """The length of tags that `authTagLength` asks for; None leaves it to the tag."""
    if length is None:
        if mode in ("ccm", "ocb"):
            raise crypto_error("INVALID_AUTH_TAG", f"authTagLength required for {name}", "TypeError")
        return None
    valid = {
        "gcm": length in (4, 8) or 12 <= length <= 16,
        "ccm": 4 <= length <= 16 and length % 2 == 0,
        "ocb": 1 <= length <= 16,
    }
    if not valid.get(mode, 1 <= length <= 16):
        raise crypto_error("INVALID_AUTH_TAG", f"Invalid authentication tag length: {length}", "TypeError")
    return length


class _Sealed:
    """The tag and what is only authenticated, which all modes treat alike."""

    def __init__(self, encrypt: bool, length: int | None) -> None:
        self.encrypt = encrypt
        self.length = length
        self.tag: bytes | None = None
        self.done = False

    def pad(self, _on: bool) -> bool:
        """These modes pad nothing."""
        return True

    def set_tag(self, tag: bytes) -> bool:
        """The tag that the data has to have; False when this is not the time."""
        if self.encrypt or self.tag is not None or self.done:
            return False
        size = len(tag)
        fits = size == self.length if self.length is not None else size in (4, 8) or 12 <= size <= 16
        if not fits:
            text = f"Invalid authentication tag length: {size}"
            raise crypto_error("INVALID_AUTH_TAG", text, "TypeError")
        self.tag = tag
        return True

    def get_tag(self) -> bytes | None:
        """The tag of what was encrypted; None when it is too early."""
        return self.tag if self.encrypt and self.done else None


class Gcm(_Sealed):
    """AES in Galois counter mode."""

    def __init__(self, key: bytes, iv: bytes, encrypt: bool, length: int | None) -> None:
        super().__init__(encrypt, length)
        cipher = Cipher(algorithms.AES(key), modes.GCM(iv, None, 4))
        self._context: Any = cipher.encryptor() if encrypt else cipher.decryptor()
        self._begun = False

    def add(self, data: bytes, _plain: int | None) -> bool:
        """Data to authenticate."""
        if self._begun:
            return False
        self._context.authenticate_additional_data(data)
        return True

    def update(self, data: Any) -> bytes:
        """What `data` becomes."""
        self._begun = True
        output: bytes = self._context.update(data)
        return output

    def final(self) -> bytes:
        """Make the tag, or compare it."""
        self.done = True
        if self.encrypt:
            self._context.finalize()
            self.tag = self._context.tag[: self.length or 16]
            return b""
        if self.tag is None:
            raise unauthentic()
        try:
            output: bytes = self._context.finalize_with_tag(self.tag)
        except InvalidTag:
            raise unauthentic() from None
        return output


class ChaChaPoly(_Sealed):
    """RFC 8439, 2.8: the first block of the key stream is the authenticator's key."""

    def __init__(self, key: bytes, iv: bytes, encrypt: bool, length: int | None) -> None:
        super().__init__(encrypt, length or 16)
        iv = iv.rjust(12, b"\0")
        head = Cipher(algorithms.ChaCha20(key, struct.pack("<I", 0) + iv), None).encryptor()
        self._mac = Poly1305(head.update(bytes(32)))
        cipher = Cipher(algorithms.ChaCha20(key, struct.pack("<I", 1) + iv), None)
        self._context: Any = cipher.encryptor()
        self._added = 0
        self._size: int | None = None  # of the text, once there was any

    def add(self, data: bytes, _plain: int | None) -> bool:
        """Data to authenticate."""
        if self._size is not None:
            return False
        self._mac.update(data)
        self._added += len(data)
        return True

    def _align(self, size: int) -> None:
        self._mac.update(_CHUNK[: -size % 16])

    def update(self, data: Any) -> bytes:
        """What `data` becomes."""
        if self._size is None:
            self._align(self._added)
            self._size = 0
        self._size += len(data)
        output: bytes = self._context.update(data)
        self._mac.update(output if self.encrypt else data)
        return output

    def final(self) -> bytes:
        """Make the tag, or compare it."""
        if self._size is None:
            self.update(b"")
        self._align(self._size or 0)
        self._mac.update(struct.pack("<QQ", self._added, self._size or 0))
        made = self._mac.finalize()
        self.done = True
        if self.encrypt:
            self.tag = made[: self.length]
        elif self.tag is None or not hmac.compare_digest(made[: len(self.tag)], self.tag):
            raise unauthentic()
        return b""


class Whole(_Sealed):
    """CCM, which wants its text at once, and OCB, which is collected for it."""

    def __init__(self, mode: str, key: bytes, iv: bytes, encrypt: bool, length: int) -> None:
        super().__init__(encrypt, length)
        self._is_ccm = mode == "ccm"
        self._iv = iv
        self._added = b""
        self._data: bytes | None = None
        self._failed = False
        self._plain: int | None = None
        if self._is_ccm:
            self._cipher: Any = aead.AESCCM(key, length)
        elif length == 16:
            self._cipher = aead.AESOCB3(key)
        else:
            raise HostError(
                f"OCB with an authTagLength of {length} is not implemented", code="ERR_METHOD_NOT_IMPLEMENTED"
            )

    def add(self, data: bytes, plain: int | None) -> bool:
        """Data to authenticate, and for CCM how long the text will be."""
        if self._data is not None:
            return False
        if self._is_ccm:
            if plain is None:
                text = "options.plaintextLength required for CCM mode with AAD"
                raise HostError(text, name="TypeError", code="ERR_MISSING_ARGS")
            self._check_size(plain)
        self._plain = plain
        self._added += data
        return True

    def _check_size(self, size: int) -> None:
        if self._is_ccm and size >= 1 << min(8 * (15 - len(self._iv)), 31):
            raise crypto_error("INVALID_MESSAGELEN", "Invalid message length", "RangeError")

    def update(self, data: Any) -> bytes | None:
        """What `data` becomes; None when there was data already, or no tag yet."""
        if not self._is_ccm:
            self._data = (self._data or b"") + bytes(data)
            return b""
        self._check_size(len(data))
        if self._data is not None or (not self.encrypt and self.tag is None):
            return None
        if self._plain is not None and self._plain != len(data):
            return None
        self._data = bytes(data)
        return self._run()

    def _run(self) -> bytes:
        if self.encrypt:
            sealed: bytes = self._cipher.encrypt(self._iv, self._data or b"", self._added)
            assert self.length is not None
            self.tag = sealed[-self.length :]
            return sealed[: -self.length]
        try:
            output: bytes = self._cipher.decrypt(
                self._iv, (self._data or b"") + (self.tag or b""), self._added
            )
        except InvalidTag:
            self._failed = True  # told by final()
            return b""
        return output

    def final(self) -> bytes:
        """The end: the tag is there, or it was compared."""
        if not self.encrypt and self.tag is None:
            raise unauthentic()
        output = b""
        if not self._is_ccm or self._data is None:
            output = self._run()
        self.done = True
        if self._failed:
            raise unauthentic()
        return output
