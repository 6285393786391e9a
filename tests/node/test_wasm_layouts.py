# SPDX-License-Identifier: Apache-2.0
"""node/src/wasm_api.h declares the structures of wasmtime's C interface as the package wasmtime does."""

from __future__ import annotations

import ctypes

import pytest
from edgejs.engine.ffi import ffi, lib

bindings = pytest.importorskip("wasmtime._bindings")

# In the order of ej_wasm_layouts.
NAMES = (
    *("wasmtime_val_t", "wasmtime_val_raw_t", "wasmtime_extern_t", "wasmtime_func_t", "wasmtime_memory_t"),
    *("wasmtime_global_t", "wasmtime_externref_t", "wasmtime_instance_t", "wasmtime_valtype_t"),
    *("wasm_limits_t", "wasm_byte_vec_t"),
)


def test_structures_have_the_same_sizes() -> None:
    sizes = ffi.new("size_t[]", len(NAMES))
    lib.ej_wasm_layouts(sizes)
    theirs = {name: ctypes.sizeof(getattr(bindings, name)) for name in NAMES}
    assert dict(zip(NAMES, sizes, strict=True)) == theirs


def test_values_begin_at_the_same_places() -> None:
    assert bindings.wasmtime_val_t.of.offset == 8
    assert bindings.wasmtime_extern_t.of.offset == 8
