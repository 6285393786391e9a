# SPDX-License-Identifier: Apache-2.0
"""test262: what its tests say of themselves is understood, and a sample of them is as known."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from conformance.case import Toolbox
from conformance.ratchet import Known, compare
from conformance.test262 import Test262, read_front_matter

KNOWN = Path(__file__).with_name("known") / "test262.txt"
COPY = os.environ.get("EDGEJS_TEST262")
EVERY = 150


def front(text: str) -> dict[str, object]:
    return read_front_matter(f"// Copyright\n/*---\ndescription: x\n{text}\n---*/\n")


@pytest.mark.parametrize(
    ("flags", "modes"),
    [
        ("[]", ["sloppy", "strict"]),
        ("[noStrict]", ["sloppy"]),
        ("[onlyStrict]", ["strict"]),
        ("[raw]", ["sloppy"]),
        ("[module, async]", ["module"]),
    ],
)
def test_modes(flags, modes):
    assert front(f"flags: {flags}")["modes"] == modes


def test_includes_come_after_the_harness():
    assert front("flags: [async]\nincludes: [a.js, b.js]")["includes"] == [
        "assert.js",
        "sta.js",
        "doneprintHandle.js",
        "a.js",
        "b.js",
    ]
    assert front("flags: [raw]")["includes"] == []
    assert front("includes:\n  - a.js\n  - b.js\nfeatures: [x]")["includes"] == [
        "assert.js",
        "sta.js",
        "a.js",
        "b.js",
    ]


def test_the_error_that_is_wanted():
    assert front("negative:\n  phase: parse\n  type: SyntaxError\nflags: [module]")["negative"] == {
        "phase": "parse",
        "type": "SyntaxError",
    }
    assert front("")["negative"] is None


@pytest.mark.skipif(COPY is None, reason="needs a copy of tc39/test262 in EDGEJS_TEST262")
@pytest.mark.timeout(600)
def test_a_sample_is_as_known():
    suite = Test262()
    cases = list(suite.cases(Path(COPY or "").resolve(), Toolbox("", "", Path(), 1)))[::EVERY]
    assert compare(Known.read(KNOWN), suite.run(cases, 1), whole=False) == []
