# SPDX-License-Identifier: Apache-2.0
"""Handles whose scope is closed: as in Node they read as before until others take their places."""

OBJECT = "6"


def test_after_the_scope(addon, run):
    source = "const { stale } = require(process.argv[2]); for (let i = 0; i < 1000; i++) stale(); console.log(stale());"
    outcome = run(source, addon("stale-handles"))
    assert outcome.code == 0, outcome.stderr
    assert outcome.lines == [OBJECT]


def test_it_may_be_returned(addon, expect):
    source = "const { returned } = require(process.argv[2]); for (let i = 0; i < 1000; i++) returned(); console.log(returned());"
    expect(source, addon("stale-handles"), prints=["a text of a closed scope"])


def test_it_is_undefined_after_the_call(addon, expect):
    source = """
    const { remember, remembered } = require(process.argv[2]);
    remember();
    console.log(remembered());
    """
    expect(source, addon("stale-handles"), prints=["0"])


def test_a_scope_of_many_handles(addon, expect):
    source = "const { many } = require(process.argv[2]); many(); console.log(many());"
    expect(source, addon("stale-handles"), prints=["2000"])
