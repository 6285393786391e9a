# SPDX-License-Identifier: Apache-2.0
"""Each side keeps the other's objects alive exactly as long as it holds them."""

import gc
import weakref

import pytest
from edgejs.engine import Isolate

from edgejs.configuration import configuration


def test_an_object_lives_while_python_holds_it(isolate, evaluate):
    held = evaluate("({ n: 1 })")
    isolate.collect()
    assert isolate.get(held, "n") == 1


def test_an_object_dies_when_python_drops_it(isolate, evaluate):
    held = evaluate("(() => { const o = { n: 1 }; globalThis.ref = new WeakRef(o); return o })()")
    assert evaluate("ref.deref() !== undefined") is True
    del held
    gc.collect()
    assert evaluate("ref.deref()") is None


def test_a_python_callable_lives_while_javascript_holds_it(isolate, evaluate):
    def answer():
        return 42

    isolate.set(evaluate("globalThis"), "answer", answer)
    dead = weakref.ref(answer)
    del answer
    gc.collect()
    assert dead() is not None
    assert evaluate("answer()") == 42
    evaluate("delete globalThis.answer; undefined")
    evaluate("0")
    gc.collect()
    assert dead() is None


def test_a_python_object_comes_back_as_itself(isolate, evaluate):
    class Thing:
        pass

    thing = Thing()
    assert isolate.call(evaluate("(x) => ({ x })"), None, thing) is not thing
    assert isolate.get(isolate.call(evaluate("(x) => ({ x })"), None, thing), "x") is thing


def test_a_value_of_another_isolate_is_refused(isolate, evaluate):
    other = Isolate(configuration(["edgejs"], [], embedded=True))
    try:
        with pytest.raises(ValueError, match="another"):
            other.call(other.get(other.host, "inspect"), None, evaluate("({})"))
    finally:
        other.close()


def test_a_closed_isolate_refuses(isolate):
    isolate.close()
    with pytest.raises(ValueError, match="closed"):
        isolate.get(isolate.host, "inspect")
    isolate.close()


def test_what_one_side_drops_in_a_long_call_of_the_other_dies(isolate, evaluate):
    made = []

    class Thing:
        pass

    def make():
        thing = Thing()
        made.append(weakref.ref(thing))
        return thing

    isolate.set(evaluate("globalThis"), "make", make)
    isolate.set(evaluate("globalThis"), "living", lambda: sum(ref() is not None for ref in made))
    assert evaluate("for (let i = 0; i < 100; i++) make(); living()") < 5
