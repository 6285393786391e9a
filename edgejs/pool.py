# SPDX-License-Identifier: Apache-2.0
"""Runtimes on threads of their own, for servers: they run in parallel, JavaScript needs no GIL."""

from __future__ import annotations

import atexit
import queue
import threading
from concurrent.futures import Future

from edgejs.proxies import JSPromise, JSProxy
from edgejs.runtime import Runtime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any

__all__ = ["Pool"]


class Pool:
    """`size` threads, each with a Runtime, that take jobs from one queue of bounded length.

    A job is a function of Python that is called with the runtime of the thread that takes it. What it gives
    leaves the thread: JavaScript objects as copies (`JSProxy.to_py`), promises as what they are fulfilled
    with.

    Args:
        size: how many threads.
        waiting: how many jobs may wait; by default twice as many as threads. `submit` blocks beyond that,
            `run` raises queue.Full.
        setup: called with each new runtime on its thread, before its first job.
        options: of each Runtime.

    >>> with Pool(2) as pool:
    ...     pool.submit(lambda js: js.eval("6 * 7")).result()
    42
    """

    def __init__(
        self,
        size: int,
        *,
        waiting: int | None = None,
        setup: Callable[[Runtime], object] | None = None,
        **options: Any,
    ) -> None:
        if size < 1:
            raise ValueError(f"a pool has at least one thread, not {size}")
        self._jobs: queue.Queue[Any] = queue.Queue(2 * size if waiting is None else waiting)
        self._setup = setup
        self._options = options
        self._closed = False
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._work, name=f"edgejs-pool-{number}", daemon=True)
            for number in range(size)
        ]
        for thread in self._threads:
            thread.start()
        atexit.register(self.close)

    def submit(self, job: Callable[..., Any], *args: Any, timeout: float | None = None) -> Future[Any]:
        """Have `job(runtime, *args)` called; a future of what it gives.

        Blocks while the queue is full. Raises queue.Full when that takes longer than `timeout` seconds, and
        RuntimeError when the pool is closed.
        """
        future: Future[Any] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is closed")
        self._jobs.put((future, job, args), timeout=timeout)
        return future

    async def run(self, job: Callable[..., Any], *args: Any) -> Any:
        """`submit` for a coroutine, which never blocks its loop: raises queue.Full when too many jobs wait.

        A server answers that with 503. Cancelled before a thread takes the job, the job does not run.
        """
        import asyncio

        future: Future[Any] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is closed")
        self._jobs.put_nowait((future, job, args))
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Finish the jobs that wait, then end the threads and their runtimes. Idempotent."""
        with self._lock:
            already, self._closed = self._closed, True
        if not already:
            atexit.unregister(self.close)
            for _ in self._threads:
                self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _work(self) -> None:
        runtime: Runtime | None = None
        while (task := self._jobs.get()) is not None:
            future, job, args = task
            if not future.set_running_or_notify_cancel():
                continue
            try:
                if runtime is None or runtime.exited is not None:
                    runtime = self._fresh(runtime)
                future.set_result(_leave(runtime, job(runtime, *args)))
            except BaseException as error:  # the job's, for who waits for it
                future.set_exception(error)
        if runtime is not None:
            runtime.close()

    def _fresh(self, ended: Runtime | None) -> Runtime:
        """A runtime in the place of one that `process.exit()` or an uncaught error has ended."""
        if ended is not None:
            ended.close()
        runtime = Runtime(**self._options)
        if self._setup is not None:
            self._setup(runtime)
        return runtime


def _leave(runtime: Runtime, value: Any) -> Any:
    if isinstance(value, JSPromise):
        value = runtime.wait_for(value)
    return value.to_py() if isinstance(value, JSProxy) else value
