# SPDX-License-Identifier: Apache-2.0
"""Objects and their properties."""

from __future__ import annotations

OPEN = "const addon = require(process.argv[2]);\n"


def test_descriptors_set_the_attributes(expect, addon):
    source = """
    const key = Symbol('key');
    const o = addon.define({}, key);
    for (const k of Reflect.ownKeys(o)) {
      const d = Object.getOwnPropertyDescriptor(o, k);
      console.log(String(k), d.writable, d.enumerable, d.configurable, typeof d.get, typeof d.value);
    }
    o.x = 5;
    console.log(o.x, o.method(), o._x);
    """
    prints = [
        "fixed false false false undefined number",
        "free true true true undefined number",
        "x undefined true false function undefined",
        "method true false true undefined function",
        "Symbol(key) false false true undefined number",
        "5 5 5",
    ]
    expect(OPEN + source, addon("objects"), prints=prints)


def test_a_property_can_be_probed(expect, addon):
    source = """
    console.log(addon.probe({a: 1}, 'a').join());
    console.log(addon.probe(Object.create({a: 1}), 'a').join());
    console.log(addon.probe(Object.freeze({a: 1}), 'a').join());
    """
    prints = ["true,true,1,true,false", "true,false,1,true,true", "true,true,1,false,true"]
    expect(OPEN + source, addon("objects"), prints=prints)


def test_what_a_getter_or_trap_throws_comes_out(expect, addon):
    source = """
    const thrower = new Proxy({}, {has() { throw new Error('has'); }});
    try { addon.probe(thrower, 'a'); } catch (e) { console.log(e.message); }
    try { addon.probe({get a() { throw new Error('get'); }}, 'a'); } catch (e) { console.log(e.message); }
    """
    expect(OPEN + source, addon("objects"), prints=["has", "get"])


def test_names_are_those_of_for_in(expect, addon):
    source = """
    const o = Object.create({inherited: 1}, {hidden: {value: 1}});
    o[Symbol('s')] = 1; o.b = 1; o[1] = 1; o.a = 1;
    console.log(JSON.stringify(addon.names(o)));
    """
    expect(OPEN + source, addon("objects"), prints=['["1","b","a","inherited"]'])


def test_all_names_can_be_filtered(expect, addon):
    source = """
    const s = Symbol('s');
    const o = Object.create({inherited: 1}, {hidden: {value: 1}, [s]: {value: 1, enumerable: true}});
    o.a = 1; o[1] = 1;
    const name = (key) => `${typeof key}:${String(key)}`;
    const show = (...args) => console.log(addon.all_names(o, ...args).map(name).join());
    const OWN = 1; const ENUMERABLE = 2; const WRITABLE = 1; const NO_STRINGS = 8; const NO_SYMBOLS = 16;
    show(OWN, 0, 0);
    show(OWN, ENUMERABLE | NO_SYMBOLS, 1);
    show(OWN, NO_STRINGS, 0);
    show(OWN, WRITABLE, 0);
    show(0, ENUMERABLE | NO_SYMBOLS, 1);
    """
    prints = [
        "number:1,string:hidden,string:a,symbol:Symbol(s)",
        "string:1,string:a",
        "symbol:Symbol(s)",
        "number:1,string:a",
        "string:1,string:a,string:inherited",
    ]
    expect(OPEN + source, addon("objects"), prints=prints)


def test_freeze_and_seal(expect, addon):
    source = """
    console.log(Object.isFrozen(addon.freeze({a: 1})), Object.isFrozen(addon.seal({a: 1})),
                Object.isSealed(addon.seal({a: 1})));
    """
    expect(OPEN + source, addon("objects"), prints=["true false true"])


def test_the_prototype(expect, addon):
    source = """
    console.log(addon.prototype([]) === Array.prototype, addon.prototype(Object.create(null)));
    """
    expect(OPEN + source, addon("objects"), prints=["true null"])


def test_arrays(expect, addon):
    source = "const a = addon.array(); console.log(JSON.stringify(a), 3 in a, Array.isArray(a));"
    expect(OPEN + source, addon("objects"), prints=["[5,true,20,null,null] false true"])


def test_a_tag_is_given_once(expect, addon):
    source = """
    for (const o of [{}, Object.freeze({}), new Proxy({}, {}), () => {}]) {
      const keys = Reflect.ownKeys(o).length;
      console.log(addon.has_tag(o, 0), addon.tag(o, 0), addon.tag(o, 1));
      console.log(addon.has_tag(o, 0), addon.has_tag(o, 1), Reflect.ownKeys(o).length - keys);
    }
    """
    expect(OPEN + source, addon("objects"), prints=["false 0 1", "true false 0"] * 4)


def test_instanceof_obeys_hasinstance(expect, addon):
    source = """
    class Even { static [Symbol.hasInstance](n) { return n % 2 === 0; } }
    console.log(addon.instance([], Array), addon.instance({}, Array), addon.instance(4, Even));
    try { addon.instance({}, {}); } catch (e) { console.log(e.name, e.code, e.message); }
    """
    prints = ["true false true", "TypeError ERR_NAPI_CONS_FUNCTION Constructor must be a function"]
    expect(OPEN + source, addon("objects"), prints=prints)
