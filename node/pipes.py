# SPDX-License-Identifier: Apache-2.0
"""Reading and writing pipes without blocking: one thread watches them all and completes futures."""

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
    """Pending reads and writes, at most one of each per descriptor, and the thread that does them."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._wake_reader, self._wake_writer = os.pipe()
        os.set_blocking(self._wake_reader, False)
        self._selector.register(self._wake_reader, selectors.EVENT_READ)
        self._requests: deque[Callable[[], None]] = deque()
        self._reads: dict[int, tuple[int, Future[bytes | None]]] = {}
        self._writes: dict[int, tuple[memoryview, Future[None]]] = {}
        threading.Thread(target=self._run, name="edgejs-pipes", daemon=True).start()

    def read(self, descriptor: int, size: int) -> Future[bytes | None]:
        """What comes next, at most `size` bytes; b"" at the end. None when it is cancelled or closed."""
        future: Future[bytes | None] = Future()
        self._post(lambda: self._start(descriptor, self._reads, (size, future)))
        return future

    def write(self, descriptor: int, data: bytes) -> Future[None]:
        """Done when all of `data` is written."""
        future: Future[None] = Future()
        self._post(lambda: self._start(descriptor, self._writes, (memoryview(data), future)))
        return future

    def cancel(self, descriptor: int) -> None:
        """End a pending read with None. Nothing is lost: it had not begun."""
        self._post(lambda: self._cancel(descriptor))

    def close(self, descriptor: int) -> None:
        """Close a descriptor; what waits for it ends with None."""
        self._post(lambda: self._close(descriptor))

    def _post(self, request: Callable[[], None]) -> None:
        self._requests.append(request)
        os.write(self._wake_writer, b"\0")

    # Everything below runs on the thread.

    def _run(self) -> None:
        while True:
            for key, events in self._selector.select():
                if key.fd == self._wake_reader:
                    os.read(self._wake_reader, 4096)
                    continue
                if events & selectors.EVENT_READ:
                    self._read_now(key.fd)
                if events & selectors.EVENT_WRITE:
                    self._write_now(key.fd)
            while self._requests:
                self._requests.popleft()()

    def _start(self, descriptor: int, pending: dict[int, Any], request: tuple[Any, Future[Any]]) -> None:
        pending[descriptor] = request
        try:
            if (
                pending is self._writes
            ):  # reads are only tried when there is something: a terminal stays as it was
                os.set_blocking(descriptor, False)
            self._watch(descriptor)
        except PermissionError:  # epoll refuses plain files, which never block
            self._read_now(descriptor) if pending is self._reads else self._write_now(descriptor)
        except OSError as err:
            del pending[descriptor]
            request[1].set_exception(system_error(err, "read" if pending is self._reads else "write"))

    def _watch(self, descriptor: int) -> None:
        events = selectors.EVENT_READ if descriptor in self._reads else 0
        events |= selectors.EVENT_WRITE if descriptor in self._writes else 0
        known = descriptor in self._selector.get_map()
        if events and known:
            self._selector.modify(descriptor, events)
        elif events:
            self._selector.register(descriptor, events)
        elif known:
            self._selector.unregister(descriptor)

    def _read_now(self, descriptor: int) -> None:
        if descriptor not in self._reads:
            return
        size, future = self._reads[descriptor]
        try:
            data = os.read(descriptor, size)
        except BlockingIOError:
            return
        except OSError as err:
            self._finish(descriptor, self._reads)
            future.set_exception(system_error(err, "read"))
            return
        self._finish(descriptor, self._reads)
        future.set_result(data)

    def _write_now(self, descriptor: int) -> None:
        if descriptor not in self._writes:
            return
        view, future = self._writes[descriptor]
        try:
            rest = view[os.write(descriptor, view) :]
        except BlockingIOError:
            return
        except OSError as err:
            self._finish(descriptor, self._writes)
            future.set_exception(system_error(err, "write"))
            return
        if rest:
            self._writes[descriptor] = (rest, future)
            return
        self._finish(descriptor, self._writes)
        future.set_result(None)

    def _finish(self, descriptor: int, pending: dict[int, Any]) -> None:
        del pending[descriptor]
        self._watch(descriptor)

    def _cancel(self, descriptor: int) -> None:
        if descriptor in self._reads:
            _size, future = self._reads[descriptor]
            self._finish(descriptor, self._reads)
            future.set_result(None)

    def _close(self, descriptor: int) -> None:
        waiting = [
            pending.pop(descriptor)[1] for pending in (self._reads, self._writes) if descriptor in pending
        ]
        self._watch(descriptor)
        os.close(descriptor)
        for future in waiting:
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
    return {
        "cancel": pipes.cancel,
        "close": pipes.close,
        "read": pipes.read,
        "write": lambda descriptor, data: pipes.write(descriptor, bytes(data)),
    }
