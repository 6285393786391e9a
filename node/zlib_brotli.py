# SPDX-License-Identifier: Apache-2.0
"""Brotli streams behind the JavaScript module `zlib`, over the C library in `brotlicffi`."""

from __future__ import annotations

# The classes of the package hide the codes of errors and all parameters but four; its C functions do not.
from brotlicffi import _api as c_api

from ..engine.errors import HostError
from .zlib_deflate import fault

ffi, lib = c_api.ffi, c_api.lib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["BrotliDecoder", "BrotliEncoder"]

_PROCESS, _FLUSH, _FINISH = 0, 1, 2
_LARGE_WINDOW = 1  # BROTLI_DECODER_PARAM_LARGE_WINDOW


def _refuse_dictionary(options: dict[str, Any]) -> None:
    if options["dictionary"]:
        raise HostError(
            "The zlib Brotli option dictionary method is not implemented", code="ERR_METHOD_NOT_IMPLEMENTED"
        )


class _Buffers:
    """The pointers that a step of the C library moves on: what is left to read, and where to write."""

    def __init__(self, data: bytes, room: int) -> None:
        self._data = ffi.from_buffer("uint8_t[]", data)
        self._output = ffi.new("uint8_t[]", room)
        self.left = ffi.new("size_t *", len(data))
        self.next_in = ffi.new("uint8_t **", self._data)
        self.room = ffi.new("size_t *", room)
        self.next_out = ffi.new("uint8_t **", self._output)
        self._size = room

    def output(self) -> bytes:
        return bytes(ffi.buffer(self._output, self._size - self.room[0]))


class _Codec:
    """Input is kept from one call to the next as long as the output does not fit."""

    def __init__(self, options: dict[str, Any]) -> None:
        _refuse_dictionary(options)
        self._options = options
        self.reset()

    def reset(self) -> None:
        raise NotImplementedError

    def params(self, level: int, strategy: int) -> None:
        """Nothing that Brotli knows."""

    def _step(self, data: bytes, flush: int, room: int) -> tuple[bytes, bool, int]:
        raise NotImplementedError

    def write(self, data: bytes | None, flush: int, room: int) -> tuple[bytes, bool, int]:
        """What comes out, at most `room` bytes; whether more waits; how much of the input was left over."""
        if data is not None:
            self._rest = data
        return self._step(self._rest, flush, room)


class BrotliEncoder(_Codec):
    def reset(self) -> None:
        state = lib.BrotliEncoderCreateInstance(ffi.NULL, ffi.NULL, ffi.NULL)
        self._state = ffi.gc(state, lib.BrotliEncoderDestroyInstance)
        self._rest = b""
        for parameter, value in self._options["params"].items():
            if not lib.BrotliEncoderSetParameter(self._state, int(parameter), value):
                raise HostError("Initialization failed", code="ERR_ZLIB_INITIALIZATION_FAILED")

    def _step(self, data: bytes, flush: int, room: int) -> tuple[bytes, bool, int]:
        buffers = _Buffers(data, room)
        if not lib.BrotliEncoderCompressStream(
            self._state, flush, buffers.left, buffers.next_in, buffers.room, buffers.next_out, ffi.NULL
        ):
            raise HostError("Compression failed", errno=-1, code="ERR_BROTLI_COMPRESSION_FAILED")
        left = buffers.left[0]
        self._rest = data[len(data) - left :] if left else b""
        return buffers.output(), left > 0 or bool(lib.BrotliEncoderHasMoreOutput(self._state)), 0


class BrotliDecoder(_Codec):
    def reset(self) -> None:
        state = lib.BrotliDecoderCreateInstance(ffi.NULL, ffi.NULL, ffi.NULL)
        self._state = ffi.gc(state, lib.BrotliDecoderDestroyInstance)
        self._rest = b""
        if self._options["params"].get(str(_LARGE_WINDOW)):
            raise HostError(
                "The BROTLI_DECODER_PARAM_LARGE_WINDOW method is not implemented",
                code="ERR_METHOD_NOT_IMPLEMENTED",
            )

    def _step(self, data: bytes, flush: int, room: int) -> tuple[bytes, bool, int]:
        if lib.BrotliDecoderIsFinished(self._state):
            return b"", False, len(data)
        buffers = _Buffers(data, room)
        result = lib.BrotliDecoderDecompressStream(
            self._state, buffers.left, buffers.next_in, buffers.room, buffers.next_out, ffi.NULL
        )
        if result == lib.BROTLI_DECODER_RESULT_ERROR:
            number = lib.BrotliDecoderGetErrorCode(self._state)
            name = ffi.string(lib.BrotliDecoderErrorString(number)).decode()
            raise HostError("Decompression failed", errno=number, code=f"ERR_{name}")
        if result == lib.BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT and flush == _FINISH:
            raise fault(-5, "unexpected end of file")
        left = buffers.left[0]
        self._rest = data[len(data) - left :] if left else b""
        more = result == lib.BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT
        return buffers.output(), more, 0 if more else left
