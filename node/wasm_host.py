# SPDX-License-Identifier: Apache-2.0
"""Finds wasmtime's library for node/src/wasm.c, which calls its C interface.

The Python package is not imported: that takes longer than compiling most modules.
"""

from __future__ import annotations

from importlib import metadata, util
from pathlib import Path
from typing import Any

from ..engine.errors import HostError
from ..engine.ffi import ffi, lib

__all__ = ["binding"]

_MAJOR = "50"  # whose structures node/src/wasm_api.h has


def _library() -> Path:
    found = util.find_spec("wasmtime")
    if found is None or not found.submodule_search_locations:
        raise HostError(
            "WebAssembly needs the package wasmtime: pip install 'edgejs[wasm]'",
            code="ERR_FEATURE_UNAVAILABLE",
        )
    version = metadata.version("wasmtime")
    if version.partition(".")[0] != _MAJOR:
        raise HostError(
            f"WebAssembly needs wasmtime {_MAJOR}, and {version} is installed: pip install 'edgejs[wasm]'",
            code="ERR_FEATURE_UNAVAILABLE",
        )
    for folder in found.submodule_search_locations:
        for library in Path(folder).glob("*/_libwasmtime.so"):
            return library
    raise HostError("the package wasmtime has no library", code="ERR_FEATURE_UNAVAILABLE")


def _load() -> None:
    """Make `internalBinding('wasm')` possible."""
    failure = lib.ej_wasm_use(str(_library()).encode())
    if failure != ffi.NULL:
        raise HostError(ffi.string(failure).decode(), code="ERR_FEATURE_UNAVAILABLE")


def binding(_isolate: Any) -> dict[str, Any]:
    """The functions of `internalBinding('wasm_host')`."""
    return {"load": _load}
