# SPDX-License-Identifier: Apache-2.0
"""Worker threads, behind the JavaScript class `Worker`: isolates, each on a thread of its own."""

from __future__ import annotations

from errno import errorcode
from itertools import count
from threading import Lock, Thread

from ..engine.errors import HostError, JSMemoryError, JSTimeout, ProcessExit
from ..engine.isolate import Isolate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["binding"]

_thread_ids = count(1)  # of the process; 0 is the main thread

OUT_OF_MEMORY = ("ERR_WORKER_OUT_OF_MEMORY", "JS heap out of memory")


# The exit code, and the code and the reason of the error when not the program ended it.
_Exit = tuple[int, "tuple[str, str] | None"]


class _Worker:
    """One thread with its isolate. Its parent's thread calls stop() and join()."""

    def __init__(self, parent: Isolate, changes: dict[str, Any], limits: dict[str, int]) -> None:
        self._config = {**parent.config, **changes}
        self._permissions = parent.permissions
        self._stack = limits.get("stack", 0)
        # A worker may not have more than the isolate that starts it.
        memory = [limit for limit in (limits.get("memory", 0), parent.memory_limit) if limit]
        self._memory = min(memory, default=0)
        self._seconds = parent.time_limit
        self._lock = Lock()
        self._isolate: Isolate | None = None  # while it can be stopped; guarded
        self._stopped = False  # guarded
        self._exit: _Exit = (1, None)
        self._thread = Thread(target=self._run, name=changes["worker"]["name"] or "WorkerThread", daemon=True)

    def start(self) -> None:
        try:
            self._thread.start()
        except RuntimeError as error:
            raise HostError(
                f"Worker initialization failure: {error}", code="ERR_WORKER_INIT_FAILED"
            ) from None

    def stop(self) -> None:
        """Interrupt what runs, and end the isolate with exit code 1."""
        with self._lock:
            self._stopped = True
            if self._isolate is not None:
                self._isolate.stop()

    def loop_times(self) -> tuple[float, float] | None:
        """Isolate.loop_times, None while there is no isolate."""
        with self._lock:
            return None if self._isolate is None else self._isolate.loop_times()

    def join(self) -> _Exit:
        """Wait for the end of the thread: how it ended."""
        self._thread.join()
        return self._exit

    def _run(self) -> None:
        try:
            isolate = Isolate(self._config, permissions=self._permissions)
        except OSError as error:
            self._exit = (1, ("ERR_WORKER_INIT_FAILED", errorcode[error.errno or 0]))
            Isolate.drop_port(self._config["worker"]["port"])
            return
        try:
            isolate.call(isolate.get(isolate.host, "prepareWorker"), None)
            isolate.limit(memory=self._memory, stack=self._stack, seconds=self._seconds)
            if self._memory:
                isolate.end_when_full()
            with self._lock:
                self._isolate = isolate
                if self._stopped:
                    isolate.stop()
            self._exit = (self._program(isolate), None)
        except ProcessExit as exit:
            self._exit = (exit.code, OUT_OF_MEMORY if isolate.out_of_memory else None)
        except JSTimeout:
            self._exit = (1, None)
        except JSMemoryError:  # not even the program could be started
            self._exit = (1, OUT_OF_MEMORY)
        finally:
            with self._lock:
                self._isolate = None
            isolate.close()  # the parent learns of it: the ports are closed

    def _program(self, isolate: Isolate) -> int:
        isolate.run(isolate.get(isolate.host, "runWorker"))
        return isolate.finish()


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('workers')`."""
    workers: dict[int, _Worker] = {}

    def start(number: int, changes: dict[str, Any], limits: dict[str, int]) -> None:
        """Start worker `number`, whose configuration is this isolate's with `changes`."""
        changes["worker"]["threadId"] = number
        worker = _Worker(isolate, changes, limits)
        worker.start()
        workers[number] = worker

    def join(number: int) -> list[Any]:
        code, error = workers.pop(number).join()
        return [code, *(error or ())]

    def end_all() -> None:
        for worker in workers.values():
            worker.stop()
        for worker in workers.values():
            worker.join()
        workers.clear()

    isolate.before_close(end_all)
    return {
        "newThreadId": lambda: next(_thread_ids),
        "start": start,
        "stop": lambda number: workers[number].stop(),
        "join": join,
        "loopTimes": lambda number: workers[number].loop_times(),
    }
