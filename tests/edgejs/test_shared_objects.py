# SPDX-License-Identifier: Apache-2.0
"""Objects of Python that JavaScript uses in place."""

import asyncio

import pytest

import edgejs


class Account:
    _secret = "hidden"

    def __init__(self):
        self.balance = 5
        self.history = []

    def deposit(self, amount):
        self.balance += amount
        self.history.append(amount)
        return self.balance

    @property
    def broken(self):
        raise LookupError("no such thing")


@pytest.fixture
def js():
    with edgejs.Runtime() as runtime:
        yield runtime


def test_attributes_and_methods(js):
    account = Account()
    assert js.eval("(a) => a.deposit(3) + a.balance")(account) == 16
    js.eval("(a) => { a.balance = 1; a.fresh = 'x' }")(account)
    assert (account.balance, account.fresh) == (1, "x")
    assert js.eval("(a) => ['balance' in a, 'nope' in a, a.nope]")(account).to_py() == [True, False, None]


def test_what_begins_with_an_underscore_is_not_there(js):
    account = Account()
    look = "(a) => [a._secret, a.__class__, a.__init__, '_secret' in a, Object.keys(a).some((k) => k[0] === '_')]"
    assert js.eval(look)(account).to_py() == [None, None, None, False, False]
    with pytest.raises(edgejs.JSTypeError):
        js.eval("'use strict'; (a) => { a._secret = 1 }")(account)
    assert account._secret == "hidden"


def test_it_comes_back_as_itself(js):
    account = Account()
    assert js.eval("(a) => a")(account) is account
    assert js.eval("(a) => ({ a })")(account).to_py()["a"] is account


def test_a_shared_list(js):
    items = [1, 2]
    assert js.eval("(l) => { l[1] = 'two'; return [l.length, [...l].join(), l[7]] }")(
        edgejs.proxy(items)
    ).to_py() == [
        2,
        "1,two",
        None,
    ]
    assert items == [1, "two"]


def test_a_shared_dict(js):
    data = {"a": 1, "nested": {"x": 1}}
    assert (
        js.eval("(d) => { d.b = 2; delete d.a; d.nested.x = 9; return Object.keys(d).join() }")(
            edgejs.proxy(data)
        )
        == "nested,b"
    )
    assert data == {"nested": {"x": 9}, "b": 2}


def test_an_exception_of_an_attribute_crosses(js):
    with pytest.raises(LookupError, match="no such thing"):
        js.eval("(a) => a.broken")(Account())


def test_an_exception_in_getattr_crosses(js):
    class Hostile:
        def __getattr__(self, name):
            raise ZeroDivisionError(name)

    with pytest.raises(ZeroDivisionError, match="anything"):
        js.eval("(h) => h.anything")(Hostile())


def test_a_generator_is_iterable(js):
    def count():
        yield from range(5)

    assert js.eval("(g) => [...g].join()")(count()) == "0,1,2,3,4"


def test_a_generator_left_early_is_closed(js):
    closed = []

    def count():
        try:
            yield from range(5)
        finally:
            closed.append(True)

    assert js.eval("(g) => { for (const n of g) if (n === 2) return n }")(count()) == 2
    assert closed == [True]


def test_a_javascript_generator_left_early_is_closed(js):
    for n in js.eval(
        "globalThis.closed = false; (function* () { try { yield 1; yield 2 } finally { closed = true } })()"
    ):
        assert n == 1
        break
    assert js.eval("closed") is True


def test_an_async_generator_is_async_iterable(js):
    closed = []

    async def count():
        try:
            for n in range(5):
                await asyncio.sleep(0)
                yield n
        finally:
            closed.append(True)

    async def main():
        take = js.eval(
            "async (g) => { const seen = []; for await (const n of g) { seen.push(n); if (n === 2) break } return seen.join() }"
        )
        return await take(count())

    assert asyncio.run(main()) == "0,1,2"
    assert closed == [True]


def test_it_is_shown_as_python_shows_it(js):
    class Point:
        def __repr__(self):
            return "Point(1, 2)"

    assert (
        js.eval("(p) => [require('util').inspect(p), `${p}`].join(' ')")(Point()) == "Point(1, 2) Point(1, 2)"
    )
