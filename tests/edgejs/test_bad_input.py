# SPDX-License-Identifier: Apache-2.0
"""Whatever is wrong comes as an exception of Python, and the runtime goes on."""

import gc
import math

import pytest

import edgejs


@pytest.fixture
def js():
    with edgejs.Runtime(timeout=20) as runtime:
        yield runtime
        assert runtime.closed or runtime.eval("'alive'") == "alive"


def test_a_cycle_in(js):
    circle = {}
    circle["self"] = circle
    with pytest.raises(RecursionError):
        js.eval("(x) => x")(circle)


def test_a_cycle_out(js):
    copied = js.eval("const c = { list: [] }; c.list.push(c); c").to_py()
    assert copied["list"][0] is copied


def test_deep_nesting_in(js):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(RecursionError):
        js.eval("(x) => x")(deep)


def test_deep_nesting_out(js):
    copied = js.eval("let d = []; for (let i = 0; i < 100000; i++) d = [d]; d").to_py()
    for _ in range(150):
        copied = copied[0]
    assert isinstance(copied, (list, edgejs.JSArray))


def test_lone_surrogates(js):
    assert js.eval("(s) => s + '\\udc00'")("\ud800") == "\U00010000"
    assert js.eval("'x\\ud800'") == "x\ud800"


def test_nan_and_infinity(js):
    assert math.isnan(js.eval("(x) => x")(math.nan))
    assert js.eval("-1 / 0") == -math.inf


def test_huge_ints(js):
    assert js.eval("(x) => x + 1n")(10**6000) == 10**6000 + 1
    with pytest.raises(edgejs.JSRangeError, match="BigInt"):
        js.eval("(x) => x")(1 << 2**24)


def test_a_closed_runtime(js):
    thing = js.eval("({ a: 1 })")
    function = js.eval("() => 1")
    js.close()
    uses = [lambda: js.eval("1"), function, thing.to_py, lambda it=thing: it.a, lambda it=thing: list(it)]
    for use in uses:
        with pytest.raises(ValueError, match="closed"):
            use()
    assert repr(thing) == "<JavaScript object of a closed runtime>"
    del thing, function, uses, use
    gc.collect()


def test_a_proxy_of_another_runtime(js):
    with edgejs.Runtime() as other, pytest.raises(ValueError, match="another"):
        other.eval("(x) => x")(js.eval("({})"))


def test_a_getter_that_throws(js):
    with pytest.raises(edgejs.JSError, match="no"):
        _ = js.eval("({ get x() { throw new Error('no') } })").x
    with pytest.raises(edgejs.JSError, match="no"):
        js.eval("({ get x() { throw new Error('no') } })").to_py()


def test_a_proxy_that_throws(js):
    hostile = js.eval("new Proxy(function () {}, new Proxy({}, { get() { throw new Error('trap') } }))")
    for use in (
        lambda: hostile.x,
        hostile,
        lambda: dir(hostile),
        lambda: list(hostile),
        lambda: "x" in hostile,
    ):
        with pytest.raises(edgejs.JSError, match="trap"):
            use()


def test_a_revoked_proxy(js):
    revoked = js.eval("const r = Proxy.revocable({}, {}); r.revoke(); r.proxy")
    with pytest.raises(edgejs.JSTypeError):
        _ = revoked.x


def test_endless_recursion(js):
    with pytest.raises(edgejs.JSRangeError):
        js.eval("(function f() { return f() + 1 })()")


@pytest.mark.parametrize("frames", range(4))  # the limit is met at one place or another
def test_endless_recursion_through_python(js, frames):
    call = js.eval("(f) => f()")

    def again():
        return call(again)

    def below(depth):
        return below(depth - 1) if depth else again()

    with pytest.raises((RecursionError, edgejs.JSRangeError)):
        below(frames)


def test_endless_allocation():
    with edgejs.Runtime(memory_limit="24MiB") as js:
        for source in (
            "const a = []; for (;;) a.push({})",
            "let s = 'x'; for (;;) s += s",
            "const b = []; for (;;) b.push(new Uint8Array(1 << 20))",
            "const m = new Map(); for (let i = 0; ; i++) m.set(i, [i])",
        ):
            with pytest.raises(edgejs.JSError, match=r"out of memory|string too long"):
                js.eval(f"(() => {{ {source} }})()")
        assert js.eval("1 + 1") == 2


def test_memory_that_a_script_tries_to_hold_on_to():
    with edgejs.Runtime(memory_limit="24MiB", timeout=1) as js:
        greedy = (
            "(f) => { for (;;) { try { f(); const a = []; for (;;) a.push(new Array(1000)) } catch {} } }"
        )
        with pytest.raises((edgejs.JSTimeout, edgejs.JSMemoryError)):
            js.eval(greedy)(lambda: None)
        assert js.eval("1 + 1") == 2


def test_an_await_that_never_ends(js):
    with pytest.raises(RuntimeError, match="pending"):
        js.wait_for(js.eval("new Promise(() => {})"))


def test_source_that_is_no_text(js):
    with pytest.raises(TypeError, match="str, not int"):
        js.eval(42)


def test_source_with_a_zero(js):
    assert js.eval("'a\0b'.length") == 3
