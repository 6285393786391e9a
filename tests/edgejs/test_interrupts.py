# SPDX-License-Identifier: Apache-2.0
"""A signal reaches Python while JavaScript runs or waits."""

import os
import signal
import threading

import pytest

import edgejs


@pytest.fixture
def interrupt():
    """A function after whose call this process gets a signal that raises KeyboardInterrupt, as Ctrl-C does."""

    def handler(number, frame):
        raise KeyboardInterrupt

    called = threading.Event()

    def kill():
        if called.wait(30):
            os.kill(os.getpid(), signal.SIGUSR1)

    old = signal.signal(signal.SIGUSR1, handler)
    thread = threading.Thread(target=kill)
    thread.start()
    yield called.set
    thread.join()
    signal.signal(signal.SIGUSR1, old)


def test_a_busy_script_is_stopped(interrupt):
    with edgejs.Runtime() as js:
        spin = js.eval("(interrupt) => { interrupt(); for (;;) { try { for (;;) {} } catch {} } }")
        with pytest.raises(KeyboardInterrupt):
            spin(interrupt)
        assert js.eval("1") == 1


def test_a_waiting_loop_is_stopped(interrupt):
    with edgejs.Runtime() as js:
        js.eval("(interrupt) => { setInterval(() => {}, 10_000); setTimeout(interrupt, 1) }")(interrupt)
        with pytest.raises(KeyboardInterrupt):
            js.run_until_idle()
        assert js.eval("1") == 1
