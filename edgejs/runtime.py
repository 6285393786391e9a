# SPDX-License-Identifier: Apache-2.0
"""JavaScript in a Python program."""

from __future__ import annotations

import os
import sys

from edgejs.configuration import configuration
from edgejs.engine.isolate import Isolate
from edgejs.proxy import JSPromise, JSProxy, make_proxy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Any

__all__ = ["Runtime", "require"]

_UNITS = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "kB": 10**3, "MB": 10**6, "GB": 10**9}


class Runtime:
    """A JavaScript heap with Node's globals, module loader and event loop.

    Use it as a context manager, or call close(). It belongs to one thread at a time.

    Args:
        cwd: the folder whose `node_modules` packages are found in; the current one by default.
        argv: what follows the program's name in `process.argv`.
        memory_limit: most memory of the heap, in bytes or as "256MiB". Beyond it JavaScript gets an
            InternalError, or null when not even that fits; Python sees JSMemoryError for both.
        stack_limit: most stack, in the same units; at most what half of the thread's stack gives.
        timeout: seconds that a call into the runtime may take, waiting for its event loop included. Beyond
            it JavaScript is stopped, which no script can prevent, and JSTimeout is raised. The runtime stays
            usable; timers and promise jobs that were pending still are.
    """

    def __init__(
        self,
        cwd: str | os.PathLike[str] | None = None,
        *,
        argv: Sequence[str] = (),
        memory_limit: int | str | None = None,
        stack_limit: int | str | None = None,
        timeout: float | None = None,
    ) -> None:
        self._directory = os.path.abspath(os.getcwd() if cwd is None else os.fspath(cwd))
        config = configuration(["edgejs", *argv], [], self._directory, embedded=True)
        self._isolate = Isolate(config, make_proxy)
        self._isolate.limit(memory=_bytes(memory_limit), stack=_bytes(stack_limit), seconds=timeout or 0)
        self._isolate.watch_signals(_on_main_thread())

    def require(self, specifier: str) -> Any:
        """What `require(specifier)` gives in a CommonJS file of the runtime's folder.

        Raises JSModuleNotFound when there is no such package, and as JSError what the module itself throws.
        Source: https://nodejs.org/api/modules.html#requireid
        """
        return self._host("requireFrom", self._directory, specifier)

    def eval(self, source: str, **variables: object) -> Any:
        """The value of `source`, run as a script. Keywords become global variables first.

        Raises JSError for what it throws, JSSyntaxError when it does not parse.
        """
        for name, value in variables.items():
            setattr(self.globals, name, value)
        return self._host("evalScript", source)

    async def aeval(self, source: str, **variables: object) -> Any:
        """`source` as the body of an async function with the keywords as its variables."""
        names = ", ".join(variables)
        function = self.eval(f"(async ({names}) => {{\n{source}\n}})")
        return await function(*variables.values())

    @property
    def globals(self) -> JSProxy:
        """The global object: `runtime.globals.answer = 42` defines a global variable."""
        found = self.eval("globalThis")
        assert isinstance(found, JSProxy)
        return found

    def wait_for(self, promise: JSPromise) -> Any:
        """Turn the event loop until `promise` settles; its value.

        Raises what it rejects with, RuntimeError when it is still pending with nothing left to wait for or
        when called in a running asyncio loop, where `await promise` is the way.
        """
        self._refuse_inside_loop("await the promise")
        outcome: list[tuple[bool, object]] = []
        engine = self._isolate
        engine.call(engine.embedding("settle"), None, promise, lambda *settled: outcome.append(settled))
        while not outcome and engine.alive():
            engine.step()
        if not outcome:
            raise RuntimeError("the promise is pending and nothing is left that could settle it")
        rejected, value = outcome[0]
        return engine.call(engine.embedding("raise"), None, value) if rejected else value

    def run_until_idle(self) -> None:
        """Turn the event loop until no timer, callback or other work is left."""
        self._refuse_inside_loop("await what you wait for")
        self._isolate.spin()

    def close(self) -> None:
        """Free the runtime: addons' cleanup runs, proxies become unusable. Idempotent."""
        self._isolate.close()

    def __enter__(self) -> Runtime:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<edgejs.Runtime {'closed' if self._isolate.closed else self._directory}>"

    def _host(self, function: str, *args: object) -> Any:
        isolate = self._isolate
        return isolate.call(isolate.get(isolate.host, function), None, *args)

    def _refuse_inside_loop(self, instead: str) -> None:
        if "asyncio" in sys.modules:
            from edgejs.aio import inside_loop

            if inside_loop():
                raise RuntimeError(f"this would block the running asyncio loop: {instead} instead")


def _bytes(size: int | str | None) -> int:
    """A number of bytes, or one with a unit such as "256MiB". Raises ValueError for anything else."""
    if size is None:
        return 0
    if isinstance(size, str):
        number = size.rstrip("kKMGiB")
        unit = size[len(number) :]
        if not number.strip().isdigit() or (unit and unit not in _UNITS):
            raise ValueError(f"not a size: {size!r}; write it as bytes or as '256MiB'")
        size = int(number) * _UNITS.get(unit, 1)
    if size <= 0:
        raise ValueError(f"a limit must be positive, not {size}")
    return size


def _on_main_thread() -> bool:
    import threading

    return threading.current_thread() is threading.main_thread()


_default: Runtime | None = None


def require(specifier: str) -> Any:
    """`Runtime.require` of a default runtime, made on first use in the current folder and closed at exit."""
    global _default
    if _default is None:
        import atexit

        _default = Runtime()
        atexit.register(_default.close)
    return _default.require(specifier)
