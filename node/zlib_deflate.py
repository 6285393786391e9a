# SPDX-License-Identifier: Apache-2.0
"""Deflate in its three containers, over zlib-ng where it is installed (the extra `compression`).

A codec has `write(data, flush, room)`. `data` is None when the caller comes for what is left of the output.
"""

from __future__ import annotations

import zlib as _standard

from ..engine.errors import HostError

TYPE_CHECKING = False  # typing costs more to import than what this module needs
if TYPE_CHECKING:
    import zlib
    from typing import Any
else:
    try:
        from zlib_ng import zlib_ng as zlib
    except ModuleNotFoundError as missing:
        if missing.name != "zlib_ng":
            raise
        zlib = _standard

__all__ = ["Deflate", "Inflate"]

# Modes, as Node numbers them.
DEFLATE, INFLATE, GZIP, GUNZIP, DEFLATERAW, INFLATERAW, UNZIP = range(1, 8)

_CODES = {2: "Z_NEED_DICT", -2: "Z_STREAM_ERROR", -3: "Z_DATA_ERROR", -4: "Z_MEM_ERROR", -5: "Z_BUF_ERROR"}
_GZIP_MAGIC = b"\x1f\x8b"
_NO_FLUSH, _FINISH = _standard.Z_NO_FLUSH, _standard.Z_FINISH


def _window(mode: int, bits: int) -> int:
    """zlib's window argument, which also tells the container."""
    if mode in (GZIP, GUNZIP):
        return 16 + bits
    if mode in (DEFLATERAW, INFLATERAW):
        return -max(bits, 9) if mode == DEFLATERAW else -bits
    return 32 + bits if mode == UNZIP else bits


def fault(number: int, message: str) -> HostError:
    """An error of zlib, by its number."""
    return HostError(message, errno=number, code=_CODES.get(number, "Z_ERRNO"))


def _describe(err: Exception, has_dictionary: bool) -> HostError:
    """Python's text is `Error -3 while decompressing data: incorrect header check`."""
    head, _, message = str(err).partition(": ")
    number = int(head.split()[1]) if head.startswith("Error ") else -3
    if number == 2 or head.endswith("zdict"):
        number = 2
        message = "Bad dictionary" if has_dictionary else "Missing dictionary"
    return fault(number, message or head)


class Deflate:
    """Compresses. What comes out at once is kept until it was asked for."""

    def __init__(self, mode: int, options: dict[str, Any]) -> None:
        self._options = options
        self._mode = mode
        self.reset()

    def reset(self) -> None:
        self._kept = memoryview(b"")
        self._trailer: _Trailer | None = None
        self._finished = False
        dictionary = {"zdict": self._options["dictionary"]} if self._options["dictionary"] else {}
        self._state = self._open(_window(self._mode, self._options["windowBits"]), **dictionary)

    def _open(self, window: int, **dictionary: bytes) -> Any:
        options = self._options
        return zlib.compressobj(
            options["level"], zlib.DEFLATED, window, options["memLevel"], options["strategy"], **dictionary
        )

    def params(self, level: int, strategy: int) -> None:
        """Another level from here on. What came before was flushed to a whole byte, by Z_SYNC_FLUSH."""
        self._options = {**self._options, "level": level, "strategy": strategy}
        if self._trailer is None:
            self._trailer = _Trailer(self._mode, self._state.copy().flush(_FINISH))
        self._state = self._open(-max(self._options["windowBits"], 9))

    def write(self, data: bytes | None, flush: int, room: int) -> tuple[bytes, bool, int]:
        """What comes out, at most `room` bytes; whether more waits; how much of the input was left over."""
        if data is not None and not self._finished:
            output = bytes(self._kept)
            if data:
                output += self._state.compress(data)
            if flush != _NO_FLUSH:
                output += self._state.flush(flush)
            self._finished = flush == _FINISH
            if self._trailer is not None:
                self._trailer.update(data)
                if flush == _FINISH:
                    output += self._trailer.value()
            self._kept = memoryview(output)
        given = self._kept[:room]
        self._kept = self._kept[len(given) :]
        return bytes(given), len(self._kept) > 0, 0


class _Trailer:
    """The checksum at the end of a container whose rest is written as raw deflate."""

    def __init__(self, mode: int, finished: bytes) -> None:
        """`finished` ends with the trailer of what was written so far."""
        self._mode = mode
        self._length = 0
        if mode == GZIP:
            self._sum = int.from_bytes(finished[-8:-4], "little")
            self._length = int.from_bytes(finished[-4:], "little")
        elif mode == DEFLATE:
            self._sum = int.from_bytes(finished[-4:], "big")

    def update(self, data: bytes) -> None:
        self._length += len(data)
        if self._mode == GZIP:
            self._sum = zlib.crc32(data, self._sum)
        elif self._mode == DEFLATE:
            self._sum = zlib.adler32(data, self._sum)

    def value(self) -> bytes:
        if self._mode == GZIP:
            return self._sum.to_bytes(4, "little") + (self._length % 2**32).to_bytes(4, "little")
        return self._sum.to_bytes(4, "big") if self._mode == DEFLATE else b""


class Inflate:
    """Decompresses, at most `room` bytes at a time."""

    def __init__(self, mode: int, options: dict[str, Any]) -> None:
        self._mode = mode
        self._options = options
        self.reset()

    def reset(self) -> None:
        dictionary = {"zdict": self._options["dictionary"]} if self._options["dictionary"] else {}
        self._state = zlib.decompressobj(_window(self._mode, self._options["windowBits"] or 15), **dictionary)
        self._rest = b""
        self._is_gzip = self._mode == GUNZIP
        self._head = b""

    def params(self, level: int, strategy: int) -> None:
        """Nothing that a decompressor knows."""

    def _note_container(self, data: bytes) -> None:
        """Unzip takes either container; only gzip may have members one after the other."""
        if self._mode == UNZIP and len(self._head) < 2:
            self._head = (self._head + data[:2])[:2]
            self._is_gzip = self._head == _GZIP_MAGIC

    def write(self, data: bytes | None, flush: int, room: int) -> tuple[bytes, bool, int]:
        """What comes out, at most `room` bytes; whether more waits; how much of the input was left over.

        With Z_FINISH the stream must have come to its end.
        """
        if data is not None:
            self._note_container(data)
            self._rest = data
        output = self._decompress(room)
        while self._state.eof and self._starts_member():
            if len(output) == room:
                return output, True, 0
            self._state = zlib.decompressobj(_window(GUNZIP, 15))
            output += self._decompress(room - len(output))
        more = len(output) == room and not self._state.eof
        if flush == _FINISH and not more and not self._state.eof:
            raise fault(-5, "unexpected end of file")
        return output, more, len(self._rest) if self._state.eof else 0

    def _starts_member(self) -> bool:
        """Zeros after a member are padding."""
        return self._is_gzip and len(self._rest) > 0 and self._rest[0] != 0

    def _decompress(self, room: int) -> bytes:
        if self._state.eof:
            return b""
        try:
            output: bytes = self._state.decompress(self._rest, room)
        except zlib.error as err:
            raise _describe(err, bool(self._options["dictionary"])) from None
        self._rest = self._state.unused_data if self._state.eof else self._state.unconsumed_tail
        return output
