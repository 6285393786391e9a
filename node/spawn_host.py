# SPDX-License-Identifier: Apache-2.0
"""Starting, waiting for and signalling child processes, behind the JavaScript module `child_process`."""

from __future__ import annotations

import os
import selectors
import signal as signals
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from ..engine.errors import system_error

__all__ = ["binding"]

_CHUNK = 64 * 1024
_ETIMEDOUT, _ENOBUFS = 110, 105
_STREAMS = {"pipe": subprocess.PIPE, "ignore": subprocess.DEVNULL, "inherit": None}

Ending = list[Any]


class Children:
    """The running children of one isolate, by process id."""

    def __init__(self) -> None:
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._waiting: dict[int, Future[Ending | None]] = {}
        self._endings: dict[int, Ending] = {}
        self._lock = threading.Lock()

    def spawn(self, options: dict[str, Any]) -> dict[str, Any]:
        """Start a process: its pid, and our ends of its three pipes (None where it has none)."""
        child = _start(options)
        with self._lock:
            self._running[child.pid] = child
        threading.Thread(target=self._reap, args=(child,), name="edgejs-child", daemon=True).start()
        return {
            "pid": child.pid,
            "descriptors": [_detach(stream) for stream in (child.stdin, child.stdout, child.stderr)],
        }

    def _reap(self, child: subprocess.Popen[bytes]) -> None:
        child.wait()
        ending = _ending(child.returncode)
        with self._lock:
            del self._running[child.pid]
            self._endings[child.pid] = ending
            future = self._waiting.pop(child.pid, None)
        if future is not None:
            future.set_result(ending)

    def wait(self, pid: int) -> Future[Ending | None]:
        """Exit code and signal name of a child, one of them None. The future is None after `release`."""
        future: Future[Ending | None] = Future()
        with self._lock:
            ending = self._endings.pop(pid, None)
            if ending is None:
                self._waiting[pid] = future
        if ending is not None:
            future.set_result(ending)
        return future

    def release(self, pid: int) -> None:
        """End the wait for a child that goes on running: nobody needs to stay for it."""
        with self._lock:
            future = self._waiting.pop(pid, None)
        if future is not None:
            future.set_result(None)

    def kill(self, pid: int, signal: int) -> bool:
        """Send a signal; False when the child has ended. Its pid is not reused before it is reaped."""
        with self._lock:
            child = self._running.get(pid)
            if child is None:
                return False
            try:
                os.kill(pid, signal)
            except ProcessLookupError:
                return False
            except OSError as err:
                raise system_error(err, "kill") from None
        return True


def _detach(stream: Any) -> int | None:
    """The descriptor of a pipe, taken out of Python's file object, which would close it."""
    if stream is None:
        return None
    descriptor = os.dup(stream.fileno())
    stream.close()
    return descriptor


def _ending(returncode: int) -> Ending:
    if returncode >= 0:
        return [returncode, None]
    return [None, signals.Signals(-returncode).name]


def _start(options: dict[str, Any]) -> subprocess.Popen[bytes]:
    """Start a process.

    `options`: file, args (argv, the name first), env, cwd, detached, uid, gid, and stdio: three, each "pipe",
    "ignore", "inherit" or a descriptor.
    """
    stdin, stdout, stderr = (_STREAMS.get(item, item) for item in options["stdio"])
    try:
        return subprocess.Popen(
            options["args"],
            executable=options["file"],
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            bufsize=0,
            cwd=options["cwd"],
            env=options["env"],
            start_new_session=bool(options["detached"]),
            user=options["uid"],
            group=options["gid"],
        )
    except OSError as err:
        raise system_error(err, f"spawn {options['file']}", options["file"]) from None


class _Run:
    """A child that is run to its end: feeds stdin, collects stdout and stderr, watches time and size."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.child = _start(options)
        self._kill_signal = options["killSignal"]
        self._limit = options["maxBuffer"]
        self._deadline = time.monotonic() + options["timeout"] / 1000 if options["timeout"] else None
        self._input = memoryview(options["input"] or b"")
        self.output: dict[int, bytearray] = {}
        self.fault: int | None = None
        self._selector = selectors.DefaultSelector()

    def finish(self) -> None:
        child = self.child
        for number, stream in ((1, child.stdout), (2, child.stderr)):
            if stream is not None:
                self.output[number] = bytearray()
                self._selector.register(stream, selectors.EVENT_READ, number)
        if child.stdin is not None:
            os.set_blocking(child.stdin.fileno(), False)
            self._selector.register(child.stdin, selectors.EVENT_WRITE, 0)
        while self._selector.get_map():
            for key, _events in self._selector.select(self._left()):
                self._feed(key) if key.data == 0 else self._collect(key)
            self._check_time()
        self._wait()

    def _left(self) -> float | None:
        return None if self._deadline is None else max(0.0, self._deadline - time.monotonic())

    def _check_time(self) -> None:
        if self._deadline is not None and time.monotonic() >= self._deadline:
            self._give_up(_ETIMEDOUT)

    def _give_up(self, fault: int) -> None:
        """Kill the child and take what its pipes still hold."""
        self.fault = self.fault or fault
        self._deadline = None
        self.child.send_signal(self._kill_signal)

    def _close(self, key: selectors.SelectorKey) -> None:
        self._selector.unregister(key.fileobj)
        key.fileobj.close()  # type: ignore[union-attr]

    def _feed(self, key: selectors.SelectorKey) -> None:
        try:
            if self._input:
                self._input = self._input[os.write(key.fd, self._input[:_CHUNK]) :]
        except BlockingIOError:
            return
        except BrokenPipeError:  # the child reads no further, which is its right
            self._input = memoryview(b"")
        if not self._input:
            self._close(key)

    def _collect(self, key: selectors.SelectorKey) -> None:
        data = os.read(key.fd, _CHUNK)
        if not data:
            self._close(key)
            return
        kept = self.output[key.data]
        room = None if self._limit is None else self._limit - len(kept)
        kept += data if room is None else data[: max(0, room)]
        if room is not None and len(data) > room:
            self._give_up(_ENOBUFS)

    def _wait(self) -> None:
        try:
            self.child.wait(self._left())
        except subprocess.TimeoutExpired:
            self._give_up(_ETIMEDOUT)
            self.child.wait()


def _run(options: dict[str, Any]) -> dict[str, Any]:
    """Run a process to its end.

    Options beyond those of `_start`: input, timeout (ms, 0 for none), maxBuffer (bytes or None), killSignal.

    The result has pid, code, signal, stdout, stderr (None where there is no pipe) and fault, the errno of a
    time or size limit that ended it.
    """
    run = _Run(options)
    run.finish()
    code, signal = _ending(run.child.returncode)
    return {
        "pid": run.child.pid,
        "code": code,
        "signal": signal,
        "stdout": _bytes(run.output.get(1)),
        "stderr": _bytes(run.output.get(2)),
        "fault": run.fault,
    }


def _bytes(collected: bytearray | None) -> bytes | None:
    return None if collected is None else bytes(collected)


def binding(_isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('spawn_host')`."""
    children = Children()
    return {
        "kill": children.kill,
        "release": children.release,
        "run": _run,
        "spawn": children.spawn,
        "wait": children.wait,
    }
