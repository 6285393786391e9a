# SPDX-License-Identifier: Apache-2.0
"""A future that a Python function returns is a promise in JavaScript."""

import threading

import pytest


def collect(isolate, evaluate, make_future):
    isolate.set(evaluate("globalThis"), "start", make_future)
    evaluate(
        "start().then((v) => { globalThis.got = ['ok', v] }, (e) => { globalThis.got = ['no', e.message] })"
    )
    isolate.spin()
    return isolate.copy(evaluate("got"))


def test_its_result_fulfils(isolate, evaluate):
    assert collect(isolate, evaluate, lambda: isolate.submit(lambda: {"n": 1})) == ["ok", {"n": 1}]


def test_its_exception_rejects(isolate, evaluate):
    def fail():
        raise ValueError("no luck")

    assert collect(isolate, evaluate, lambda: isolate.submit(fail)) == ["no", "no luck"]


def test_the_loop_waits_for_it(isolate, evaluate):
    gate = threading.Event()
    isolate.set(evaluate("globalThis"), "start", lambda: isolate.submit(gate.wait))
    evaluate("start()")
    assert isolate.alive()
    gate.set()
    isolate.spin()
    assert not isolate.alive()


def test_it_runs_on_another_thread(isolate, evaluate):
    ident = collect(isolate, evaluate, lambda: isolate.submit(threading.get_ident))[1]
    assert ident != threading.get_ident()


def test_closing_with_one_pending_is_safe(isolate, evaluate):
    gate = threading.Event()
    isolate.set(evaluate("globalThis"), "start", lambda: isolate.submit(gate.wait))
    evaluate("start()")
    gate.set()
    isolate.close()
    with pytest.raises(ValueError, match="closed"):
        isolate.alive()
