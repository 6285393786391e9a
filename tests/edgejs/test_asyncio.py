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


def test_cancelling_aborts_the_signal(js):
    async def main():
        task = asyncio.ensure_future(
            js.aeval(
                "globalThis.why = undefined; signal.addEventListener('abort', () => { why = signal.reason.name });"
                "await new Promise(() => setInterval(() => {}, 10_000))"
            )
        )
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert js.eval("why") == "AbortError"

    asyncio.run(main())


def test_a_signal_for_a_block(js):
    async def main():
        wait = js.eval("(signal) => require('timers/promises').setTimeout(60_000, 'late', { signal })")

        async def work():
            async with js.abort_signal() as signal:
                await wait(signal)

        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(work(), 0.01)
        async with js.abort_signal() as signal:
            pass
        assert signal.aborted is False

    asyncio.run(main())


def test_a_cancelled_coroutine_rejects(js):
    async def give_up():
        raise asyncio.CancelledError

    async def main():
        return await js.eval("async (f) => { try { await f() } catch (e) { return e.name } }")(give_up)

    assert asyncio.run(main()) == "CancelledError"


def test_idle_runs_what_is_pending(js):
    async def main():
        js.eval(
            "globalThis.steps = []; setTimeout(() => steps.push(1), 1); setTimeout(() => steps.push(2), 5); 0"
        )
        await js.idle()
        return js.eval("steps").to_py()

    assert asyncio.run(main()) == [1, 2]


def test_closing_tells_who_waits(js):
    async def main():
        waiting = asyncio.ensure_future(js.aeval("await new Promise(() => setInterval(() => {}, 10_000))"))
        await asyncio.sleep(0.01)
        js.close()
        with pytest.raises(ValueError, match="closed"):
            await waiting

    asyncio.run(main())


def test_a_timeout_while_waiting(js):
    async def main():
        with edgejs.Runtime(timeout=0.1) as limited:
            with pytest.raises(edgejs.JSTimeout):
                await limited.aeval("await null; for (;;) {}")
            assert await limited.aeval("return 1") == 1

    asyncio.run(main())


def test_under_anyio(js):
    anyio = pytest.importorskip("anyio")

    async def main():
        with anyio.move_on_after(0.01) as scope:
            await js.aeval(
                "signal.onabort = () => { globalThis.aborted = true }; await new Promise(() => setInterval(() => {}, 10_000))"
            )
        assert scope.cancelled_caught and js.eval("aborted") is True
        return await js.aeval("return await 5")

    assert anyio.run(main) == 5


def test_under_uvloop(js):
    uvloop = pytest.importorskip("uvloop")

    async def main():
        await asyncio.gather(js.aeval("await new Promise((r) => setTimeout(r, 5))"), asyncio.sleep(0.001))
        return await js.aeval("return (await require('fs').promises.readFile('/dev/null')).length")

    loop = uvloop.new_event_loop()
    try:
        assert loop.run_until_complete(main()) == 0
    finally:
        loop.close()


def test_in_two_loops_one_after_the_other(js):
    assert asyncio.run(js.aeval("return 1")) == 1
    assert asyncio.run(js.aeval("return await new Promise((r) => setTimeout(r, 1, 2))")) == 2


def test_a_closed_runtime_is_not_kept():
    import gc
    import weakref

    js = edgejs.Runtime()
    asyncio.run(js.aeval("return 1"))
    dead = weakref.ref(js._isolate)
    js.close()
    del js
    gc.collect()
    assert dead() is None
