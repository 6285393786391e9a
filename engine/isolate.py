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

from edgejs.engine.errors import HostError, JSTimeout, ProcessExit, make_js_error
from edgejs.engine.ffi import ffi, lib
from edgejs.engine.message import FORM_CALLABLE, FORM_PRIMITIVE, Writer, read_all
from edgejs.engine.values import Reference, null

TYPE_CHECKING = False  # typing itself would cost a third of the start-up time
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from edgejs.engine.permissions import Permissions

__all__ = ["Isolate"]

GET, SET, CALL, NEW, COPY, RUN = range(6)
OK, THROWN, EXITED, TIMED_OUT, INTERRUPTED = range(5)
DROPPED_BATCH = 256


class Isolate:
    """One JavaScript heap, realm and event loop. Belongs to one thread at a time.

    `config` is given to `internal/bootstrap`, which prepares the globals. `make_reference` builds the
    Python object for a JavaScript object, from (isolate, number, kind). With `permissions`, primitives do
    only what these allow.
    """

    make_reference: Callable[[Isolate, int, int], Reference]

    def __init__(
        self,
        config: dict[str, object],
        make_reference: Callable[..., Reference] = Reference,
        permissions: Permissions | None = None,
    ) -> None:
        self.make_reference = make_reference
        self.config = config
        """What it was made with; a worker's is made of its parent's."""
        self.permissions = permissions
        self._closers: list[Callable[[], None]] = []
        self.objects: dict[int, object] = {0: self._load_binding}
        self._numbers = count(1)
        self._dropped: list[int] = []
        self._reply = b""
        self._executor: Any = None
        self._lock = RLock()  # held while a thread is inside
        self._depth = 0
        self.time_limit = 0.0
        self.memory_limit = 0
        self._embedding: Any = None
        self._asked: dict[str, Any] = {}
        self._interruption: BaseException | None = None
        self._host = ffi.new_handle(self)
        error = ffi.new("int *")
        self._pointer = lib.ej_isolate_new(self._host, error)
        if not self._pointer:
            self._pointer = None
            raise OSError(error[0], "no event loop")
        message = ffi.new("ej_message *")
        if permissions is not None:
            lib.ej_isolate_restrict(self._pointer, self.keep(permissions.decide))
        lib.ej_isolate_boot(self._pointer, message)
        self.host: Any = self._result(message)
        """The embedder's functions that the bootstrap exports, a reference to an object."""
        self.call(self.get(self.host, "prepare"), None, config)

    def close(self, *, process_ends: bool = False) -> None:
        """Free the isolate. Cleanup hooks and finalizers of addons run; JavaScript does not. Idempotent.

        When the process ends, its heap may be left to the system.
        """
        if self._pointer is None:
            return
        pointer = self._enter()
        try:
            if self._depth > 1:
                raise RuntimeError("a runtime cannot be closed by a function that its JavaScript called")
            for closer in self._closers:
                closer()
            if self._executor is not None:
                self._executor.shutdown(wait=True, cancel_futures=True)
            self._pointer = None
            lib.ej_isolate_free(pointer, process_ends)
            self.objects.clear()
            self._asked.clear()
        finally:
            self._leave()

    @property
    def closed(self) -> bool:
        """True after close()."""
        return self._pointer is None

    def limit(self, *, memory: int = 0, stack: int = 0, seconds: float = 0) -> None:
        """Limit the heap and the stack, in bytes, and a call from Python, in seconds. 0 changes nothing."""
        if seconds:
            self.time_limit = seconds
        if memory:
            self.memory_limit = memory
        lib.ej_isolate_set_limits(self._live(), memory, stack, int(seconds * 1e9))

    def end_when_full(self) -> None:
        """Let a full heap that nobody caught end the isolate silently; `out_of_memory` tells of it."""
        lib.ej_isolate_end_when_full(self._live())

    def before_close(self, closer: Callable[[], None]) -> None:
        """Call `closer` when the isolate is about to be freed."""
        self._closers.append(closer)

    def stop(self) -> None:
        """End the isolate with exit code 1, whatever its JavaScript does. From any thread."""
        lib.ej_isolate_stop(self._live())

    def loop_times(self) -> tuple[float, float]:
        """Milliseconds since the event loop began, and how many of them it waited. From any thread."""
        times = ffi.new("double[2]")
        lib.ej_isolate_loop_times(self._live(), times)
        return times[0], times[1]

    @staticmethod
    def drop_port(number: int) -> None:
        """Drop the end of a message channel that was on its way to an isolate which does not come about."""
        lib.ej_port_drop(number)

    @property
    def out_of_memory(self) -> bool:
        """True when the isolate ended because its memory limit was reached."""
        return bool(lib.ej_isolate_out_of_memory(self._live()))

    def watch_signals(self, watch: bool) -> None:
        """Whether Python's signal handlers run while JavaScript does: KeyboardInterrupt then stops it."""
        lib.ej_isolate_watch_signals(self._live(), watch)

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

    def spin(self) -> None:
        """Turn the event loop until nothing keeps it alive."""
        self._turn_loop(lib.ej_isolate_spin)

    def finish(self) -> int:
        """Turn the event loop to the end of a program; its exit code, or ProcessExit when it ends early."""
        self.spin()
        self.run(self.get(self.host, "emitBeforeExit"))
        while self.alive():  # 'beforeExit' may start new work, and gets another turn after it
            self.spin()
            self.run(self.get(self.host, "emitBeforeExit"))
        return int(self.call(self.get(self.host, "emitExit"), None))

    def step(self) -> None:
        """Wait for the event loop's next event and handle it."""
        self._turn_loop(lib.ej_isolate_step)

    def turn(self) -> None:
        """Turn the event loop once, without waiting."""
        self._turn_loop(lib.ej_isolate_turn)

    def _turn_loop(self, turn: Callable[[Any], int]) -> None:
        pointer = self._enter()
        try:
            status = turn(pointer)
            self._raise_for(status)
        finally:
            self._leave()

    def backend_fd(self) -> int:
        """The descriptor that is readable when the event loop has something to do."""
        return int(lib.ej_isolate_backend_fd(self._live()))

    def backend_timeout(self) -> float | None:
        """Seconds after which the event loop has something to do anyway; None when it does not."""
        milliseconds = lib.ej_isolate_backend_timeout(self._live())
        return None if milliseconds < 0 else milliseconds / 1000

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

    def embedding(self, name: str) -> Any:
        """A function of node/js/internal/embedding.js, for the proxies."""
        if self._embedding is None:
            require = self.get(self.host, "require")
            self._embedding = self.call(require, None, "internal/embedding")
        found = self._asked.get(name)
        if found is None:
            found = self._asked[name] = self.get(self._embedding, name)
        return found

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
        self._raise_for(message.status)
        raise self._error(*values)

    def _error(self, value: Any, name: Any, message: Any, stack: Any, code: Any) -> BaseException:
        if isinstance(value, BaseException):
            return value
        if value is null and self.memory_limit:
            # The engine throws null when not even an error fits into what is left.
            return make_js_error("InternalError", "out of memory", stack, code, value)
        if message is None:
            message = str(value)
        return make_js_error(name or "", message, stack, code, value)

    def _raise_for(self, status: int) -> None:
        if status == EXITED:
            code = ffi.new("int *")
            lib.ej_isolate_exited(self._pointer, code)
            raise ProcessExit(code[0])
        if status == TIMED_OUT:
            raise JSTimeout("", f"the time limit of {self.time_limit:g} s is reached", None, None, None)
        if status == INTERRUPTED:
            assert self._interruption is not None
            raise self._interruption

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
        if self.permissions is None:
            return functions
        __import__("edgejs.node.permissions")
        guarded: dict[str, object] = sys.modules["edgejs.node.permissions"].guard(
            name, functions, self.permissions
        )
        return guarded

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


def _interrupted(kind: object, error: BaseException, trace: Any) -> bool:
    """A signal handler raised, wherever in ej_python_signals: raised again where Python called."""
    ffi.from_handle(trace.tb_frame.f_locals["host"])._interruption = error
    return True


@ffi.def_extern(onerror=_interrupted)  # type: ignore[untyped-decorator]
def ej_python_signals(host: Any) -> bool:
    """Called by the core with the GIL held: running any Python lets pending signal handlers run."""
    for _ in range(2):  # the interpreter looks at signals when it jumps back
        pass
    return False


@ffi.def_extern()  # type: ignore[untyped-decorator]
def ej_python_fatal(message: Any) -> None:
    """Called on any thread when the runtime is about to abort: writes the report that somebody asked for."""
    reports = sys.modules.get("edgejs.node.report_host")
    if reports is not None:
        reports.write_fatal(ffi.string(message).decode("utf-8", "replace"), "FatalError")


@ffi.def_extern()  # type: ignore[untyped-decorator]
def ej_python_call(host: Any, callee: int, form: int, arguments: Any, reply: Any) -> None:
    """Called by the core with the GIL held: run Python object `callee` of the isolate behind `host`."""
    ffi.from_handle(host)._dispatch(callee, form, arguments, reply)
