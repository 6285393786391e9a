# SPDX-License-Identifier: Apache-2.0
"""Bytes that both sides see: who keeps them, and what happens when one side lets go."""

import array
import gc
import weakref

import pytest


class Bytes(bytearray):
    """A bytearray whose death can be watched."""


@pytest.fixture
def call(isolate, evaluate):
    return lambda source, *args: isolate.call(evaluate(source), None, *args)


def test_javascript_sees_and_changes_a_bytearray(call):
    data = bytearray(b"abc")
    assert call("(b) => { b[0] = 65; return b instanceof Uint8Array && b.length }", data) == 3
    assert data == b"Abc"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("b", "Int8Array"),
        ("H", "Uint16Array"),
        ("i", "Int32Array"),
        ("q", "BigInt64Array"),
        ("d", "Float64Array"),
    ],
)
def test_elements_keep_their_type(call, code, name):
    numbers = array.array(code, [1, 2, 3])
    assert call("(a) => [a.constructor.name, Number(a[2])].join()", numbers) == f"{name},3"


def test_what_may_not_be_written_is_immutable(call):
    attempt = "(a) => { try { a[0] = 9 } catch {} return a[0] }"
    data = b"abc"
    assert call(attempt, memoryview(data)) == 97
    assert data == b"abc"


def test_python_keeps_the_memory_until_javascript_drops_it(isolate, call):
    data = Bytes(b"abc")
    dead = weakref.ref(data)
    call("(b) => { globalThis.kept = b }", memoryview(data))
    del data
    gc.collect()
    assert dead() is not None
    assert call("() => kept[2]") == 99
    call("() => { delete globalThis.kept }")
    isolate.collect()
    call("() => {}")
    gc.collect()
    assert dead() is None


def test_a_lent_bytearray_cannot_be_resized(isolate, call):
    data = bytearray(b"abc")
    call("(b) => { globalThis.kept = b }", data)
    with pytest.raises(BufferError):
        data.append(1)
    call("() => { kept.buffer.transfer(); delete globalThis.kept }")
    isolate.collect()
    call("() => {}")
    data.append(1)


def test_transferred_with_another_length_it_is_copied(call):
    data = bytearray(b"abc")
    assert (
        call("(b) => { const t = new Uint8Array(b.buffer.transfer(5)); t[0] = 1; return t.join() }", data)
        == "1,98,99,0,0"
    )
    assert data == b"abc"


@pytest.mark.parametrize("size", [8, 100_000])
def test_a_view_of_javascripts_memory(isolate, evaluate, size):
    source = evaluate(f"globalThis.a = new Uint8Array({size}); a")
    view, elements = isolate.view(source)
    assert (len(view), elements) == (size, 2)
    view[3] = 7
    assert evaluate("a[3]") == 7
    evaluate("a[4] = 8; 0")
    assert view[4] == 8


@pytest.mark.parametrize("size", [8, 100_000])
def test_a_view_outlives_the_buffer_and_the_isolate(isolate, evaluate, size):
    view, _ = isolate.view(evaluate(f"new Uint8Array({size}).fill(5)"))
    again, _ = isolate.view(evaluate(f"globalThis.b = new Uint8Array({size}).fill(6); b"))
    gc.collect()
    isolate.collect()
    assert bytes(view) == b"\x05" * size
    isolate.close()
    view[0] = 9
    assert view[0] == 9 and view[-1] == 5 and again[-1] == 6


def test_a_view_keeps_the_bytes_of_a_detached_buffer(isolate, evaluate):
    view, _ = isolate.view(evaluate("globalThis.a = new Uint8Array(1000).fill(3); a"))
    assert evaluate("a.buffer.transfer(2000); a.length") == 0
    assert bytes(view) == b"\x03" * 1000


def test_a_view_keeps_the_bytes_of_a_resized_buffer(isolate, evaluate):
    view, _ = isolate.view(evaluate("globalThis.r = new ArrayBuffer(1000, { maxByteLength: 4000 }); r"))
    assert evaluate("r.resize(3000); new Uint8Array(r).fill(1); r.byteLength") == 3000
    assert bytes(view) == bytes(1000)


def test_memory_of_a_buffer_of_node_is_shared(isolate, evaluate):
    view, _ = isolate.view(evaluate("globalThis.n = Buffer.alloc(2000); n"))
    view[0] = ord("y")
    assert evaluate("n.toString('latin1', 0, 2)") == "y\0"


def test_shared_array_buffers_are_copied(isolate, evaluate):
    view, elements = isolate.view(evaluate("new Uint8Array(new SharedArrayBuffer(4)).fill(2)"))
    assert (bytes(view), view.readonly, elements) == (b"\2\2\2\2", True, 2)


def test_a_data_view_and_an_empty_buffer(isolate, evaluate):
    view, elements = isolate.view(evaluate("new DataView(new ArrayBuffer(600), 100, 50)"))
    assert (len(view), elements) == (50, -1)
    assert len(isolate.view(evaluate("new ArrayBuffer(0)"))[0]) == 0


def test_what_has_no_bytes(isolate, evaluate):
    with pytest.raises(TypeError, match="no bytes"):
        isolate.view(evaluate("({})"))


def test_small_buffers_of_node_are_shared(isolate, evaluate):
    view, _ = isolate.view(evaluate("globalThis.s = Buffer.from('small'); s"))
    view[0] = ord("S")
    assert evaluate("s.toString()") == "Small"
    isolate.close()
    assert bytes(view) == b"Small"


@pytest.mark.parametrize("size", [1000, 64 * 1024, 100_000])
def test_memory_of_a_buffer_of_node_can_be_transferred(evaluate, size):
    evaluate(f"globalThis.n = Buffer.allocUnsafeSlow({size}).fill(7); 0")
    assert evaluate("new Uint8Array(n.buffer.transfer(4)).join()") == "7,7,7,7"
    assert evaluate("n.length") == 0
