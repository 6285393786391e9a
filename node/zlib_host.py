# SPDX-License-Identifier: Apache-2.0
"""Deflate, gzip and raw deflate streams behind the JavaScript module `zlib`."""

from __future__ import annotations

import zlib

from ..engine.errors import HostError

__all__ = ["binding"]

TYPE_CHECKING = False  # typing costs more to import than what this module needs
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# Modes, as Node numbers them.
_DEFLATE, _INFLATE, _GZIP, _GUNZIP, _DEFLATERAW, _INFLATERAW, _UNZIP = range(1, 8)

_CODES = {2: "Z_NEED_DICT", -2: "Z_STREAM_ERROR", -3: "Z_DATA_ERROR", -4: "Z_MEM_ERROR", -5: "Z_BUF_ERROR"}
_GZIP_MAGIC = b"\x1f\x8b"
_NO_FLUSH, _FINISH = zlib.Z_NO_FLUSH, zlib.Z_FINISH


def _window(mode: int, bits: int) -> int:
    """zlib's window argument, which also tells the container."""
    if mode in (_GZIP, _GUNZIP):
        return 16 + bits
    if mode in (_DEFLATERAW, _INFLATERAW):
        return -max(bits, 9) if mode == _DEFLATERAW else -bits
    return 32 + bits if mode == _UNZIP else bits


def _fault(number: int, message: str) -> HostError:
    return HostError(message, errno=number, code=_CODES.get(number, "Z_ERRNO"))


def _describe(err: zlib.error, has_dictionary: bool) -> HostError:
    """Python's text is `Error -3 while decompressing data: incorrect header check`."""
    head, _, message = str(err).partition(": ")
    number = int(head.split()[1]) if head.startswith("Error ") else -3
    if number == 2 or head.endswith("zdict"):
        number = 2
        message = "Bad dictionary" if has_dictionary else "Missing dictionary"
    return _fault(number, message or head)


class _Compressor:
    def __init__(self, mode: int, options: dict[str, Any]) -> None:
        self._options = options
        self._mode = mode
        self.reset()

    def reset(self) -> None:
        options = self._options
        dictionary = {"zdict": options["dictionary"]} if options["dictionary"] else {}
        self._state = zlib.compressobj(
            options["level"],
            zlib.DEFLATED,
            _window(self._mode, options["windowBits"]),
            options["memLevel"],
            options["strategy"],
            **dictionary,
        )

    def step(self, data: Any, flush: int) -> bytes:
        """What comes out for `data`; `flush` is a flush mode of zlib."""
        output = self._state.compress(data)
        return output if flush == _NO_FLUSH else output + self._state.flush(flush)


class _Decompressor:
    def __init__(self, mode: int, options: dict[str, Any]) -> None:
        self._mode = mode
        self._options = options
        self.reset()

    def reset(self) -> None:
        options = self._options
        dictionary = {"zdict": options["dictionary"]} if options["dictionary"] else {}
        self._state = zlib.decompressobj(_window(self._mode, options["windowBits"] or 15), **dictionary)
        self._is_gzip = self._mode == _GUNZIP
        self._head = b""
        self._started = False

    def _note_container(self, data: bytes) -> None:
        """Unzip takes either container; only gzip may have members one after the other."""
        if not self._started and self._mode == _UNZIP and data:
            self._head = (self._head + data[:2])[:2]
            self._is_gzip = self._head == _GZIP_MAGIC
            self._started = len(self._head) == 2

    def step(self, data: Any, flush: int, limit: int | None) -> bytes | None:
        """What comes out for `data`, or None when that is more than `limit` bytes.

        With Z_FINISH the stream must have come to its end.
        """
        rest = bytes(data)
        self._note_container(rest)
        parts: list[bytes] = []
        room = limit
        while True:
            try:
                output = self._state.decompress(rest, 0 if room is None else room + 1)
            except zlib.error as err:
                raise _describe(err, bool(self._options["dictionary"])) from None
            parts.append(output)
            if room is not None:
                room -= len(output)
                if room < 0:
                    return None
            rest = self._state.unused_data
            if not (self._state.eof and self._is_gzip and rest and rest[:1] != b"\0"):
                break
            if rest[:1] != _GZIP_MAGIC[:1]:
                raise _fault(-3, "incorrect header check")
            self._state = zlib.decompressobj(_window(_GUNZIP, 15))
        if flush == _FINISH and not self._state.eof:
            raise _fault(-5, "unexpected end of file")
        return b"".join(parts)

    def trailing(self) -> int:
        """How many bytes came after the end."""
        return len(self._state.unused_data)


def _create(mode: int, options: dict[str, Any]) -> dict[str, Callable[..., Any]]:
    """`options`: level, windowBits, memLevel, strategy, dictionary (bytes or None)."""
    kept = {**options, "dictionary": bytes(options["dictionary"]) if options["dictionary"] else None}
    if mode in (_DEFLATE, _GZIP, _DEFLATERAW):
        compressor = _Compressor(mode, kept)
        return {"step": lambda data, flush, _limit: compressor.step(data, flush), "reset": compressor.reset}
    decompressor = _Decompressor(mode, kept)
    return {"step": decompressor.step, "reset": decompressor.reset, "trailing": decompressor.trailing}


def _run(mode: int, options: dict[str, Any], data: Any, flush: int, limit: int | None) -> bytes | None:
    """A whole buffer at once."""
    result: bytes | None = _create(mode, options)["step"](data, flush, limit)
    return result


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('zlib_host')`."""
    return {
        "crc32": lambda data, value: zlib.crc32(
            data.encode("utf-8", "replace") if isinstance(data, str) else data, value
        ),
        "create": _create,
        "run": _run,
        "runLater": lambda mode, options, data, flush, limit: isolate.submit(
            _run,
            mode,
            {**options, "dictionary": bytes(options["dictionary"]) if options["dictionary"] else None},
            bytes(data),
            flush,
            limit,
        ),
    }
