# SPDX-License-Identifier: Apache-2.0
"""A runtime in an asyncio program: promises can be awaited, coroutines are promises."""

import asyncio

import pytest

import edgejs


@pytest.fixture
def js():
    with edgejs.Runtime() as runtime:
        yield runtime


def test_await_a_promise(js):
    async def main():
        return await js.eval("new Promise((resolve) => setTimeout(resolve, 5, 'late'))")

    assert asyncio.run(main()) == "late"


def test_a_rejection_is_raised(js):
    async def main():
        with pytest.raises(edgejs.JSTypeError, match="no"):
            await js.eval("Promise.reject(new TypeError('no'))")

    asyncio.run(main())


def test_others_run_meanwhile(js):
    async def main():
        order = []

        async def other():
            order.append("other")

        task = asyncio.create_task(other())
        await js.eval("new Promise((resolve) => setTimeout(resolve, 5))")
        order.append("promise")
        await task
        return order

    assert asyncio.run(main()) == ["other", "promise"]


def test_several_at_once(js):
    async def main():
        make = js.eval("(ms, v) => new Promise((resolve) => setTimeout(resolve, ms, v))")
        return await asyncio.gather(make(5, "a"), make(1, "b"))

    assert asyncio.run(main()) == ["a", "b"]


def test_a_coroutine_is_a_promise(js):
    async def double(n):
        await asyncio.sleep(0)
        return n * 2

    async def main():
        return await js.eval("async (f) => 1 + await f(20)")(double)

    assert asyncio.run(main()) == 41


def test_an_exception_of_a_coroutine_rejects(js):
    async def fail():
        raise KeyError("gone")

    async def main():
        with pytest.raises(KeyError, match="gone"):
            await js.eval("async (f) => { await f() }")(fail)

    asyncio.run(main())


def test_aeval(js):
    async def main():
        return await js.aeval("return await x + 1", x=js.eval("Promise.resolve(1)"))

    assert asyncio.run(main()) == 2


def test_async_iteration(js):
    async def main():
        return [n async for n in js.eval("(async function* () { yield 1; yield 2 })()")]

    assert asyncio.run(main()) == [1, 2]


def test_blocking_calls_refuse_inside_the_loop(js):
    async def main():
        with pytest.raises(RuntimeError, match="await"):
            js.run_until_idle()
        with pytest.raises(RuntimeError, match="await"):
            js.wait_for(js.eval("Promise.resolve()"))

    asyncio.run(main())


def test_wait_for_outside_of_a_loop(js):
    assert js.wait_for(js.eval("new Promise((resolve) => setTimeout(resolve, 1, 7))")) == 7
    with pytest.raises(edgejs.JSError, match="later"):
        js.wait_for(js.eval("new Promise((_, reject) => setTimeout(() => reject(new Error('later')), 1))"))
    with pytest.raises(RuntimeError, match="pending"):
        js.wait_for(js.eval("new Promise(() => {})"))


def test_an_async_function_outside_of_a_loop_is_an_error(js):
    async def never():
        pass

    with pytest.raises(RuntimeError, match="outside of an asyncio loop"):
        js.eval("(f) => f()")(never)
