# SPDX-License-Identifier: Apache-2.0
"""process.exit ends the isolate and leaves the Python program alive."""

import pytest
from edgejs.engine import ProcessExit


def test_exit_raises_with_the_code(evaluate):
    with pytest.raises(ProcessExit) as caught:
        evaluate("process.exit(3)")
    assert caught.value.code == 3


def test_no_javascript_can_stop_it(isolate, evaluate):
    calls = []
    attempt = evaluate(
        "(note) => { try { process.exit(4) } catch { note('caught') } finally { note('finally') } }"
    )
    with pytest.raises(ProcessExit):
        isolate.call(attempt, None, calls.append)
    assert calls == []


def test_it_unwinds_through_python(isolate, evaluate):
    seen = []

    def between():
        try:
            evaluate("process.exit(5)")
        except ProcessExit as exit:
            seen.append(exit.code)
            raise

    with pytest.raises(ProcessExit) as caught:
        isolate.call(evaluate("(f) => { try { f() } catch { } return 1 }"), None, between)
    assert caught.value.code == 5
    assert seen == [5]


def test_afterwards_every_call_raises(isolate, evaluate):
    with pytest.raises(ProcessExit):
        evaluate("process.exit(0)")
    with pytest.raises(ProcessExit):
        evaluate("1")
    with pytest.raises(ProcessExit):
        isolate.spin()


def test_exit_from_a_timer_ends_the_loop(isolate, evaluate):
    evaluate("setTimeout(() => process.exit(6), 1); setInterval(() => {}, 1000); 0")
    with pytest.raises(ProcessExit) as caught:
        isolate.spin()
    assert caught.value.code == 6
