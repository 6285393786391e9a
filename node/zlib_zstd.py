# SPDX-License-Identifier: Apache-2.0
"""Zstandard streams behind the JavaScript module `zlib`, over Python's `compression.zstd` or its backport."""

from __future__ import annotations

import sys

from ..engine.errors import HostError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["ZstdCompress", "ZstdDecompress"]

_LEVEL = 100  # ZSTD_c_compressionLevel
_DICTIONARY_MAGIC = b"\x37\xa4\x30\xec"

# The texts of the C library's errors (ZSTD_getErrorName), which is what Python tells, by their numbers.
_ERRORS = {
    "Error (generic)": (1, "ZSTD_error_GENERIC"),
    "Unknown frame descriptor": (10, "ZSTD_error_prefix_unknown"),
    "Version not supported": (12, "ZSTD_error_version_unsupported"),
    "Unsupported frame parameter": (14, "ZSTD_error_frameParameter_unsupported"),
    "Frame requires too much memory for decoding": (16, "ZSTD_error_frameParameter_windowTooLarge"),
    "Data corruption detected": (20, "ZSTD_error_corruption_detected"),
    "Restored data doesn't match checksum": (22, "ZSTD_error_checksum_wrong"),
    "Header of Literals' block doesn't respect format specification": (24, "ZSTD_error_literals_headerWrong"),
    "Dictionary is corrupted": (30, "ZSTD_error_dictionary_corrupted"),
    "Dictionary mismatch": (32, "ZSTD_error_dictionary_wrong"),
    "Cannot create Dictionary from provided samples": (34, "ZSTD_error_dictionaryCreation_failed"),
    "Unsupported parameter": (40, "ZSTD_error_parameter_unsupported"),
    "Unsupported combination of parameters": (41, "ZSTD_error_parameter_combination_unsupported"),
    "Parameter is out of bound": (42, "ZSTD_error_parameter_outOfBound"),
    "Operation not authorized at current processing stage": (60, "ZSTD_error_stage_wrong"),
    "Allocation error : not enough memory": (64, "ZSTD_error_memory_allocation"),
    "Destination buffer is too small": (70, "ZSTD_error_dstSize_tooSmall"),
    "Src size is incorrect": (72, "ZSTD_error_srcSize_wrong"),
}


def _describe(err: Exception) -> HostError:
    """Python's text is `Unable to decompress Zstandard data: Unknown frame descriptor`."""
    message = str(err).partition(": ")[2].rstrip(".") or str(err)
    number, code = _ERRORS.get(message, _ERRORS["Error (generic)"])
    return HostError(message, errno=number, code=code)


def _dictionary(options: dict[str, Any]) -> Any:
    content = options["dictionary"]
    return zstd.ZstdDict(content, is_raw=not content.startswith(_DICTIONARY_MAGIC)) if content else None


def _parameters(options: dict[str, Any]) -> dict[int, int]:
    return {int(parameter): int(value) for parameter, value in options["params"].items()}


_SETTING_FAILED = ("Setting parameter failed", "ERR_ZLIB_INITIALIZATION_FAILED")


class ZstdCompress:
    """Compresses. What comes out at once is kept until it was asked for."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self.reset()

    def reset(self) -> None:
        self._kept = memoryview(b"")
        parameters = _parameters(self._options)
        if _LEVEL in parameters:  # the C library takes the nearest, Python refuses
            lowest, highest = zstd.CompressionParameter.compression_level.bounds()
            parameters[_LEVEL] = min(max(parameters[_LEVEL], lowest), highest)
        try:
            self._state = zstd.ZstdCompressor(options=parameters, zstd_dict=_dictionary(self._options))
        except (ValueError, zstd.ZstdError):
            raise HostError(_SETTING_FAILED[0], code=_SETTING_FAILED[1]) from None
        self._state.set_pledged_input_size(self._options["pledgedSrcSize"])

    def write(self, data: bytes | None, flush: int, room: int) -> tuple[bytes, bool, int]:
        """What comes out, at most `room` bytes; whether more waits; how much of the input was left over."""
        if data is not None:
            try:
                self._kept = memoryview(bytes(self._kept) + self._state.compress(data, flush))
            except zstd.ZstdError as err:
                raise _describe(err) from None
        given = self._kept[:room]
        self._kept = self._kept[len(given) :]
        return bytes(given), len(self._kept) > 0, 0


class ZstdDecompress:
    """Decompresses one frame, at most `room` bytes at a time."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self.reset()

    def reset(self) -> None:
        try:
            self._state = zstd.ZstdDecompressor(_dictionary(self._options), _parameters(self._options))
        except (ValueError, zstd.ZstdError):
            raise HostError(_SETTING_FAILED[0], code=_SETTING_FAILED[1]) from None

    def write(self, data: bytes | None, flush: int, room: int) -> tuple[bytes, bool, int]:
        """What comes out, at most `room` bytes; whether more waits; how much of the input was left over.

        A frame that ends too early is no error, as in Node.
        """
        if self._state.eof:
            return b"", False, len(data or b"")
        try:
            output: bytes = self._state.decompress(data or b"", room)
        except zstd.ZstdError as err:
            raise _describe(err) from None
        more = not self._state.needs_input and not self._state.eof
        return output, more, len(self._state.unused_data)
