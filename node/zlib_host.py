# SPDX-License-Identifier: Apache-2.0
"""Compression behind the JavaScript module `zlib`: a codec for each mode, and its steps on threads."""

from __future__ import annotations

import zlib

TYPE_CHECKING = False  # typing costs more to import than what this module needs
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["binding"]

# Modes, as Node numbers them.
_DEFLATE, _GZIP, _DEFLATERAW = 1, 3, 5
_STEP = 2**20  # of output
_BROTLI_DECODE, _BROTLI_ENCODE, _ZSTD_COMPRESS, _ZSTD_DECOMPRESS = 8, 9, 10, 11


def _codec(mode: int, options: dict[str, Any]) -> Any:
    kept = {**options, "dictionary": bytes(options["dictionary"]) if options["dictionary"] else None}
    if mode in (_BROTLI_ENCODE, _BROTLI_DECODE):
        from . import zlib_brotli as brotli

        return brotli.BrotliEncoder(kept) if mode == _BROTLI_ENCODE else brotli.BrotliDecoder(kept)
    if mode in (_ZSTD_COMPRESS, _ZSTD_DECOMPRESS):
        from . import zlib_zstd as zstd

        return zstd.ZstdCompress(kept) if mode == _ZSTD_COMPRESS else zstd.ZstdDecompress(kept)
    from . import zlib_deflate as deflate

    return (deflate.Deflate if mode in (_DEFLATE, _GZIP, _DEFLATERAW) else deflate.Inflate)(mode, kept)


def _whole(codec: Any, data: bytes, flush: int, limit: int) -> bytes | None:
    """What comes out for all of the data, or None when that is more than `limit` bytes."""
    output, more, _ = codec.write(data, flush, _STEP)
    parts = [output]
    size = len(output)
    while more and size <= limit:
        output, more, _ = codec.write(None, flush, _STEP)
        parts.append(output)
        size += len(output)
    return b"".join(parts) if size <= limit else None


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('zlib_host')`.

    `options`: dictionary (bytes or None), and by family level, windowBits, memLevel and strategy, or params.
    """

    def create(mode: int, options: dict[str, Any]) -> dict[str, Callable[..., Any]]:
        codec = _codec(mode, options)
        functions = {
            "write": lambda data, flush, room: codec.write(
                None if data is None else bytes(data), flush, room
            ),
            "writeLater": lambda data, flush, room: isolate.submit(
                codec.write, None if data is None else bytes(data), flush, room
            ),
            "reset": codec.reset,
        }
        return {**functions, "params": codec.params} if hasattr(codec, "params") else functions

    return {
        "crc32": lambda data, value: zlib.crc32(
            data.encode("utf-8", "replace") if isinstance(data, str) else data, value
        ),
        "create": create,
        "run": lambda mode, options, data, flush, limit: _whole(
            _codec(mode, options), bytes(data), flush, limit
        ),
        "runLater": lambda mode, options, data, flush, limit: isolate.submit(
            _whole, _codec(mode, options), bytes(data), flush, limit
        ),
    }
