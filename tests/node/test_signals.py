# SPDX-License-Identifier: Apache-2.0
"""Signals as events of `process`."""

from node_support import run_edgejs

__all__ = ["run_edgejs"]


def test_name_and_number(run_edgejs):
    script = """
    const wait = setTimeout(() => {}, 60_000);
    process.on('SIGUSR2', (name, number) => {
      console.log(name, number);
      clearTimeout(wait);
    });
    process.kill(process.pid, 'SIGUSR2');
    """
    done = run_edgejs(script)
    assert (done.returncode, done.stdout) == (0, "SIGUSR2 12\n")


def test_without_a_listener_it_ends_the_program(run_edgejs):
    script = """
    setTimeout(() => {}, 60_000);
    process.once('SIGTERM', () => {
      console.log('once', process.listenerCount('SIGTERM'));
      process.kill(process.pid, 'SIGTERM');
    });
    process.kill(process.pid, 'SIGTERM');
    """
    done = run_edgejs(script)
    assert (done.returncode, done.stdout) == (-15, "once 0\n")


def test_listening_keeps_nobody_waiting(run_edgejs):
    assert run_edgejs("process.on('SIGINT', () => {}); console.log('ends');").stdout == "ends\n"


def test_signals_that_cannot_be_watched(run_edgejs):
    done = run_edgejs(
        "try { process.on('SIGKILL', () => {}); } catch ({ message, code }) { console.log(message, code); }"
    )
    assert done.stdout == "uv_signal_start EINVAL EINVAL\n"


def test_an_error_in_a_listener_is_uncaught(run_edgejs):
    script = """
    setTimeout(() => {}, 60_000);
    process.on('SIGHUP', () => { throw new Error('in the listener'); });
    process.kill(process.pid, 'SIGHUP');
    """
    done = run_edgejs(script)
    assert done.returncode == 1
    assert "\n\nError: in the listener\n    at " in done.stderr
