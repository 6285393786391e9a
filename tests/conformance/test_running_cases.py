# SPDX-License-Identifier: Apache-2.0
"""What becomes of a test that ends in each of the ways a process can end."""

from __future__ import annotations

import sys

import pytest

from conformance.case import Case, run_cases

PYTHON = [sys.executable, "-c"]


def outcome(code, tmp_path, **fields):
    (result,) = run_cases([Case("test", (code,), tmp_path, **fields)], PYTHON, 1)
    return result.outcome, result.detail


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("pass", ("pass", "")),
        ("print('1..0 # Skipped: no such thing')", ("skip", "no such thing")),
        ("print('x\\nTypeError [ERR_X]: wrong\\n at y'); exit(7)", ("fail", "TypeError [ERR_X]: wrong")),
        ("print('no error is named'); exit(3)", ("fail", "no error is named")),
        ("exit(3)", ("fail", "exit code 3")),
        ("import os; os.abort()", ("crash", "SIGABRT")),
    ],
)
def test_ending(tmp_path, code, expected):
    assert outcome(code, tmp_path) == expected


def test_one_that_does_not_end_is_killed_with_its_children(tmp_path):
    code = "import os, sys, time; os.fork(); print('begun', flush=True); time.sleep(1000)"
    assert outcome(code, tmp_path, timeout=1) == ("timeout", "after 1 s")


def test_environment_and_scratch_folder(tmp_path):
    code = "import os; exit(not (os.environ['GIVEN'] == 'x' and os.path.isdir(os.environ['NODE_TEST_DIR'])))"
    assert outcome(code, tmp_path, environment={"GIVEN": "x"}) == ("pass", "")


def test_one_that_could_not_be_prepared(tmp_path):
    assert outcome("pass", tmp_path, failed="does not compile") == ("fail", "does not compile")


def test_results_come_in_order(tmp_path):
    codes = ["import time; time.sleep(.2)", "pass", "exit(1)"]
    cases = [Case(str(number), (code,), tmp_path) for number, code in enumerate(codes)]
    assert [(each.name, each.outcome) for each in run_cases(cases, PYTHON, 2)] == [
        ("0", "pass"),
        ("1", "pass"),
        ("2", "fail"),
    ]
