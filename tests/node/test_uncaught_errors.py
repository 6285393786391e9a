# SPDX-License-Identifier: Apache-2.0
"""What a program that ends with an error prints: as Node 24, but for the name of the runtime and the engine's words."""

import pytest
from node_support import run_edgejs

__all__ = ["run_edgejs"]


def test_source_line_stack_and_version(run_edgejs, tmp_path):
    done = run_edgejs("const fine = 1;\n\n  throw new RangeError('too far');\n")
    assert (done.returncode, done.stdout) == (1, "")
    head = f"{tmp_path}/script.js:3\n  throw new RangeError('too far');\n  ^\n\nRangeError: too far\n    at "
    assert done.stderr.startswith(head)
    frames, version = done.stderr.removeprefix(head).split("\n\n")
    assert f"{tmp_path}/script.js:3:" in frames.splitlines()[0]
    assert version.startswith("edgejs v")


def test_the_caret_is_at_the_new(run_edgejs):
    done = run_edgejs("Promise.reject(new Error('no'));")
    assert "\nPromise.reject(new Error('no'));\n               ^\n\nError: no\n    at " in done.stderr


def test_constructors_of_the_class_are_passed_over(run_edgejs, tmp_path):
    done = run_edgejs(
        "class Mine extends Error {\n  constructor() { super('mine'); }\n}\nthrow new Mine();\n"
    )
    assert done.stderr.startswith(f"{tmp_path}/script.js:4\nthrow new Mine();\n^\n\nError: mine\n")


def test_properties_and_cause(run_edgejs):
    done = run_edgejs(
        "throw Object.assign(new Error('e', { cause: 'why' }), { code: 'E_X', deep: { a: 1 } });"
    )
    assert " {\n  code: 'E_X',\n  deep: { a: 1 },\n  [cause]: 'why'\n}\n\nedgejs v" in done.stderr


@pytest.mark.parametrize(
    ("thrown", "shown"),
    [("'text'", "text"), ("null", "null"), ("undefined", "undefined"), ("{ a: [1] }", "{ a: [ 1 ] }")],
)
def test_what_is_no_error(run_edgejs, thrown, shown):
    done = run_edgejs(f"throw {thrown};")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Uncaught:\n{shown}\n")


def test_after_the_exit_event(run_edgejs):
    done = run_edgejs(
        "process.on('exit', (code) => { console.error('exit', code); process.exitCode = 5; }); throw new Error('e');"
    )
    assert done.returncode == 5
    assert done.stderr.startswith("exit 1\n")


def test_a_listener_that_throws(run_edgejs):
    done = run_edgejs(
        "process.on('uncaughtException', () => { throw new Error('second'); }); throw new Error('first');"
    )
    assert done.returncode == 7
    assert "Error: second\n" in done.stderr
    assert "Error: first" not in done.stderr
