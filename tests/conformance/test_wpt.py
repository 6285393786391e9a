# SPDX-License-Identifier: Apache-2.0
"""A report of Node's driver of the web platform tests becomes a result for each file."""

from __future__ import annotations

from conformance.wpt import results_of

PASSED = {"name": "one", "status": "PASS"}
FAILED = {"name": "two\n words", "status": "FAIL", "message": "no"}


def outcomes(*files):
    report = {
        "results": [{"test": test, "status": status, "subtests": tests} for test, status, tests in files]
    }
    return [(each.name, each.outcome, each.detail) for each in results_of(report)]


def test_a_file_fails_with_one_of_its_subtests():
    assert outcomes(
        ("/streams/tee.any.html", "OK", [PASSED, PASSED]),
        ("/streams/pipe.any.html?a", "OK", [PASSED, FAILED]),
    ) == [
        ("streams/tee.any.js", "pass", "2 subtests"),
        ("streams/pipe.any.js?a", "fail", "1 of 2 subtests pass: two words"),
    ]


def test_a_file_that_did_not_come_to_its_end_fails():
    assert outcomes(("/x.any.html", "ERROR", [PASSED])) == [
        ("x.any.js", "fail", "1 of 1 subtests pass: ERROR")
    ]
