# SPDX-License-Identifier: Apache-2.0
"""How warnings are printed, and how not."""

import re

from node_support import run_edgejs

__all__ = ["run_edgejs"]

SCRIPT = "process.emitWarning('careful'); process.emitWarning('old', 'DeprecationWarning', 'DEP1');"


def test_with_a_hint_once(run_edgejs):
    printed = re.sub(r"node:\d+", "node:PID", run_edgejs(SCRIPT).stderr)
    assert printed == (
        "(node:PID) Warning: careful\n"
        "(Use `edgejs --trace-warnings ...` to show where the warning was created)\n"
        "(node:PID) [DEP1] DeprecationWarning: old\n"
    )


def test_switched_off(run_edgejs):
    assert run_edgejs(SCRIPT, env={"NODE_NO_WARNINGS": "1"}).stderr == ""
    assert run_edgejs(SCRIPT, env={"NODE_OPTIONS": "--no-warnings"}).stderr == ""
    assert "old" not in run_edgejs(SCRIPT, env={"NODE_OPTIONS": "--no-deprecation"}).stderr
    assert "careful" not in run_edgejs(SCRIPT, env={"NODE_OPTIONS": "--disable-warning=Warning"}).stderr


def test_traced(run_edgejs):
    printed = run_edgejs(SCRIPT, env={"NODE_OPTIONS": "--trace-warnings"}).stderr
    assert re.search(r"Warning: careful\n    at .*script\.js:1:", printed)


def test_deprecations_that_throw(run_edgejs):
    done = run_edgejs(SCRIPT, env={"NODE_OPTIONS": "--throw-deprecation"})
    assert done.returncode == 1
    assert "DeprecationWarning: old\n    at " in done.stderr
