# SPDX-License-Identifier: Apache-2.0
"""Typed arrays and buffers cross without a copy."""

import array
import sys

import pytest

import edgejs


@pytest.fixture
def js():
    with edgejs.Runtime() as runtime:
        yield runtime


def test_a_view_has_the_elements_of_the_array(js):
    numbers = js.eval("globalThis.f = new Float64Array([1.5, 2.5]); f")
    view = numbers.view()
    assert (view.format, view.tolist()) == ("d", [1.5, 2.5])
    view[0] = 9
    assert js.eval("f[0]") == 9
    assert (len(numbers), numbers[0], numbers[-1], list(numbers)) == (2, 9, 2.5, [9, 2.5])


def test_bytes_of_a_buffer(js):
    assert bytes(js.eval("Buffer.from('héllo')")) == "héllo".encode()
    assert bytes(js.eval("new Uint8Array([1, 2, 3]).buffer")) == b"\1\2\3"
    assert js.eval("({ a: new Uint8Array([1]) })").to_py() == {"a": b"\1"}


@pytest.mark.skipif(
    sys.version_info < (3, 12), reason="Python before 3.12 asks no class of Python for a buffer"
)
def test_a_memoryview_of_it(js):
    assert memoryview(js.eval("new Uint16Array([1, 2])")).tolist() == [1, 2]


def test_an_array_of_python_is_changed_in_place(js):
    numbers = array.array("d", [1, 2, 3])
    js.eval("(a) => a.forEach((n, i) => { a[i] = n * 10 })")(numbers)
    assert numbers.tolist() == [10, 20, 30]


def test_numpy_in_and_out(js):
    numpy = pytest.importorskip("numpy")
    numbers = numpy.arange(4, dtype="float32")
    assert js.eval("(a) => { a[0] = 7; return a.constructor.name }")(numbers) == "Float32Array"
    assert numbers[0] == 7
    seen = numpy.asarray(js.eval("globalThis.i = new Int32Array([1, 2, 3]); i"))
    seen[2] = 9
    assert (str(seen.dtype), js.eval("i[2]")) == ("int32", 9)


def test_numpy_that_is_not_in_one_piece_is_copied(js):
    numpy = pytest.importorskip("numpy")
    numbers = numpy.arange(6, dtype="int32")[::2]
    assert js.eval("(a) => a.join()")(numbers) == "0,2,4"
    js.eval("(a) => { a[0] = 5 }")(numbers)
    assert numbers[0] == 0


def test_elements_without_a_typed_array_are_refused(js):
    numpy = pytest.importorskip("numpy")
    with pytest.raises(TypeError, match="no typed array"):
        js.eval("(a) => a")(numpy.array([1j]))
