# SPDX-License-Identifier: Apache-2.0
"""Native functions called from JavaScript, and the other way."""

from __future__ import annotations

OPEN = "'use strict'; const addon = require(process.argv[2]);\n"


def test_a_native_function_sees_how_it_is_called(expect, addon):
    source = """
    const f = addon.make('named');
    console.log(f.name, f.length, typeof f);
    const self = {};
    const names = new Map([[self, 'self'], [globalThis, 'global']]);
    const show = ([argc, missing, that, isNew, data]) =>
      console.log(argc, missing, names.get(that) ?? 'made', isNew, data);
    show(f.call(self));
    show(f.call(self, 1, 2, 3, 4, 5));
    show(f(1, 2));
    show(new f());
    """
    prints = [
        "named 0 function",
        "0 true self false true",
        "5 false self false true",
        "2 true global false true",
        "0 true made true true",
    ]
    expect(OPEN + source, addon("functions"), prints=prints)


def test_nothing_returned_is_undefined(expect, addon):
    expect(OPEN + "console.log(addon.nothing());", addon("functions"), prints=["undefined"])


def test_calling_javascript(expect, addon):
    source = """
    console.log(addon.call(function (a, b) { return this.base + a + b; }, {base: 1}, 2, 3));
    console.log(addon.call({}, {}, 1));
    try { addon.call(() => { throw new RangeError('mine'); }, null); } catch (e) { console.log(e.message); }
    """
    expect(OPEN + source, addon("functions"), prints=["6", "1", "mine"])


def test_constructing(expect, addon):
    source = """
    class A { constructor(x) { this.x = x; } }
    const a = addon.construct(A, 7);
    console.log(a instanceof A, a.x);
    try { addon.construct(() => {}, 1); } catch (e) { console.log(e.name); }
    """
    expect(OPEN + source, addon("functions"), prints=["true 7", "TypeError"])


def test_scripts_run_in_the_global_scope(expect, addon):
    source = """
    console.log(addon.run('var fromScript = 6; fromScript * 7'), globalThis.fromScript);
    try { addon.run('throw new Error("inside")'); } catch (e) { console.log(e.message); }
    try { addon.run('1 +'); } catch (e) { console.log(e.name); }
    """
    expect(OPEN + source, addon("functions"), prints=["42 6", "inside", "SyntaxError"])


def test_deep_recursion_through_natives(expect, addon):
    source = """
    console.log(addon.deep(100, (n, f) => addon.deep(n, f)));
    try { (function f() { addon.call(f, null); })(); } catch (e) { console.log(e instanceof RangeError); }
    """
    expect(OPEN + source, addon("functions"), prints=["bottom", "true"])
