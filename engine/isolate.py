# SPDX-License-Identifier: Apache-2.0
"""An isolate, seen from Python: one JavaScript heap with its event loop.

Operations and JavaScript's calls of Python are C (engine/src/python.c): arguments cross in one message, and
so does the result. An exception that crosses JavaScript stays in `objects` under the number that the
JavaScript error carries; if the error comes back to Python, the same object is raised.
"""

from __future__ import annotations

import os
import sys
from itertools import count

from edgejs.engine.errors import HostError, JSError, JSTimeout, ProcessExit, make_js_error
from edgejs.engine.ffi import boot, encode, enter, ffi, is_forked, leave, lib, own, perform
from edgejs.engine.message import FORM_PRIMITIVE, configure_messages, write_error
from edgejs.engine.values import Reference, null

TYPE_CHECKING = False  # typing itself would cost a third of the start-up time
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from edgejs.engine.permissions import Permissions

__all__ = ["Isolate"]

GET, SET, CALL, NEW, COPY, RUN = range(6)
OK, THROWN, EXITED, TIMED_OUT, INTERRUPTED = range(5)


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
        self._executor: Any = None
        self.time_limit = 0.0
        self.memory_limit = 0
        self._embedding: Any = None
        self._asked: dict[str, Any] = {}
        self._interruption: BaseException | None = None
        self.passing: list[JSError] = []
        """JavaScript's errors that are on their way through it again: they come back as themselves."""
        self.pump: Any = None
        """What turns its event loop from somebody else's (edgejs/aio.py)."""
        self._address = 0
        error = ffi.new("int *")
        self._pointer = lib.ej_isolate_new(id(self), error)
        if not self._pointer:
            self._pointer = None
            message = "no event loop: each takes five descriptors"
            raise OSError(error[0], f"{os.strerror(error[0])}: {message}")
        self._address = int(ffi.cast("uintptr_t", self._pointer))
        if permissions is not None:
            lib.ej_isolate_restrict(self._pointer, self.keep(permissions.decide))
        self.host: Any = boot(self)
        """The embedder's functions that the bootstrap exports, a reference to an object."""
        self.call(self.get(self.host, "prepare"), None, config)

    def close(self, *, process_ends: bool = False) -> None:
        """Free the isolate. Cleanup hooks and finalizers of addons run; JavaScript does not. Idempotent.

        When the process ends, its heap may be left to the system.
        """
        if self._pointer is None:
            return
        if is_forked(self):  # the parent's, whose descriptors and threads it has
            self._pointer, self._address = None, 0
            return
        own(self, 0)  # whoever closes it may
        depth = enter(self)
        try:
            if depth > 1:
                raise RuntimeError("a runtime cannot be closed by a function that its JavaScript called")
            for closer in self._closers:
                closer()
            self._closers.clear()
            if self._executor is not None:
                self._executor.shutdown(wait=True, cancel_futures=True)
        except BaseException:
            leave(self)
            raise
        pointer, self._pointer, self._address = self._pointer, None, 0
        lib.ej_isolate_free(pointer, process_ends)
        self.objects.clear()
        self._asked.clear()
        self.pump = None

    def __del__(self) -> None:
        if getattr(self, "_pointer", None) is not None and not sys.is_finalizing():
            self.close()

    def belong_to(self, thread: int) -> None:
        """From now on only the thread with this identifier may use the isolate."""
        own(self, thread)

    @property
    def closed(self) -> bool:
        """True after close()."""
        return self._pointer is None

    @property
    def exit_code(self) -> int | None:
        """What it ended with; None while it has not, or is closed."""
        code = ffi.new("int *")
        if self._pointer is None or not lib.ej_isolate_exited(self._pointer, code):
            return None
        return int(code[0])

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
        return perform(self, GET, target, key)

    def set(self, target: object, key: object, value: object) -> None:
        """`target[key] = value`."""
        perform(self, SET, target, key, value)

    def call(self, function: object, this: object, *args: object) -> Any:
        """`function.call(this, ...args)`, then the ticks and promise jobs that it left."""
        return perform(self, CALL, function, this, *args)

    def new(self, constructor: object, *args: object) -> Any:
        """`new constructor(...args)`."""
        return perform(self, NEW, constructor, *args)

    def copy(self, value: object, depth: int = -1) -> Any:
        """`value` as Python data: lists, dicts, sets, bytes. Below `depth` levels references stay."""
        return perform(self, COPY, value, depth)

    def view(self, value: Reference) -> tuple[memoryview, int]:
        """The bytes of an ArrayBuffer or a view of one, and the type of its elements, -1 for bytes.

        Where the memory cannot be shared, it is copied, and the memoryview is read-only.
        """
        enter(self)
        try:
            found = ffi.new("ej_window *")
            if not lib.ej_isolate_view(self._pointer, value._number, found):
                raise TypeError(f"the JavaScript {value._kind} has no bytes")
            address = ffi.cast("char *", found.address)
            if not found.hold:
                return memoryview(ffi.buffer(address, found.size)[:]), found.type
            hold = found.hold
            owned = ffi.gc(address, lambda _: lib.ej_window_release(hold), found.size)
            return memoryview(ffi.buffer(owned, found.size)), found.type
        finally:
            leave(self)

    def run(self, function: object, *args: object) -> None:
        """Call `function` as the loop would: an error in it is an uncaught one."""
        perform(self, RUN, function, *args)

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
        enter(self)
        try:
            status = turn(self._pointer)
            self._raise_for(status)
        finally:
            leave(self)

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
        enter(self)
        try:
            lib.ej_isolate_collect(self._pointer)
        finally:
            leave(self)

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

    def start(self, coroutine: Any) -> Any:
        """The result of an `async def` is a promise, and runs as a task of the running asyncio loop."""
        import asyncio

        try:
            return asyncio.get_running_loop().create_task(coroutine)
        except RuntimeError:
            coroutine.close()
            raise RuntimeError(
                "an async function was called from JavaScript outside of an asyncio loop"
            ) from None

    # --- Crossing ------------------------------------------------------------------------------------------

    def _live(self) -> Any:
        if self._pointer is None:
            raise ValueError("the runtime is closed")
        return self._pointer

    def _fail(self, status: int, values: tuple[Any, ...]) -> None:
        """Raise what an operation ended with."""
        self._raise_for(status)
        raise self._error(*values)

    def _error(self, value: Any, name: Any, message: Any, stack: Any, code: Any) -> BaseException:
        if isinstance(value, BaseException):
            return value
        if value is null and self.memory_limit:
            # The engine throws null when not even an error fits into what is left.
            return make_js_error("InternalError", "out of memory", stack, code, value)
        if isinstance(value, Reference):
            for error in self.passing:
                if self.call(self.embedding("same"), None, error.js, value):
                    self.passing.remove(error)
                    return error
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

    def _settle(self, number: int, future: Any) -> None:
        """Runs on whatever thread completes `future`."""
        try:
            data, status = encode(self, FORM_PRIMITIVE, future.result()), OK
        except BaseException as error:  # a cancelled future included: the promise rejects with it
            data, status = write_error(self, error), THROWN
        pointer = self._pointer
        if pointer is not None:
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


configure_messages(Isolate._fail)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def ej_python_fatal(message: Any) -> None:
    """Called on any thread when the runtime is about to abort: writes the report that somebody asked for."""
    reports = sys.modules.get("edgejs.node.report_host")
    if reports is not None:
        reports.write_fatal(ffi.string(message).decode("utf-8", "replace"), "FatalError")
