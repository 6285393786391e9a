# SPDX-License-Identifier: Apache-2.0
"""edgejs.JSProxy: a live JavaScript object in Python."""

import pytest

import edgejs


@pytest.fixture
def js():
    with edgejs.Runtime() as runtime:
        yield runtime


def test_attributes_and_keys_are_properties(js):
    value = js.eval("({ name: 'x', nested: { n: 1 }, 3: 'three' })")
    assert value.name == value["name"] == "x"
    assert value.nested.n == 1
    assert value[3] == "three"


def test_assignment_reaches_javascript(js):
    value = js.eval("globalThis.o = {}; o")
    value.a = 1
    value["b"] = [1, 2]
    assert js.eval("JSON.stringify(o)") == '{"a":1,"b":[1,2]}'


def test_a_missing_property_is_an_attribute_error(js):
    value = js.eval("({ there: undefined })")
    assert value.there is None
    with pytest.raises(AttributeError, match="nope"):
        _ = value.nope


def test_methods_keep_their_this(js):
    counter = js.eval("({ n: 5, get() { return this.n } })")
    assert counter.get() == 5
    detached = counter.get
    assert detached() == 5


def test_functions_can_be_called_and_constructed(js):
    assert js.eval("(a, b) => a + b")(2, 3) == 5
    point = js.eval("(class Point { constructor(x) { this.x = x } })").new(4)
    assert point.x == 4


def test_a_python_callable_is_a_function(js):
    assert js.eval("(f) => [1, 2].map((n) => f(n))")(lambda n: n * 10).to_py() == [10, 20]


def test_repr_is_nodes_inspect(js):
    assert repr(js.eval("[[1, 2], [3]]")) == "[ [ 1, 2 ], [ 3 ] ]"
    assert repr(js.eval("({ a: 'x', f() {} })")) == "{ a: 'x', f: [Function: f] }"


def test_typeof(js):
    assert js.eval("({})").typeof == "object"
    assert js.eval("() => {}").typeof == "function"
    assert js.eval("Symbol('s')").typeof == "symbol"


def test_errors_of_javascript_are_raised(js):
    with pytest.raises(edgejs.JSError, match="RangeError: too far"):
        js.eval("({ go() { throw new RangeError('too far') } })").go()
