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


def test_methods_can_be_passed_on(js):
    js.eval("globalThis.o = { f() {} }; 0")
    assert js.eval("(f) => f === o.f")(js.eval("o").f) is True


def test_keywords_are_an_object(js):
    assert js.eval("(a, options) => a + options.b")(1, b=2) == 3
    assert js.eval("(class { constructor(o) { this.b = o.b } })").new(b=4).b == 4


def test_a_copy_as_deep_as_asked(js):
    value = js.eval("({ a: { b: [1] } })")
    shallow = value.to_py(1)
    assert isinstance(shallow["a"], edgejs.JSProxy)
    assert value.to_py() == {"a": {"b": [1]}}


def test_with_disposes(js):
    js.eval("globalThis.log = []; 0")
    with js.eval("({ n: 1, [Symbol.dispose]() { log.push('gone') } })") as thing:
        assert thing.n == 1
    assert js.eval("log").to_py() == ["gone"]
    with pytest.raises(TypeError, match=r"Symbol\.dispose"), js.eval("({})"):
        pass


def test_regular_expressions_symbols_and_errors(js):
    assert js.eval("/a(b)/g").exec("xab")[1] == "b"
    symbol = js.eval("Symbol.for('x')")
    assert js.eval("(o, s) => o[s]")({"a": 1}, symbol) is None
    assert js.eval("({ [Symbol.for('x')]: 7 })")[symbol] == 7
    error = js.eval("new TypeError('no')")
    assert (error.name, error.message) == ("TypeError", "no")


def test_bigints(js):
    assert isinstance(js.eval("2n ** 70n"), edgejs.JSBigInt)
    assert js.eval("(n) => typeof n")(edgejs.JSBigInt(3)) == "bigint"


def test_javascript_frames_in_the_traceback(js):
    import traceback

    js.eval("globalThis.inner = function inner() { throw new Error('deep') }; 0")
    with pytest.raises(edgejs.JSError) as caught:
        js.eval("function outer() { inner() } outer()")
    text = "".join(traceback.format_exception(caught.value))
    if hasattr(caught.value, "__notes__"):  # Python 3.11
        assert "at inner ([eval]:1" in text and "at outer ([eval]:1" in text


def test_errors_of_node_have_their_codes(js):
    with pytest.raises(edgejs.JSError) as caught:
        js.eval("require('fs').readFileSync('/nope/nothing')")
    assert (caught.value.code, caught.value.js.syscall) == ("ENOENT", "open")
    with pytest.raises(edgejs.JSError) as caught:
        js.eval("require('fs').readlinkSync('/nope/nothing')")
    assert (caught.value.code, caught.value.js.syscall) == ("ENOENT", "readlink")
