# SPDX-License-Identifier: Apache-2.0
"""Reading terminals and plain files without blocking: one thread watches them all and completes futures.

Pipes are handles of the event loop (node/src/streams.c).
"""

from __future__ import annotations

import os
import selectors
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from ..engine.errors import system_error

__all__ = ["Pipes", "binding", "shared"]


class Pipes:
    """Pending reads, at most one per descriptor, and the thread that does them."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._wake_reader, self._wake_writer = os.pipe()
        os.set_blocking(self._wake_reader, False)
        self._selector.register(self._wake_reader, selectors.EVENT_READ)
        self._requests: deque[Callable[[], None]] = deque()
        self._reads: dict[int, tuple[int, Future[bytes | None]]] = {}
        threading.Thread(target=self._run, name="edgejs-pipes", daemon=True).start()

    def read(self, descriptor: int, size: int) -> Future[bytes | None]:
        """What comes next, at most `size` bytes; b"" at the end. None when it is cancelled."""
        future: Future[bytes | None] = Future()
        self._post(lambda: self._start(descriptor, size, future))
        return future

    def cancel(self, descriptor: int) -> None:
        """End a pending read with None. Nothing is lost: it had not begun."""
        self._post(lambda: self._cancel(descriptor))

    def _post(self, request: Callable[[], None]) -> None:
        self._requests.append(request)
        os.write(self._wake_writer, b"\0")

    # Everything below runs on the thread.

    def _run(self) -> None:
        while True:
            for key, _events in self._selector.select():
                if key.fd == self._wake_reader:
                    os.read(self._wake_reader, 4096)
                    continue
                self._read_now(key.fd)
            while self._requests:
                self._requests.popleft()()

    def _start(self, descriptor: int, size: int, future: Future[bytes | None]) -> None:
        self._reads[descriptor] = (size, future)
        try:
            self._selector.register(descriptor, selectors.EVENT_READ)
        except PermissionError:  # epoll refuses plain files, which never block
            self._read_now(descriptor)
        except OSError as err:
            del self._reads[descriptor]
            future.set_exception(system_error(err, "read"))

    def _read_now(self, descriptor: int) -> None:
        size, future = self._reads[descriptor]
        try:
            data = os.read(descriptor, size)
        except BlockingIOError:
            return
        except OSError as err:
            self._finish(descriptor)
            future.set_exception(system_error(err, "read"))
            return
        self._finish(descriptor)
        future.set_result(data)

    def _finish(self, descriptor: int) -> None:
        del self._reads[descriptor]
        if descriptor in self._selector.get_map():
            self._selector.unregister(descriptor)

    def _cancel(self, descriptor: int) -> None:
        if descriptor in self._reads:
            _size, future = self._reads[descriptor]
            self._finish(descriptor)
            future.set_result(None)


_pipes: list[Pipes] = []
_lock = threading.Lock()


def shared() -> Pipes:
    """The process' pipes; isolates share one thread."""
    with _lock:
        if not _pipes:
            _pipes.append(Pipes())
        return _pipes[0]


def binding(_isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('pipes')`."""
    pipes = shared()
    return {"cancel": pipes.cancel, "read": pipes.read}
