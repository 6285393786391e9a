# SPDX-License-Identifier: Apache-2.0
"""A runtime inside an asyncio program, whose loop watches the runtime's and turns it when needed."""

from __future__ import annotations

import asyncio

from edgejs.engine.isolate import Isolate
from edgejs.proxies import JSPromise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["AbortScope", "Pump", "future_of", "inside_loop"]


class Pump:
    """Turns one isolate's event loop from one asyncio loop, for as long as somebody waits for it."""

    def __init__(self, isolate: Isolate, loop: asyncio.AbstractEventLoop) -> None:
        self._isolate = isolate
        self.loop = loop
        self._waiting: set[asyncio.Future[Any]] = set()
        self._idle: set[asyncio.Future[Any]] = set()  # those that wait for the end of all work
        self._timer: asyncio.TimerHandle | None = None
        self._descriptor = isolate.backend_fd()

    @classmethod
    def of(cls, isolate: Isolate) -> Pump:
        """The pump of `isolate` in the running loop. Raises RuntimeError when another loop waits for it."""
        loop = asyncio.get_running_loop()
        pump: Pump | None = isolate.pump
        if pump is None or (pump.loop is not loop and not pump._waiting):
            pump = isolate.pump = cls(isolate, loop)
            isolate.before_close(pump.abandon)
        if pump.loop is not loop:
            raise RuntimeError("another asyncio loop waits for this runtime")
        return pump

    def wait(self, future: asyncio.Future[Any]) -> None:
        """Keep turning until `future` is done."""
        if not self._waiting:
            self.loop.add_reader(self._descriptor, self._turn)
        self._waiting.add(future)
        future.add_done_callback(self._stop_waiting)
        self.loop.call_soon(self._turn)

    def wait_until_idle(self) -> asyncio.Future[Any]:
        """A future that is done when nothing is left for the isolate's event loop to do."""
        future: asyncio.Future[Any] = self.loop.create_future()
        self._idle.add(future)
        self.wait(future)
        return future

    def abandon(self) -> None:
        """The isolate is about to be closed: whoever waits is told."""
        for future in [*self._waiting]:
            if not future.done():
                future.set_exception(ValueError("the runtime is closed"))
        self._stop()

    def _stop(self) -> None:
        self.loop.remove_reader(self._descriptor)
        if self._timer is not None:
            self._timer.cancel()

    def _stop_waiting(self, future: asyncio.Future[Any]) -> None:
        self._waiting.discard(future)
        self._idle.discard(future)
        if not self._waiting and not self._isolate.closed:
            self._stop()

    def _turn(self) -> None:
        if not self._waiting:
            return
        if self._timer is not None:
            self._timer.cancel()
        try:
            self._isolate.turn()
            delay = self._isolate.backend_timeout()
        except BaseException as error:  # the runtime ended or was stopped: whoever waits is told
            for future in [*self._waiting]:
                if not future.done():
                    future.set_exception(error)
            return
        for future in [*self._idle]:
            if not self._isolate.alive() and not future.done():
                future.set_result(None)
        if self._waiting and delay is not None:
            self._timer = self.loop.call_later(delay, self._turn)


def future_of(promise: JSPromise) -> asyncio.Future[Any]:
    """A future of the running loop that settles as `promise` does. Cancelling it leaves the promise alone."""
    engine = promise._engine
    pump = Pump.of(engine)
    future: asyncio.Future[Any] = pump.loop.create_future()

    def settled(rejected: bool, value: object) -> None:
        if future.done():
            return
        if not rejected:
            future.set_result(value)
            return
        try:
            engine.call(engine.embedding("raise"), None, value)
        except BaseException as error:
            future.set_exception(error)

    engine.call(engine.embedding("settle"), None, promise, settled)
    pump.wait(future)
    return future


class AbortScope:
    """An AbortSignal for a block, aborted when that is left by an exception, cancellation above all."""

    def __init__(self, engine: Isolate) -> None:
        self._controller: Any = engine.call(engine.embedding("abortController"), None)

    async def __aenter__(self) -> Any:
        return self._controller.signal

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None and not self._controller._engine.closed:
            self._controller.abort()


def inside_loop() -> bool:
    """True in a coroutine or callback of a running asyncio loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
