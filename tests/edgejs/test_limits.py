# SPDX-License-Identifier: Apache-2.0
"""Limits of a runtime hold, through callbacks too, and leave it usable."""

import pytest

import edgejs

FOREVER = "(() => { for (;;) { try { for (;;) {} } catch {} } })()"


@pytest.fixture
def js():
    with edgejs.Runtime(timeout=0.2) as runtime:
        yield runtime


def test_a_script_that_never_ends(js):
    with pytest.raises(edgejs.JSTimeout, match=r"0\.2 s"):
        js.eval(FOREVER)
    assert js.eval("1 + 1") == 2


def test_a_timeout_is_a_timeout_error(js):
    with pytest.raises(TimeoutError):
        js.eval(FOREVER)


def test_through_a_callback(js):
    seen = []

    def callback():
        try:
            js.eval(FOREVER)
        except edgejs.JSTimeout:
            seen.append("inside")
            raise

    call = js.eval("(f) => { try { f() } catch { return 'caught' } }")
    with pytest.raises(edgejs.JSTimeout):
        call(callback)
    assert seen == ["inside"]
    assert js.eval("'alive'") == "alive"


def test_a_callback_that_hides_it_changes_nothing(js):
    def callback():
        try:
            js.eval(FOREVER)
        except edgejs.JSTimeout:
            return "hidden"

    with pytest.raises(edgejs.JSTimeout):
        js.eval("(f) => f()")(callback)


def test_a_loop_that_never_empties(js):
    js.eval("setInterval(() => {}, 10_000); 0")
    with pytest.raises(edgejs.JSTimeout):
        js.run_until_idle()


def test_a_promise_chain_that_never_ends(js):
    with pytest.raises(edgejs.JSTimeout):
        js.eval("(function again() { return Promise.resolve().then(again) })(); 0")


def test_memory():
    with edgejs.Runtime(memory_limit="32MiB") as js:
        with pytest.raises(edgejs.JSMemoryError):
            js.eval("(() => { const hoard = []; for (;;) hoard.push(new Array(1000).fill(0)) })()")
        assert js.eval("1") == 1


def test_stack():
    with edgejs.Runtime(stack_limit="256KiB") as js, pytest.raises(edgejs.JSRangeError):
        js.eval("(function deeper() { return deeper() + 1 })()")


@pytest.mark.parametrize("size", ["12 apples", "x", "", 0, -5])
def test_a_size_that_is_none(size):
    with pytest.raises(ValueError, match=r"not a size|must be positive"):
        edgejs.Runtime(memory_limit=size)


@pytest.mark.parametrize(
    "make", ["Buffer.allocUnsafe(1 << 20)", "Buffer.alloc(1 << 20, 1)", "new SharedArrayBuffer(1 << 20)"]
)
def test_memory_outside_of_the_heap(make):
    with edgejs.Runtime(memory_limit="16MiB") as js:
        with pytest.raises((edgejs.JSRangeError, edgejs.JSMemoryError)):
            js.eval(f"(() => {{ const hoard = []; for (;;) hoard.push({make}) }})()")
        js.eval(f"for (let i = 0; i < 100; i++) {make}; 0")
        assert js.eval("1") == 1
