# SPDX-License-Identifier: Apache-2.0
"""Classes defined by natives, and native data wrapped into objects."""

from __future__ import annotations

OPEN = "const addon = require(process.argv[2]); const {Counter} = addon;\n"


def test_instances_have_methods_and_accessors(expect, addon):
    source = """
    const c = new Counter(5);
    console.log(c.increment(), c.value, c instanceof Counter, c.constructor === Counter, Counter.name);
    c.value = 10;
    console.log(c.increment(), Object.keys(c).length, Object.keys(Counter).join());
    console.log(Counter.KIND, Counter.alive());
    """
    expect(OPEN + source, addon("classes"), prints=["6 6 true true Counter", "11 0 KIND", "counter 1"])


def test_members_are_where_a_class_has_them(expect, addon):
    source = """
    const d = Object.getOwnPropertyDescriptor(Counter.prototype, 'value');
    const m = Object.getOwnPropertyDescriptor(Counter.prototype, 'increment');
    console.log(typeof d.get, typeof d.set, d.enumerable, typeof m.value, m.enumerable, m.writable);
    """
    expect(OPEN + source, addon("classes"), prints=["function function true function false true"])


def test_a_javascript_class_can_extend_it(expect, addon):
    source = """
    class Named extends Counter {
      constructor(name) { super(100); this.name = name; }
      increment() { return super.increment() * 2; }
    }
    const n = new Named('n');
    console.log(n.increment(), n.value, n.name, n instanceof Counter, Named.__proto__ === Counter);
    """
    expect(OPEN + source, addon("classes"), prints=["202 101 n true true"])


def test_what_the_constructor_throws_comes_out(expect, addon):
    source = """
    try { new Counter('x'); } catch (e) { console.log(e.message); }
    try { Counter(1); } catch (e) { console.log(e.message); }
    console.log(Counter.alive());
    """
    expect(OPEN + source, addon("classes"), prints=["start must be a number", "Counter needs new", "0"])


def test_a_method_refuses_other_receivers(expect, addon):
    source = """
    for (const other of [{}, 5, Object.create(Counter.prototype)]) {
      try { Counter.prototype.increment.call(other); } catch (e) { console.log(e.name, e.message); }
    }
    """
    line = "TypeError Illegal invocation"
    expect(OPEN + source, addon("classes"), prints=[line, line, line])


def test_native_data_dies_with_its_object(expect, addon):
    source = """
    (() => { for (let i = 0; i < 1000; i++) new Counter(i); })();
    globalThis.gc?.();
    setImmediate(() => setImmediate(() => console.log(Counter.alive())));
    """
    expect(OPEN + source, addon("classes"), prints=["0"])


def test_any_object_can_be_wrapped_once(expect, addon):
    source = """
    for (const o of [{}, Object.freeze({}), [], () => {}]) console.log(addon.wrap(o).join());
    """
    line = "0,1,0,1,0,1,1"
    expect(OPEN + source, addon("classes"), prints=[line, line, line, line])
