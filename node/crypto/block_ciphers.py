# SPDX-License-Identifier: Apache-2.0
"""Ciphers without authentication, over `cryptography`: block modes with padding, streams, key wraps."""

from __future__ import annotations

import warnings

from .cipher_table import Cipher as CipherInfo
from .errors import openssl_error

with warnings.catch_warnings():  # that these are old is known to whoever asks for them by name
    warnings.simplefilter("ignore")
    from cryptography.hazmat.decrepit.ciphers import algorithms as old_algorithms
    from cryptography.hazmat.decrepit.ciphers import modes as old_modes
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["BlockCipher", "KeyWrap", "context"]


def _algorithm(info: CipherInfo, key: bytes) -> Any:
    if info.family == "des":
        return old_algorithms.TripleDES(key + key[:8] if len(key) == 16 else key)
    if info.family == "camellia":
        return old_algorithms.Camellia(key)
    return algorithms.SM4(key) if info.family == "sm4" else algorithms.AES(key)


def context(info: CipherInfo, key: bytes, iv: bytes, encrypt: bool) -> Any:
    """A context of `cryptography`, which knows no padding."""
    if info.family == "chacha20":
        cipher: Any = Cipher(algorithms.ChaCha20(key, iv), None)
    else:
        makers: dict[str, Any] = {
            "cbc": modes.CBC,
            "cfb": old_modes.CFB,
            "cfb8": old_modes.CFB8,
            "ctr": modes.CTR,
            "ofb": old_modes.OFB,
            "xts": modes.XTS,
        }
        mode = modes.ECB() if info.mode == "ecb" else makers[info.mode](iv)
        cipher = Cipher(_algorithm(info, key), mode)
    return cipher.encryptor() if encrypt else cipher.decryptor()


class BlockCipher:
    """A cipher under way. Blocks are padded as PKCS #7 says until `pad(False)`."""

    def __init__(self, info: CipherInfo, key: bytes, iv: bytes, encrypt: bool) -> None:
        self._context = context(info, key, iv, encrypt)
        self._encrypt = encrypt
        self._block = info.block if info.mode in ("cbc", "ecb") else 1
        self._padded = self._block > 1
        self._rest = 0  # bytes of the last block that is not whole
        self._held = b""  # the last whole block of a decryption, which may be padding

    def pad(self, on: bool) -> bool:
        """Whether the last block is padded."""
        self._padded = on and self._block > 1
        return True

    def update(self, data: Any) -> bytes:
        """What `data` becomes, as far as its blocks are whole."""
        output: bytes = self._context.update(data)
        self._rest = (self._rest + len(data)) % self._block
        if self._encrypt or not self._padded or not len(data):
            return output
        output = self._held + output
        self._held = b"" if self._rest else output[-self._block :]
        return output[: len(output) - len(self._held)]

    def final(self) -> bytes:
        """What remains. HostError when a block is not whole, or its padding is wrong."""
        if not self._padded:
            if self._rest:
                raise openssl_error(0x1C80006B, "wrong final block length")
            output: bytes = self._context.finalize()
            return output
        if self._encrypt:
            missing = self._block - self._rest
            output = self._context.update(bytes([missing]) * missing)
            return output + self._context.finalize()  # type: ignore[no-any-return]
        if self._rest or not self._held:
            raise openssl_error(0x1C80006B, "wrong final block length")
        count = self._held[-1]
        if not 0 < count <= self._block or self._held[-count:] != bytes([count]) * count:
            raise openssl_error(0x1C800064, "bad decrypt")
        return self._held[:-count]


class KeyWrap:
    """RFC 3394 and, padded, RFC 5649, with whatever initial value: the whole key is one update."""

    def __init__(self, info: CipherInfo, key: bytes, iv: bytes, encrypt: bool) -> None:
        self._key, self._iv, self._encrypt = key, iv, encrypt
        self._padded = info.name.endswith("-pad")

    def pad(self, _on: bool) -> bool:
        """There is nothing to choose."""
        return True

    def update(self, data: Any) -> bytes:
        """The key, wrapped or unwrapped."""
        data = bytes(data)
        if not self._encrypt:
            check, plain = self._unwrap(data)
            if not self._padded and check == self._iv:
                return plain
            size = int.from_bytes(check[4:], "big")
            if (
                not self._padded
                or check[:4] != self._iv
                or not 0 <= len(plain) - size < 8
                or any(plain[size:])
            ):
                raise _unwrap_failed()
            return plain[:size]
        if self._padded:
            return self._wrap(self._iv + len(data).to_bytes(4, "big"), data + bytes(-len(data) % 8))
        if len(data) < 16 or len(data) % 8:
            raise openssl_error(0x1C80006B, "wrong final block length")
        return self._wrap(self._iv, data)

    def _wrap(self, check: bytes, data: bytes) -> bytes:
        block = Cipher(algorithms.AES(self._key), modes.ECB()).encryptor()
        if len(data) == 8:
            return block.update(check + data)
        parts = [data[at : at + 8] for at in range(0, len(data), 8)]
        for step in range(6 * len(parts)):
            whole = block.update(check + parts[step % len(parts)])
            check = (int.from_bytes(whole[:8], "big") ^ (step + 1)).to_bytes(8, "big")
            parts[step % len(parts)] = whole[8:]
        return check + b"".join(parts)

    def _unwrap(self, data: bytes) -> tuple[bytes, bytes]:
        """What has to be the initial value, and the key."""
        if len(data) % 8 or len(data) < (16 if self._padded else 24):
            raise _unwrap_failed()
        block = Cipher(algorithms.AES(self._key), modes.ECB()).decryptor()
        if len(data) == 16:
            whole = block.update(data)
            return whole[:8], whole[8:]
        check, parts = data[:8], [data[at : at + 8] for at in range(8, len(data), 8)]
        for step in range(6 * len(parts) - 1, -1, -1):
            mixed = (int.from_bytes(check, "big") ^ (step + 1)).to_bytes(8, "big")
            whole = block.update(mixed + parts[step % len(parts)])
            check, parts[step % len(parts)] = whole[:8], whole[8:]
        return check, b"".join(parts)

    def final(self) -> bytes:
        """Nothing remains."""
        return b""


def _unwrap_failed() -> Exception:
    return openssl_error(0x1C800064, "bad decrypt")
