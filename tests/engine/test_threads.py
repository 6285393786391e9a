# SPDX-License-Identifier: Apache-2.0
"""Isolates on several threads run at the same time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from edgejs.engine import Isolate

from edgejs.configuration import configuration


def test_two_isolates_meet_inside_javascript():
    # Each waits, from JavaScript, for the other: possible only when neither holds the other up.
    barrier = threading.Barrier(2, timeout=30)

    def program(name):
        isolate = Isolate(configuration(["edgejs"], [], embedded=True))
        try:
            evaluate = isolate.get(isolate.host, "evalScript")
            meet = isolate.call(evaluate, None, "(meet, name) => { meet(); return name + name }")
            return isolate.call(meet, None, barrier.wait, name)
        finally:
            isolate.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(program, ["a", "b"])) == ["aa", "bb"]


def test_two_threads_at_once_are_refused():
    isolate = Isolate(configuration(["edgejs"], [], embedded=True))
    evaluate = isolate.get(isolate.host, "evalScript")
    call = isolate.call(evaluate, None, "(f) => f()")
    inside, leave = threading.Event(), threading.Event()

    def wait():
        inside.set()
        leave.wait(30)

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(isolate.call, call, None, wait)
        assert inside.wait(30)
        with pytest.raises(RuntimeError, match="another thread"):
            isolate.call(evaluate, None, "1")
        leave.set()
        future.result(30)
    assert isolate.call(evaluate, None, "1") == 1
    isolate.close()


def test_closing_from_inside_is_refused():
    isolate = Isolate(configuration(["edgejs"], [], embedded=True))
    evaluate = isolate.get(isolate.host, "evalScript")
    with pytest.raises(RuntimeError, match="cannot be closed"):
        isolate.call(isolate.call(evaluate, None, "(f) => f()"), None, isolate.close)
    assert isolate.call(evaluate, None, "1") == 1
    isolate.close()


def test_javascript_runs_without_the_gil():
    # The loop that one thread spins in ends only when another thread, running Python, has set the flag.
    isolate = Isolate(configuration(["edgejs"], [], embedded=True))
    evaluate = isolate.get(isolate.host, "evalScript")
    started, stop = threading.Event(), threading.Event()
    spin = "(started, stopped) => { started(); let n = 0; while (!stopped()) n++; return true }"
    function = isolate.call(evaluate, None, spin)
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(isolate.call, function, None, started.set, stop.is_set)
        assert started.wait(30)
        stop.set()
        assert future.result(30) is True
    isolate.close()
