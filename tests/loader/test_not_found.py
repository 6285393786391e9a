# SPDX-License-Identifier: Apache-2.0
"""MODULE_NOT_FOUND and its require stack."""

import subprocess
import sys
from pathlib import Path


def test_the_stack_of_requires(tree, run_edgejs):
    folder = tree({"a.js": "require('./b')", "b.js": "require('nope')"})
    done = run_edgejs(
        "try { require('./a'); } catch (error) { console.log(error.message, error.code, error.requireStack); }"
    )
    stack = [f"{folder}/b.js", f"{folder}/a.js", f"{folder}/script.js"]
    lines = done.stdout.splitlines()
    assert lines[:5] == [
        "Cannot find module 'nope'",
        "Require stack:",
        *[f"- {path}" for path in stack[:2]],
        f"- {stack[2]} MODULE_NOT_FOUND [",
    ]
    assert [line.strip(" ',") for line in lines[5:-1]] == stack


def test_in_eval(tmp_path):
    command = Path(sys.executable).with_name("edgejs")
    done = subprocess.run([command, "-e", "require('nope')"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"Error: Cannot find module 'nope'\nRequire stack:\n- {tmp_path}/[eval]\n    at " in done.stderr
    assert f"  code: 'MODULE_NOT_FOUND',\n  requireStack: [ '{tmp_path}/[eval]' ]\n}}" in done.stderr


def test_the_program_itself(run_edgejs, tmp_path):
    done = run_edgejs(tmp_path / "missing.js")
    assert done.returncode == 1
    assert f"Error: Cannot find module '{tmp_path}/missing.js'\n    at " in done.stderr
    assert "  code: 'MODULE_NOT_FOUND',\n  requireStack: []\n}" in done.stderr


def test_requests_that_are_none(required, run_edgejs):
    assert required("")[0] == {
        "code": "ERR_INVALID_ARG_VALUE",
        "name": "TypeError",
        "message": "The argument 'id' must be a non-empty string. Received ''",
    }
    done = run_edgejs("try { require(5); } catch (error) { console.log(error.message); }")
    assert done.stdout == 'The "id" argument must be of type string. Received type number (5)\n'
