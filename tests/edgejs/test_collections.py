# SPDX-License-Identifier: Apache-2.0
"""JavaScript's collections behave as Python's."""

from collections.abc import MutableSequence

import pytest

import edgejs


@pytest.fixture
def js():
    with edgejs.Runtime() as runtime:
        yield runtime


def test_an_array_is_a_sequence(js):
    array = js.eval("globalThis.a = [1, 2, 3]; a")
    assert isinstance(array, MutableSequence)
    assert (len(array), array[0], array[-1], array[1:]) == (3, 1, 3, [2, 3])
    assert list(array) == [1, 2, 3]
    assert 2 in array and 5 not in array
    array.append(4)
    array.insert(0, 0)
    array[1:3] = ["x"]
    del array[-1]
    assert js.eval("JSON.stringify(a)") == '[0,"x",3]'


def test_an_index_out_of_range(js):
    with pytest.raises(IndexError, match="length 1"):
        _ = js.eval("[1]")[1]


def test_an_object_iterates_over_its_keys(js):
    value = js.eval("({ a: 1, b: 2 })")
    assert list(value) == ["a", "b"]
    assert "a" in value and "z" not in value
    del value["a"]
    del value.b
    assert list(value) == []


def test_map_and_set(js):
    mapping = js.eval("new Map([['k', 1]])")
    assert (len(mapping), "k" in mapping, [list(pair) for pair in mapping]) == (1, True, [["k", 1]])
    assert list(js.eval("new Set([1, 2])")) == [1, 2]


def test_a_generator_is_an_iterator(js):
    assert list(js.eval("(function* () { yield 1; yield 2 })()")) == [1, 2]


def test_equality_is_identity(js):
    one, same, other = js.eval("globalThis.x = {}; x"), js.eval("x"), js.eval("({})")
    assert one == same
    assert one != other
    assert hash(one) == hash(same)
    assert one is not same


def test_what_has_no_length(js):
    with pytest.raises(TypeError, match="no length"):
        len(js.eval("({})"))


def test_dir_and_keywords(js):
    value = js.eval("({ import: 1, plain: 2 })")
    assert {"import_", "plain"} <= set(dir(value))
    assert value.import_ == 1


def test_every_object_is_true(js):
    assert js.eval("[]")
    assert not edgejs.null
