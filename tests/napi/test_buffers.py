# SPDX-License-Identifier: Apache-2.0
"""Buffers, array buffers and their views."""

from __future__ import annotations

OPEN = "const addon = require(process.argv[2]);\n"


def test_a_buffer_is_nodes(expect, addon):
    source = """
    const b = addon.create();
    console.log(Buffer.isBuffer(b), b instanceof Uint8Array, b.toString('hex'), addon.sum(b));
    console.log(addon.copy().toString(), addon.sum(Buffer.from([250, 6])), addon.sum(new Uint8Array([1, 2])));
    console.log(addon.sum(Buffer.from([1, 2, 3, 4]).subarray(1, 3)), addon.sum({}));
    """
    expect(OPEN + source, addon("buffers"), prints=["true true 01020304 10", "Abcdefg 256 3", "5 no buffer"])


def test_external_memory_is_shared_and_freed_once(expect, addon):
    source = """
    (() => {
      const b = addon.external();
      const a = new Uint8Array(addon.external_arraybuffer());
      b[0] = 65;
      console.log(b.toString(), a[0], addon.first_of_memory(), Buffer.isBuffer(b), addon.count_freed());
    })();
    globalThis.gc?.();
    setTimeout(() => { globalThis.gc?.(); setTimeout(() => console.log(addon.count_freed()), 5); }, 5);
    """
    expect(OPEN + source, addon("buffers"), prints=["Abcdefg 65 65 true 0", "2"])


def test_no_memory_has_no_address(expect, addon):
    expect(OPEN + "console.log(addon.nowhere());", addon("buffers"), prints=["0"])


def test_typed_arrays_of_every_kind(expect, addon):
    source = """
    const buffer = new ArrayBuffer(32);
    for (let kind = 0; kind < 11; kind++) {
      const view = addon.view(kind, buffer, 8, 2);
      console.log(view.constructor.name, addon.describe(view), view.buffer === buffer);
    }
    """
    names = [
        "Int8",
        "Uint8",
        "Uint8Clamped",
        "Int16",
        "Uint16",
        "Int32",
        "Uint32",
        "Float32",
        "Float64",
        "BigInt64",
        "BigUint64",
    ]
    prints = [f"{name}Array {kind} 2 8 32 1 true" for kind, name in enumerate(names)]
    expect(OPEN + source, addon("buffers"), prints=prints)


def test_views_must_fit(expect, addon):
    source = """
    const buffer = new ArrayBuffer(8);
    const say = (f) => { try { f(); } catch (e) { console.log(e.name, e.code, e.message); } };
    say(() => addon.view(5, buffer, 2, 1));
    say(() => addon.view(5, buffer, 4, 2));
    say(() => addon.dataview(buffer, 4, 5));
    """
    prints = [
        "RangeError ERR_NAPI_INVALID_TYPEDARRAY_ALIGNMENT "
        "start offset of Int32Array should be a multiple of 4",
        "RangeError ERR_NAPI_INVALID_TYPEDARRAY_LENGTH Invalid typed array length",
        "RangeError ERR_NAPI_INVALID_DATAVIEW_ARGS byte_offset + byte_length should be "
        "less than or equal to the size in bytes of the array passed in",
    ]
    expect(OPEN + source, addon("buffers"), prints=prints)


def test_data_views(expect, addon):
    source = "console.log(addon.dataview(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2).getUint16(0));"
    expect(OPEN + source, addon("buffers"), prints=["515"])


def test_detaching(expect, addon):
    source = "const b = new ArrayBuffer(8); console.log(addon.detach(b), b.byteLength);"
    expect(OPEN + source, addon("buffers"), prints=["0 1 0"])


def test_a_buffer_over_an_array_buffer(expect, addon):
    source = """
    const a = new Uint8Array([1, 2, 3, 4, 5]);
    const b = addon.window(a.buffer);
    a[1] = 9;
    console.log(Buffer.isBuffer(b), b.join(), b.buffer === a.buffer);
    """
    expect(OPEN + source, addon("buffers"), prints=["true 9,3,4 true"])
