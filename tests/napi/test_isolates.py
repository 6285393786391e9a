# SPDX-License-Identifier: Apache-2.0
"""One addon in several isolates of a process: each has an env of its own."""

from __future__ import annotations

import threading

import pytest

from edgejs.runtime import Runtime


@pytest.mark.parametrize("macro", ["SYMBOL_ONLY", "CONSTRUCTOR"])
def test_one_after_the_other(addon, macro):
    path = str(addon("registration", macro))
    seen = []
    for _ in range(3):
        with Runtime() as js:
            seen.append(js.require(path).loads)
    assert seen == [1, 2, 3]


def test_side_by_side(addon):
    path = str(addon("instance-data"))
    with Runtime() as one, Runtime() as two:
        first, second = one.require(path), two.require(path)
        first.set(1)
        second.set(2)
        assert (first.get(), second.get()) == (1, 2)


def test_in_threads(addon):
    path = str(addon("instance-data"))
    count = 4
    all_have_set = threading.Barrier(count, timeout=30)
    found = {}

    def use(number):
        with Runtime() as js:
            addon = js.require(path)
            addon.set(number)
            all_have_set.wait()
            found[number] = addon.get()

    threads = [threading.Thread(target=use, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: number for number in range(count)}


def test_hooks_run_when_a_runtime_closes(addon, capfd):
    path = str(addon("cleanup-hooks"))
    with Runtime() as js:
        hooks = js.require(path)
        hooks.add("one")
        hooks.add_async("two")
        assert capfd.readouterr().out == ""
    assert capfd.readouterr().out.splitlines() == ["two starts", "one", "two done"]
