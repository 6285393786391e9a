# SPDX-License-Identifier: Apache-2.0
"""References, finalizers and handle scopes."""

from __future__ import annotations

OPEN = """
const addon = require(process.argv[2]);
const collect = () => new Promise((done) => {
  gc();
  setImmediate(() => setImmediate(done));
});
"""


def test_a_strong_reference_keeps_its_value(expect, addon):
    source = """
    addon.keep({name: 'kept'}, 1);
    collect().then(() => {
      console.log(addon.get().name, addon.ref(), addon.unref());
      addon.drop();
    });
    """
    expect(OPEN + source, addon("references"), prints=["kept 2 1"])


def test_a_weak_reference_lets_it_go(expect, addon):
    source = """
    (() => addon.keep({}, 0))();
    collect().then(() => { console.log(addon.get()); addon.drop(); });
    """
    expect(OPEN + source, addon("references"), prints=["gone"])


def test_a_reference_weakened_lets_it_go(expect, addon):
    source = """
    (() => { addon.keep({}, 1); console.log(addon.unref(), addon.unref()); })();
    collect().then(() => { console.log(addon.get()); addon.drop(); });
    """
    expect(OPEN + source, addon("references"), prints=["0 -9", "gone"])


def test_a_weak_reference_does_not_lose_a_living_value(expect, addon):
    source = """
    const alive = Object.freeze({});
    addon.keep(alive, 0);
    collect().then(() => { console.log(addon.get() === alive, addon.ref()); addon.drop(); });
    """
    expect(OPEN + source, addon("references"), prints=["true 1"])


def test_references_hold_primitives_too(expect, addon):
    source = (
        "for (const v of ['text', 5n, Symbol.iterator]) { addon.keep(v, 1); console.log(addon.get() === v); }"
    )
    expect(OPEN + source, addon("references"), prints=["true", "true", "true"])


def test_finalizers_run_once(expect, addon):
    source = """
    (() => {
      const twice = {};
      addon.watch({}, 1); addon.external(10); addon.watch(twice, 100); addon.watch(twice, 1000);
    })();
    const before = addon.count();
    collect().then(collect).then(() => console.log(before, addon.count()));
    """
    expect(OPEN + source, addon("references"), prints=["0 1111"])


def test_a_cycle_is_collected(expect, addon):
    source = """
    (() => { const a = {}; const b = {a}; a.b = b; addon.watch(a, 1); addon.watch(b, 2); })();
    collect().then(collect).then(() => console.log(addon.count()));
    """
    expect(OPEN + source, addon("references"), prints=["3"])


def test_what_is_alive_at_the_end_is_finalized_then(run, addon):
    source = "globalThis.alive = {}; addon.watch(alive, 1); console.log(addon.count());"
    outcome = run(OPEN + source, addon("references"))
    assert (outcome.lines, outcome.stderr, outcome.code) == (["0"], "", 0)


def test_handle_scopes_free(expect, addon):
    source = "addon.many(5000); collect().then(collect).then(() => console.log(addon.count()));"
    expect(OPEN + source, addon("references"), prints=["5000"])


def test_one_handle_escapes(expect, addon):
    expect(OPEN + "console.log(addon.escape().join());", addon("references"), prints=["escaped,12"])
