# SPDX-License-Identifier: Apache-2.0
"""Exceptions cross in both directions and come back as the same object."""

import pytest
from edgejs.engine import HostError, JSError, system_error


def test_javascript_error_in_python(evaluate):
    with pytest.raises(JSError) as caught:
        evaluate("null.x")
    error = caught.value
    assert error.name == "TypeError"
    assert error.stack.startswith(f"TypeError: {error.message}\n    at ")
    assert str(error) == f"TypeError: {error.message}"


def test_error_code(evaluate):
    with pytest.raises(JSError) as caught:
        evaluate("throw Object.assign(new Error('no'), { code: 'E_NO' })")
    assert caught.value.code == "E_NO"


def test_thrown_value_that_is_no_error(evaluate):
    with pytest.raises(JSError) as caught:
        evaluate("throw 42")
    assert caught.value.js == 42
    assert caught.value.name == ""


def test_syntax_error(evaluate):
    with pytest.raises(JSError) as caught:
        evaluate("let = = 1")
    assert caught.value.name == "SyntaxError"


def test_python_exception_returns_as_itself(isolate, evaluate):
    raised = KeyError("lost")

    def fail():
        raise raised

    with pytest.raises(KeyError) as caught:
        isolate.call(evaluate("(f) => { try { f() } finally { globalThis.seen = true } }"), None, fail)
    assert caught.value is raised
    assert evaluate("seen") is True


def test_javascript_can_catch_a_python_exception(isolate, evaluate):
    def fail():
        raise ValueError("bad input")

    caught = evaluate("(f) => { try { f() } catch (e) { return [e instanceof Error, e.name, e.message] } }")
    assert isolate.copy(isolate.call(caught, None, fail)) == [True, "ValueError", "bad input"]


def test_host_error_has_its_class_code_and_properties(isolate, evaluate):
    def fail():
        raise HostError("no such thing", name="TypeError", code="ERR_NO_THING", thing="x")

    catch = evaluate(
        "(f) => { try { f() } catch (e) {"
        "  return [e instanceof TypeError, e.code, e.thing, e.stack.split('\\n')[0]] } }"
    )
    assert isolate.copy(isolate.call(catch, None, fail)) == [
        True,
        "ERR_NO_THING",
        "x",
        "TypeError [ERR_NO_THING]: no such thing",
    ]


def test_system_error_reads_as_nodes(isolate, evaluate):
    def fail():
        raise system_error(FileNotFoundError(2, "whatever"), "open", "/nope")

    catch = evaluate("(f) => { try { f() } catch (e) { return { message: e.message, ...e } } }")
    assert isolate.copy(isolate.call(catch, None, fail)) == {
        "message": "ENOENT: no such file or directory, open '/nope'",
        "errno": -2,
        "code": "ENOENT",
        "syscall": "open",
        "path": "/nope",
    }


def test_plain_oserror_has_a_code(isolate, evaluate):
    def fail():
        with open("/nope/nothing"):
            pass

    catch = evaluate("(f) => { try { f() } catch (e) { return [e.code, e.path] } }")
    assert isolate.copy(isolate.call(catch, None, fail)) == ["ENOENT", "/nope/nothing"]


def test_deep_recursion_is_a_range_error(evaluate):
    with pytest.raises(JSError) as caught:
        evaluate("(function f() { f() })()")
    assert caught.value.name == "RangeError"


def test_an_error_of_javascript_passes_through_python_as_itself(isolate, evaluate):
    evaluate("globalThis.thrown = Object.assign(new TypeError('no'), { code: 'E_NO' }); 0")
    fail = evaluate("() => { throw thrown }")
    seen = []

    def callback():
        try:
            isolate.call(fail, None)
        except JSError as error:
            seen.append(error)
            raise

    catch = evaluate("(f) => { try { f() } catch (e) { return e === thrown && e.code } }")
    assert isolate.call(catch, None, callback) == "E_NO"
    with pytest.raises(JSError) as caught:
        isolate.call(evaluate("(f) => f()"), None, callback)
    assert caught.value is seen[1]


def test_a_thrown_value_passes_through_python_as_itself(isolate, evaluate):
    def callback():
        isolate.call(evaluate("() => { throw 42 }"), None)

    assert isolate.call(evaluate("(f) => { try { f() } catch (e) { return e } }"), None, callback) == 42
