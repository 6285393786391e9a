# SPDX-License-Identifier: Apache-2.0
"""The ratchet: any change of a result fails, and every test that does not pass has a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.case import Result
from conformance.ratchet import Known, KnownError, compare

KNOWN = Known(3, {"b.js": ("fail", "of old"), "c.js": ("skip", "not here")})
AS_KNOWN = [Result("a.js", "pass"), Result("b.js", "fail", "Error: x"), Result("c.js", "skip", "y")]


def test_as_known():
    assert compare(KNOWN, AS_KNOWN, whole=True) == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (Result("a.js", "crash", "SIGSEGV"), "a.js: pass before, crash now (SIGSEGV)"),
        (Result("b.js", "pass"), "b.js: fail before, pass now"),
        (Result("b.js", "timeout", "after 60 s"), "b.js: fail before, timeout now (after 60 s)"),
    ],
)
def test_any_change(changed, sentence):
    results = [changed if result.name == changed.name else result for result in AS_KNOWN]
    assert compare(KNOWN, results, whole=True) == [sentence]


def test_a_test_that_is_gone_or_new():
    assert compare(KNOWN, AS_KNOWN[:2], whole=True) == [
        "c.js: in the list, not in the suite",
        "3 tests before, 2 now",
    ]
    assert compare(KNOWN, [*AS_KNOWN, Result("d.js", "pass")], whole=True) == ["3 tests before, 4 now"]
    assert compare(KNOWN, AS_KNOWN[:1], whole=False) == []


def test_reasons_outlive_an_update(tmp_path):
    results = [Result("b.js", "fail", "Error: x"), Result("d.js", "fail", "Error: z"), Result("c.js", "pass")]
    path = tmp_path / "known.txt"
    Known.of(results, KNOWN).write(path)
    assert Known.read(path) == Known(3, {"b.js": ("fail", "of old"), "d.js": ("fail", "Error: z")})


@pytest.mark.parametrize("line", ["a.js: fail", "a.js: fail: ", "a.js: flaky: sometimes", "a.js"])
def test_a_line_must_say_why(tmp_path, line):
    path = tmp_path / "known.txt"
    path.write_text(f"tests: 1\n{line}\n")
    with pytest.raises(KnownError, match=r"known\.txt:2: expected"):
        Known.read(path)


@pytest.mark.parametrize(
    "path", sorted(Path(__file__).parent.glob("known/*.txt")), ids=lambda path: path.stem
)
def test_the_lists_can_be_read(path):
    known = Known.read(path)
    assert known.count >= len(known.exceptions)
    assert known.count > 0
