# SPDX-License-Identifier: Apache-2.0
"""An isolate, seen from Python: one JavaScript heap with its event loop.

How a call from JavaScript into Python and back goes: C writes the arguments into one message and calls
`ej_python_call` with the number of the Python object to call (0 asks for a binding). The dispatcher reads
the message, calls, and leaves the result, or the error that stands for an exception, as a message that C
reads when it returns. The exception object itself stays in `objects` under the number that the JavaScript
error carries; if the error comes back to Python, the same object is raised.
"""

from __future__ import annotations

import sys
from _thread import RLock
from itertools import count

from edgejs.engine.errors import HostError, JSError, ProcessExit
from edgejs.engine.ffi import ffi, lib
from edgejs.engine.message import FORM_CALLABLE, FORM_PRIMITIVE, Writer, read_all
from edgejs.engine.values import Reference

TYPE_CHECKING = False  # typing itself would cost a third of the start-up time
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["Isolate"]

GET, SET, CALL, NEW, COPY, RUN = range(6)
OK, THROWN, EXITED = range(3)
DROPPED_BATCH = 256


class Isolate:
    """One JavaScript heap, realm and event loop. Belongs to one thread at a time.

    `config` is given to `internal/bootstrap`, which prepares the globals. `make_reference` builds the
    Python object for a JavaScript object, from (isolate, number, kind).
    """

    make_reference: Callable[[Isolate, int, int], Reference]

    def __init__(
        self, config: dict[str, object], make_reference: Callable[..., Reference] = Reference
    ) -> None:
        self.make_reference = make_reference
        self.objects: dict[int, object] = {0: self._load_binding}
        self._numbers = count(1)
        self._dropped: list[int] = []
        self._reply = b""
        self._executor: Any = None
        self._lock = RLock()  # held while a thread is inside
        self._depth = 0
        self._host = ffi.new_handle(self)
        self._pointer = lib.ej_isolate_new(self._host)
        message = ffi.new("ej_message *")
        lib.ej_isolate_boot(self._pointer, message)
        self.host: Any = self._result(message)
        """The embedder's functions that the bootstrap exports, a reference to an object."""
        self.call(self.get(self.host, "prepare"), None, config)

    def close(self) -> None:
        """Free the isolate. Cleanup hooks and finalizers of addons run; JavaScript does not. Idempotent."""
        if self._pointer is None:
            return
        pointer = self._enter()
        try:
            if self._depth > 1:
                raise RuntimeError("a runtime cannot be closed by a function that its JavaScript called")
            if self._executor is not None:
                self._executor.shutdown(wait=True, cancel_futures=True)
            self._pointer = None
            lib.ej_isolate_free(pointer)
            self.objects.clear()
        finally:
            self._leave()

    @property
    def closed(self) -> bool:
        """True after close()."""
        return self._pointer is None

    # --- Operations. Each raises what JavaScript throws as JSError, or ProcessExit after the end. ----------

    def get(self, target: object, key: object) -> Any:
        """`target[key]`."""
        return self._perform(GET, target, key)

    def set(self, target: object, key: object, value: object) -> None:
        """`target[key] = value`."""
        self._perform(SET, target, key, value)

    def call(self, function: object, this: object, *args: object) -> Any:
        """`function.call(this, ...args)`, then the ticks and promise jobs that it left."""
        return self._perform(CALL, function, this, *args)

    def new(self, constructor: object, *args: object) -> Any:
        """`new constructor(...args)`."""
        return self._perform(NEW, constructor, *args)

    def copy(self, value: object) -> Any:
        """`value` as Python data, as deep as it goes: lists, dicts, bytes."""
        return self._perform(COPY, value)

    def run(self, function: object, *args: object) -> None:
        """Call `function` as the loop would: an error in it is an uncaught one."""
        self._perform(RUN, function, *args)

    def spin(self) -> bool:
        """Turn the event loop until nothing keeps it alive. False when there is nothing more to do."""
        pointer = self._enter()
        try:
            more = bool(lib.ej_isolate_spin(pointer))
            self._raise_if_exited()
            return more
        finally:
            self._leave()

    def alive(self) -> bool:
        """True while the event loop has something to wait for."""
        return bool(lib.ej_isolate_alive(self._live()))

    def collect(self) -> None:
        """Collect garbage now."""
        pointer = self._enter()
        try:
            lib.ej_isolate_collect(pointer)
        finally:
            self._leave()

    # --- For primitives ------------------------------------------------------------------------------------

    def submit(self, function: Callable[..., object], *args: object) -> Any:
        """Run `function(*args)` on the isolate's threads. A future that a primitive returns is a Promise."""
        if self._executor is None:
            from concurrent.futures import ThreadPoolExecutor

            self._executor = ThreadPoolExecutor(thread_name_prefix="edgejs")
        return self._executor.submit(function, *args)

    def keep(self, value: object) -> int:
        """Hold `value` for JavaScript. Its number in `objects`, until JavaScript drops it."""
        number = next(self._numbers)
        self.objects[number] = value
        return number

    def promise(self, future: Any) -> int:
        """The number under which `future` will settle a promise."""
        number = next(self._numbers)
        future.add_done_callback(lambda done: self._settle(number, done))
        return number

    # --- Crossing ------------------------------------------------------------------------------------------

    def _live(self) -> Any:
        if self._pointer is None:
            raise ValueError("the runtime is closed")
        return self._pointer

    def _enter(self) -> Any:
        pointer = self._live()
        if not self._lock.acquire(blocking=False):
            raise RuntimeError("the runtime is in use on another thread")
        self._depth += 1
        return pointer

    def _leave(self) -> None:
        self._depth -= 1
        self._lock.release()

    def _perform(self, operation: int, *operands: object) -> Any:
        pointer = self._enter()
        try:
            self._raise_if_exited()
            if self._dropped:
                dropped = self._dropped[:]  # other threads may append meanwhile
                del self._dropped[: len(dropped)]
                lib.ej_isolate_release(pointer, dropped, len(dropped))
            writer = Writer(self, FORM_CALLABLE)
            for operand in operands:
                writer.write(operand)
            request = writer.getvalue()
            message = ffi.new("ej_message *")
            lib.ej_isolate_perform(pointer, operation, request, len(request), message)
            return self._result(message, by_reference=operation != COPY)
        finally:
            self._leave()

    def _result(self, message: Any, by_reference: bool = True) -> Any:
        data = ffi.buffer(message.data, message.size)[:]
        values = read_all(self, data, by_reference)
        if message.dropped:
            self._forget_dropped()
        if message.status == OK:
            return values[0]
        self._raise_if_exited()
        raise self._error(*values)

    def _error(self, value: Any, name: Any, message: Any, stack: Any, code: Any) -> BaseException:
        if isinstance(value, BaseException):
            return value
        if message is None:
            message = str(value)
        return JSError(name or "", message, stack, code, value)

    def _raise_if_exited(self) -> None:
        code = ffi.new("int *")
        if lib.ej_isolate_exited(self._pointer, code):
            raise ProcessExit(code[0])

    def _forget_dropped(self) -> None:
        numbers = ffi.new("uint32_t[]", DROPPED_BATCH)
        got = DROPPED_BATCH
        while got == DROPPED_BATCH:
            got = lib.ej_isolate_take_dropped(self._pointer, numbers, DROPPED_BATCH)
            for i in range(got):
                self.objects.pop(numbers[i], None)

    def _settle(self, number: int, future: Any) -> None:
        """Runs on whatever thread completes `future`."""
        writer = Writer(self, FORM_PRIMITIVE)
        try:
            writer.write(future.result())
            status = OK
        except BaseException as error:  # a cancelled future included: the promise rejects with it
            writer = Writer(self, FORM_PRIMITIVE)
            writer.error(error)
            status = THROWN
        pointer = self._pointer
        if pointer is not None:
            data = writer.getvalue()
            lib.ej_isolate_settle(pointer, number, status, data, len(data))

    def _load_binding(self, name: str) -> dict[str, object]:
        """internalBinding(name): the functions of the Python module edgejs.node.<name>."""
        module = f"edgejs.node.{name}"
        try:
            __import__(module)
        except ModuleNotFoundError as error:
            if error.name != module:
                raise
            raise HostError(f"No such binding: {name}", code="ERR_INVALID_MODULE") from None
        functions: dict[str, object] = sys.modules[module].binding(self)
        return functions

    def _dispatch(self, callee: int, form: int, arguments: Any, reply: Any) -> None:
        try:
            data = ffi.buffer(arguments.data, arguments.size)[:]
            function: Any = self.objects[callee]
            writer = Writer(self, form)
            writer.write(function(*read_all(self, data, by_reference=form == FORM_CALLABLE)))
            reply.status = OK
        except BaseException as error:  # kept on the isolate: raised again if it reaches Python
            writer = Writer(self, FORM_PRIMITIVE)
            writer.error(error)
            reply.status = THROWN
        self._reply = writer.getvalue()  # alive until C has read it
        reply.data = ffi.from_buffer(self._reply)
        reply.size = len(self._reply)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def ej_python_call(host: Any, callee: int, form: int, arguments: Any, reply: Any) -> None:
    """Called by the core with the GIL held: run Python object `callee` of the isolate behind `host`."""
    ffi.from_handle(host)._dispatch(callee, form, arguments, reply)
