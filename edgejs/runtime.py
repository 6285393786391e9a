# SPDX-License-Identifier: Apache-2.0
"""JavaScript in a Python program."""

from __future__ import annotations

import os
import sys
from _thread import get_ident

from edgejs.configuration import configuration
from edgejs.engine.errors import ProcessExit
from edgejs.engine.isolate import Isolate
from edgejs.proxies import JSPromise, JSProxy, make_proxy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType
    from typing import IO, Any

    from edgejs.aio import AbortScope
    from edgejs.engine.permissions import Permissions
    from edgejs.registry_cache import InstallResult

__all__ = ["Runtime"]

_UNITS = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "kB": 10**3, "MB": 10**6, "GB": 10**9}


class Runtime:
    """A JavaScript heap with Node's globals, module loader and event loop.

    Use it as a context manager, or call close(); one that is dropped is freed after the last of its proxies.
    It belongs to the thread that made it: calls from another one raise RuntimeError. JavaScript runs without
    the GIL, so runtimes on several threads run in parallel (see `Pool`). A process that is forked cannot use
    those of its parent.

    Args:
        cwd: the folder whose `node_modules` packages are found in; the current one by default.
        argv: what follows the program's name in `process.argv`.
        env: variables that are `process.env`, in place of the process's own, which is the default.
        permissions: what scripts may do: everything when None; see `Permissions`.
        memory_limit: most memory of the heap, in bytes or as "256MiB". Beyond it JavaScript gets an
            InternalError, or null when not even that fits; Python sees JSMemoryError for both.
        stack_limit: most stack, in the same units; at most what half of the thread's stack gives.
        timeout: seconds that a call into the runtime may take, waiting for its event loop included. Beyond
            it JavaScript is stopped, which no script can prevent, and JSTimeout is raised. The runtime stays
            usable; timers and promise jobs that were pending still are.
        stdin: an object with `read` that `process.stdin` reads; descriptor 0 by default.
        stdout: an object with `write` that `process.stdout` and `console` write to; descriptor 1 by default.
        stderr: the same for `process.stderr`.
    """

    def __init__(
        self,
        cwd: str | os.PathLike[str] | None = None,
        *,
        argv: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        permissions: Permissions | None = None,
        memory_limit: int | str | None = None,
        stack_limit: int | str | None = None,
        timeout: float | None = None,
        stdin: IO[Any] | None = None,
        stdout: IO[Any] | None = None,
        stderr: IO[Any] | None = None,
    ) -> None:
        self._directory = os.path.abspath(os.getcwd() if cwd is None else os.fspath(cwd))
        memory, stack, seconds = _bytes(memory_limit), _bytes(stack_limit), _seconds(timeout)
        config = configuration(["edgejs", *argv], [], self._directory, embedded=True)
        config["restricted"] = permissions is not None
        self._isolate = isolate = Isolate(config, make_proxy, permissions)
        streams = _streams(stdin, stdout, stderr)
        if env is not None or streams:
            settings = {"env": None if env is None else dict(env), "streams": streams or None}
            isolate.call(isolate.embedding("setUp"), None, settings)
        isolate.limit(memory=memory, stack=stack, seconds=seconds)
        isolate.watch_signals(_on_main_thread())
        isolate.belong_to(get_ident())

    def require(self, specifier: str) -> Any:
        """What `require(specifier)` gives in a CommonJS file of the runtime's folder.

        Raises JSModuleNotFound when there is no such package, and as JSError what the module itself throws.
        Source: https://nodejs.org/api/modules.html#requireid
        """
        return self._host("requireFrom", self._directory, specifier)

    def import_(self, specifier: str) -> Any:
        """The namespace of an ES module, as `await import(specifier)` gives it in the runtime's folder.

        Turns the event loop until the module has run. Raises RuntimeError in a running asyncio loop, where
        `aimport` is the way.
        """
        self._refuse_inside_loop(f"await aimport({specifier!r})")
        return self.wait_for(self._import(specifier))

    async def aimport(self, specifier: str) -> Any:
        """`import_` in an asyncio program, whose loop goes on meanwhile."""
        return await self._import(specifier)

    def eval(self, source: str, **variables: object) -> Any:
        """The value of `source`, run as a script. Keywords become global variables first.

        Raises JSError for what it throws, JSSyntaxError when it does not parse.

        >>> with Runtime() as js:
        ...     js.eval("x * 2", x=21)
        42
        """
        if not isinstance(source, str):
            raise TypeError(f"source is str, not {type(source).__name__}")
        for name, value in variables.items():
            setattr(self.globals, name, value)
        return self._host("evalScript", source)

    async def aeval(self, source: str, **variables: object) -> Any:
        """What `source` returns as the body of an async function with the keywords as its variables.

        It has one more, `signal`: an AbortSignal that is aborted when who awaits this is cancelled.
        """
        async with self.abort_signal() as signal:
            variables = {"signal": signal, **variables}
            function = self.eval(f"(async ({', '.join(variables)}) => {{\n{source}\n}})")
            return await function(*variables.values())

    @property
    def globals(self) -> JSProxy:
        """The global object: `runtime.globals.answer = 42` defines a global variable."""
        found = self.eval("globalThis")
        assert isinstance(found, JSProxy)
        return found

    def install(self, *specs: str, **settings: Any) -> InstallResult:
        """Install packages into the runtime's folder; without `specs` what its package.json asks for.

        `settings` are npm's, with underscores for dashes, as of `edgejs.registry_cache.install`. Install
        scripts do not run. Raises RegistryError with npm's codes.
        """
        from edgejs.registry_cache import install

        return install(specs, self._directory, **settings)

    def run(self, file: str | os.PathLike[str], *args: str) -> int:
        """Run a file as `edgejs FILE ARGS` would, until nothing is left to do; the exit code.

        A program that calls `process.exit()`, or whose error nobody caught, ends the runtime.
        """
        self._refuse_inside_loop("start it with eval(), and await idle()")
        path = os.path.join(self._directory, os.fspath(file))
        isolate = self._isolate
        try:
            isolate.run(isolate.embedding("startProgram"), path, list(args))
            return isolate.finish()
        except ProcessExit as exit:
            return exit.code

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
        self._refuse_inside_loop("await idle()")
        self._isolate.spin()

    async def idle(self) -> None:
        """`run_until_idle` in an asyncio program: timers and callbacks run while somebody awaits this."""
        from edgejs.aio import Pump

        await Pump.of(self._isolate).wait_until_idle()

    def abort_signal(self) -> AbortScope:
        """`async with runtime.abort_signal() as signal`: an AbortSignal for calls in the block.

        It is aborted when the block is left by an exception, so by the cancellation of its task.
        """
        from edgejs.aio import AbortScope

        return AbortScope(self._isolate)

    def close(self) -> None:
        """Free the runtime: addons' cleanup runs, proxies become unusable. Idempotent; from any thread."""
        self._isolate.close()

    @property
    def closed(self) -> bool:
        """True after close()."""
        return self._isolate.closed

    @property
    def exited(self) -> int | None:
        """The exit code once `process.exit()` or an uncaught error has ended the runtime; None while it runs.

        After that only `close` is left: every other call raises ProcessExit. Limits do not end a runtime.
        """
        return self._isolate.exit_code

    def __enter__(self) -> Runtime:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<edgejs.Runtime {self._state()}>"

    def _state(self) -> str:
        if self._isolate.closed:
            return "closed"
        return self._directory if self.exited is None else f"exited with code {self.exited}"

    def _host(self, function: str, *args: object) -> Any:
        isolate = self._isolate
        return isolate.call(isolate.get(isolate.host, function), None, *args)

    def _import(self, specifier: str) -> Any:
        isolate = self._isolate
        return isolate.call(isolate.embedding("importFrom"), None, self._directory, specifier)

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


def _seconds(timeout: float | None) -> float:
    if timeout is not None and timeout <= 0:
        raise ValueError(f"a limit must be positive, not {timeout}")
    return timeout or 0


def _on_main_thread() -> bool:
    import threading

    return threading.current_thread() is threading.main_thread()


def _streams(stdin: Any, stdout: Any, stderr: Any) -> dict[str, Callable[..., Any]]:
    """What JavaScript calls to read and write."""
    found: dict[str, Callable[..., Any]] = {}
    if stdin is not None:
        found["stdin"] = stdin.read
    for name, stream in (("stdout", stdout), ("stderr", stderr)):
        if stream is not None:
            found[name] = _writer(stream)
    return found


def _writer(stream: Any) -> Callable[[Any], None]:
    """Writes text or bytes, whichever the stream takes: one of text has `encoding`."""
    is_text = hasattr(stream, "encoding")

    def write(data: Any) -> None:
        text = data if isinstance(data, str) else bytes(data)
        if isinstance(text, str) and not is_text:
            text = text.encode("utf-8", "replace")
        elif isinstance(text, bytes) and is_text:
            text = text.decode("utf-8", "replace")
        stream.write(text)

    return write
