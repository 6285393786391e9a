# SPDX-License-Identifier: Apache-2.0
"""JavaScript's collections behave as Python's."""

from collections.abc import MutableMapping, MutableSequence, MutableSet

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


def test_a_map_is_a_mapping(js):
    mapping = js.eval("globalThis.m = new Map([['k', 1], [2, 'two']]); m")
    assert isinstance(mapping, MutableMapping)
    assert (len(mapping), "k" in mapping, "z" in mapping, mapping["k"]) == (2, True, False, 1)
    assert dict(mapping) == {"k": 1, 2: "two"}
    mapping["new"] = [3]
    del mapping[2]
    assert js.eval("JSON.stringify([...m])") == '[["k",1],["new",[3]]]'
    with pytest.raises(KeyError):
        _ = mapping["z"]
    assert mapping.get("z") is None and mapping.size == 2


def test_a_set_is_a_set(js):
    members = js.eval("globalThis.s = new Set([1, 2]); s")
    assert isinstance(members, MutableSet)
    assert sorted(members) == [1, 2] and 2 in members
    members.add(3)
    members.discard(1)
    assert members | {9} == {2, 3, 9}
    assert js.eval("[...s].join()") == "2,3"


def test_methods_of_a_list_work_on_an_array(js):
    array = js.eval("globalThis.a = [3, 1, 2]; a")
    array.extend([5, 5])
    assert (array.index(1), array.count(5), array.pop(), array.pop(0)) == (1, 2, 5, 3)
    array.remove(1)
    assert array.map(lambda n, *rest: n + 1).to_py() == [3, 6]
    array.clear()
    assert js.eval("a.length") == 0


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
