# SPDX-License-Identifier: Apache-2.0
"""Properties named by C strings: what counts is the text, wherever it lies."""

from __future__ import annotations

OPEN = "const {set, get} = require(process.argv[2]);\n"


def test_another_text_at_the_same_address(expect, addon):
    source = """
    const o = {};
    for (const name of ['a', 'b', 'a', '', '7', 'é', '\\u{1F600}', 'x'.repeat(31), 'x'.repeat(32)])
      set(o, name, `${o[name]},${name}`);
    console.log(JSON.stringify(o));
    console.log(['a', 'b', '7', 'é', 'x'.repeat(32), 'absent'].map((name) => get(o, name)).join());
    """
    long = "x" * 31
    prints = [
        f'{{"7":"undefined,7","a":"undefined,a,a","b":"undefined,b","":"undefined,","é":"undefined,é",'
        f'"\U0001f600":"undefined,\U0001f600","{long}":"undefined,{long}","{long}x":"undefined,{long}x"}}',
        f"undefined,a,a,undefined,b,undefined,7,undefined,é,undefined,{long}x,",
    ]
    expect(OPEN + source, addon("property-names"), prints=prints)


def test_a_setter_that_names_another_property(expect, addon):
    source = """
    const o = { set outer(value) { set(this, 'inner', value); }, get both() { return get(this, 'inner') + 1; } };
    set(o, 'outer', 1);
    set(o, 'outer', 2);
    console.log(o.inner, get(o, 'both'), get(o, 'both'));
    """
    expect(OPEN + source, addon("property-names"), prints=["2 3 3"])


def test_assignment_is_sloppy(expect, addon):
    source = """
    const o = Object.freeze({ a: 1 });
    set(o, 'a', 2);
    set(o, 'b', 2);
    console.log(JSON.stringify(o));
    """
    expect(OPEN + source, addon("property-names"), prints=['{"a":1}'])
