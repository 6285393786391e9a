# SPDX-License-Identifier: Apache-2.0
"""Values that cross between Python and JavaScript keep their meaning."""

import math
from datetime import datetime, timezone

import pytest
from edgejs.engine import JSBigInt, null

SAME = [
    None,
    True,
    False,
    0,
    -1,
    2**31,
    -(2**31) - 1,
    2**53 - 1,
    -(2**53) + 1,
    0.5,
    -1e300,
    "",
    "text",
    "zero \0 inside",
    "ünïcode ✓ 🎉",
    null,
]


@pytest.fixture
def identity(evaluate):
    return evaluate("(value) => value")


@pytest.mark.parametrize("value", SAME, ids=repr)
def test_round_trip(isolate, identity, value):
    result = isolate.call(identity, None, value)
    assert result == value
    assert type(result) is type(value)


def test_infinities_and_nan(isolate, identity):
    assert isolate.call(identity, None, math.inf) == math.inf
    assert math.isnan(isolate.call(identity, None, math.nan))


def test_minus_zero_keeps_its_sign(isolate, identity):
    assert math.copysign(1, isolate.call(identity, None, -0.0)) == -1


def test_integral_numbers_are_ints(evaluate):
    assert type(evaluate("4 / 2")) is int
    assert type(evaluate("2 ** 53 - 1")) is int
    assert type(evaluate("2 ** 53")) is float


def test_large_ints_become_bigint(isolate, evaluate):
    assert isolate.call(evaluate("(n) => typeof n"), None, 2**53) == "bigint"
    result = isolate.call(evaluate("(n) => n * n"), None, 10**30)
    assert result == 10**60
    assert isinstance(result, JSBigInt)


def test_bigint_stays_bigint(isolate, evaluate):
    assert isolate.call(evaluate("(n) => typeof n"), None, JSBigInt(1)) == "bigint"


def test_lone_surrogates_survive(isolate, identity):
    assert isolate.call(identity, None, "\ud800x") == "\ud800x"


def test_collections_are_copied_in(isolate, evaluate):
    describe = evaluate("(v) => JSON.stringify(v)")
    assert isolate.call(describe, None, {"a": [1, (2, "x")], "b": None}) == '{"a":[1,[2,"x"]]}'


def test_bytes_become_uint8array(isolate, evaluate):
    assert isolate.call(evaluate("(v) => v instanceof Uint8Array && v[1]"), None, b"\x01\xff") == 255


def test_dates_cross(isolate, evaluate, identity):
    moment = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=timezone.utc)
    assert isolate.call(evaluate("(d) => d.toISOString()"), None, moment) == "2026-01-02T03:04:05.678Z"
    assert isolate.call(identity, None, moment) == moment


def test_copy_makes_plain_data(isolate, evaluate):
    value = evaluate("({ a: [1, { b: 'x' }], n: null, u: undefined, bytes: new Uint8Array([1, 2]) })")
    copied = isolate.copy(value)
    assert bytes(copied.pop("bytes")) == b"\x01\x02"
    assert copied == {"a": [1, {"b": "x"}], "n": None, "u": None}


def test_a_cycle_is_copied(isolate, evaluate):
    copied = isolate.copy(evaluate("const o = {}; o.self = o; o"))
    assert "self" in copied["self"]["self"]


def test_a_key_that_is_no_string_is_refused(isolate, identity):
    with pytest.raises(TypeError, match="keys of a dict must be str"):
        isolate.call(identity, None, {1: 2})


@pytest.mark.parametrize("number", [10**5000, -(10**5000), -(2**64), 2**64 - 1, -(2**63)], ids=hash)
def test_huge_ints(isolate, identity, number):
    assert isolate.call(identity, None, number) == number


def test_a_set_is_a_set(isolate, evaluate):
    describe = evaluate("(s) => s instanceof Set && [...s].sort().join()")
    assert isolate.call(describe, None, {1, 2, 3}) == "1,2,3"
    assert isolate.copy(evaluate("new Set([1, 'x', null])")) == {1, "x", None}


def test_a_map_is_copied_as_a_dict(isolate, evaluate):
    assert isolate.copy(evaluate("new Map([[1, 'a'], ['k', [2]]])")) == {1: "a", "k": [2]}


def test_keys_that_are_objects_stay_references(isolate, evaluate):
    [(key, value)] = isolate.copy(evaluate("globalThis.k = {}; new Map([[k, 1]])")).items()
    assert value == 1 and isolate.call(evaluate("(x) => x === k"), None, key) is True


def test_a_copy_has_the_shape_of_its_source(isolate, evaluate):
    copied = isolate.copy(evaluate("const twice = [1]; const o = { a: twice, b: twice }; o.self = o; o"))
    assert copied["a"] is copied["b"]
    assert copied["self"] is copied


def test_a_copy_as_deep_as_asked(isolate, evaluate):
    copied = isolate.copy(evaluate("[[[1]]]"), 2)
    assert isolate.copy(copied[0][0]) == [1]


def test_a_list_in_itself_cannot_be_copied(isolate, identity):
    circle = []
    circle.append(circle)
    with pytest.raises(RecursionError, match="contain themselves"):
        isolate.call(identity, None, circle)


def test_subclasses_cross_as_what_they_are(isolate, identity):
    from collections import OrderedDict, namedtuple
    from enum import IntEnum

    number = IntEnum("number", [("one", 1)])
    pair = namedtuple("pair", "a b")
    value = [number.one, pair(1, 2), OrderedDict(x=1)]
    assert isolate.copy(isolate.call(identity, None, value)) == [1, [1, 2], {"x": 1}]


def test_a_date_that_python_does_not_have_stays_a_reference(isolate, evaluate):
    for source in ("new Date(NaN)", "new Date(8.64e15)"):
        assert isolate.call(evaluate("(d) => d instanceof Date"), None, evaluate(source)) is True
