# SPDX-License-Identifier: Apache-2.0
"""Promises that are rejected and stay so."""

import pytest
from node_support import run_edgejs

__all__ = ["run_edgejs"]

WHY = (
    "This error originated either by throwing inside of an async function without a catch block, or by rejecting a "
    "promise which was not handled with .catch(). The promise rejected with the reason"
)


def test_an_error_ends_the_program(run_edgejs):
    done = run_edgejs(
        "setTimeout(() => console.log('never'), 50); (async () => { throw new TypeError('no'); })();"
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "\n\nTypeError: no\n    at " in done.stderr


@pytest.mark.parametrize(
    ("reason", "shown"), [("42", "42"), ("{ a: 1 }", "#<Object>"), ("Symbol('s')", "Symbol(s)")]
)
def test_another_reason_is_named(run_edgejs, reason, shown):
    done = run_edgejs(f"Promise.reject({reason});")
    assert done.returncode == 1
    assert f'UnhandledPromiseRejection: {WHY} "{shown}".\n' in done.stderr
    assert "{\n  code: 'ERR_UNHANDLED_REJECTION'\n}\n" in done.stderr


def test_handled_in_time(run_edgejs):
    done = run_edgejs(
        "const p = Promise.reject(1); process.nextTick(() => p.catch((v) => console.log('caught', v)));"
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "caught 1\n", "")


@pytest.mark.parametrize(
    ("mode", "code", "shown"),
    [
        ("none", 0, ""),
        ("warn", 0, "UnhandledPromiseRejectionWarning"),
        ("warn-with-error-code", 1, "UnhandledPromiseRejectionWarning"),
        ("strict", 1, "Error: no"),
    ],
)
def test_modes(run_edgejs, mode, code, shown):
    done = run_edgejs(
        "Promise.reject(new Error('no'));", env={"NODE_OPTIONS": f"--unhandled-rejections={mode}"}
    )
    assert done.returncode == code
    assert shown in done.stderr
