# SPDX-License-Identifier: Apache-2.0
"""edgejs.Pool: runtimes on threads of their own."""

import asyncio
import queue
import threading

import pytest

import edgejs


def test_jobs_give_copies():
    with edgejs.Pool(2) as pool:
        assert pool.submit(lambda js: js.eval("[1, { a: 2 }]")).result(30) == [1, {"a": 2}]
        assert pool.submit(lambda js: js.eval("Promise.resolve([7])")).result(30) == [7]


def test_a_job_that_fails():
    with edgejs.Pool(1) as pool:
        with pytest.raises(edgejs.JSTypeError):
            pool.submit(lambda js: js.eval("null.x")).result(30)
        assert pool.submit(lambda js: js.eval("1")).result(30) == 1


def test_every_runtime_is_set_up_once():
    with edgejs.Pool(1, setup=lambda js: js.eval("globalThis.calls = 0"), memory_limit="64MiB") as pool:
        assert [pool.submit(lambda js: js.eval("++calls")).result(30) for _ in range(3)] == [1, 2, 3]


def test_jobs_run_at_the_same_time():
    barrier = threading.Barrier(2, timeout=30)
    with edgejs.Pool(2) as pool:
        jobs = [
            pool.submit(
                lambda js: js.eval("(meet) => { meet(); return true }")(lambda: barrier.wait() and None)
            )
            for _ in "ab"
        ]
        assert [job.result(30) for job in jobs] == [True, True]


def test_a_full_queue():
    gate = threading.Event()
    with edgejs.Pool(1, waiting=1) as pool:
        started = threading.Event()
        first = pool.submit(lambda js: (started.set(), gate.wait(30))[1])
        assert started.wait(30)
        second = pool.submit(lambda js: 2)
        with pytest.raises(queue.Full):
            pool.submit(lambda js: 3, timeout=0.01)

        async def main():
            with pytest.raises(queue.Full):
                await pool.run(lambda js: 4)

        asyncio.run(main())
        gate.set()
        assert (first.result(30), second.result(30)) == (True, 2)


def test_in_a_coroutine():
    async def main():
        with edgejs.Pool(2) as pool:
            return await asyncio.gather(
                *(pool.run(lambda js, n: js.eval("n => n * n")(n), n) for n in range(4))
            )

    assert asyncio.run(main()) == [0, 1, 4, 9]


def test_a_runtime_that_exited_is_replaced():
    with edgejs.Pool(1) as pool:
        with pytest.raises(edgejs.ProcessExit):
            pool.submit(lambda js: js.eval("process.exit(3)")).result(30)
        assert pool.submit(lambda js: js.eval("'fresh'")).result(30) == "fresh"


def test_a_closed_pool():
    pool = edgejs.Pool(1)
    pool.close()
    pool.close()
    with pytest.raises(RuntimeError, match="closed"):
        pool.submit(lambda js: 1)
