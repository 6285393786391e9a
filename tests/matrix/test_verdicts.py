# SPDX-License-Identifier: Apache-2.0
"""From outcomes to verdicts."""

from __future__ import annotations

import pytest
from edgejs.napi.matrix.processes import Limits
from edgejs.napi.matrix.verdicts import CODES, Difference, differences, judge

LIMITS = Limits(5, 2**30)
V8 = [
    {"file": "a.node", "verdict": "refused", "reasons": [{"code": "v8-api", "message": "it uses the V8 API"}]}
]
OLD = [
    {
        "file": "a.node",
        "verdict": "refused",
        "reasons": [{"code": "library-version", "message": "it needs GLIBC_2.99"}],
    }
]


def outcome(**values):
    return {
        "stage": "end",
        "code": 0,
        "signal": None,
        "limit": None,
        "document": None,
        "static": [],
        **values,
    }


def failed(stage, **error):
    return outcome(stage=stage, code=1, error={"name": "Error", "message": "no", **error})


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (outcome(document={"a": 1, "message": "x"}), "passes"),
        (outcome(document={"a": 1.0, "message": "x"}), "passes"),
        (outcome(document={"a": 1, "message": "y"}), "message-differs"),
        (outcome(document={"a": 2, "message": "y"}), "differs"),
        (outcome(document={"a": True, "message": "x"}), "differs"),
        (outcome(), "throws"),
        (outcome(code=3, document={"a": 1, "message": "x"}), "differs"),
        ({**failed("run"), "document": {"a": 1}}, "throws"),
        (failed("run"), "throws"),
        (failed("load"), "load-fails"),
        (failed("run", cause={"name": "Error", "message": "x", "code": "ERR_DLOPEN_FAILED"}), "load-fails"),
        (outcome(limit="time", signal="SIGKILL"), "times-out"),
        (outcome(limit="memory", signal="SIGKILL"), "crashes"),
        (outcome(signal="SIGSEGV"), "crashes"),
        ({"stage": "install", "error": {"message": "E404"}}, "install-fails"),
        ({"stage": "worker", "error": {"message": "gone"}}, "crashes"),
        ({**failed("load"), "static": V8}, "not-applicable"),
        ({**outcome(document={"a": 2}), "static": V8}, "not-applicable"),
        ({**failed("load"), "static": OLD}, "skipped"),
        ({**failed("run"), "static": OLD}, "throws"),
    ],
)
def test_the_code(found, code):
    assert judge(found, outcome(document={"a": 1, "message": "x"}), LIMITS).code == code
    assert code in CODES


def test_without_a_reference_nothing_passes():
    verdict = judge(outcome(document={}), None, LIMITS)
    assert (verdict.code, verdict.reason) == ("no-reference", "")
    verdict = judge(outcome(document={}), outcome(signal="SIGABRT"), LIMITS)
    assert (verdict.code, verdict.reason) == ("no-reference", "the reference printed none: SIGABRT")


def test_node_is_not_excused_from_the_v8_api():
    assert judge({**failed("load"), "static": V8}, None, LIMITS, is_node=True).code == "load-fails"


def test_a_crash_names_the_last_call():
    trace = {
        "last": {"name": "napi_create_object", "status": None},
        "crash": {"backtrace": ["/lib/core.so(+0x1)", "/a/b/own.node(run+0x2)"]},
    }
    reason = judge(outcome(signal="SIGSEGV", trace=trace), None, LIMITS).reason
    assert reason == "SIGSEGV, inside napi_create_object, in own.node(run+0x2)"


def test_places_that_differ():
    reference = {"a": [1, {"b": 2}], "c": "x", "gone": 1}
    here = {"a": [1, {"b": 3}], "c": "x", "new": [1]}
    assert list(differences(reference, here)) == [
        Difference("a[1].b", 2, 3),
        Difference("gone", 1, None),
        Difference("new", None, [1]),
    ]
    assert list(differences({"a": None}, {})) == [Difference("a", None, None)]
    assert list(differences([1], [1, 2])) == [Difference("", [1], [1, 2])]
