# SPDX-License-Identifier: Apache-2.0
"""Primitive values there and back."""

from __future__ import annotations

OPEN = "const addon = require(process.argv[2]);\n"


def test_typeof_tells_all_ten_types(expect, addon):
    source = """
    const all = [undefined, null, true, 1, 's', Symbol('s'), {}, () => {}, addon.external(), 1n, [], /r/];
    console.log(all.map(addon.type).join());
    """
    names = "undefined,null,boolean,number,string,symbol,object,function,external,bigint,object,object"
    expect(OPEN + source, addon("values"), prints=[names])


def test_an_external_carries_its_pointer(expect, addon):
    source = (
        "const e = addon.external(); console.log(addon.is_that_external(e), typeof e, Object.keys(e).length);"
    )
    expect(OPEN + source, addon("values"), prints=["true object 0"])


def test_numbers_wrap_and_saturate_as_in_node(expect, addon):
    source = """
    for (const n of [1.9, -1.9, 2 ** 32 + 5, -1, 2 ** 53, 1e300, -1e300, NaN, Infinity, -Infinity]) {
      console.log(addon.numbers(n));
    }
    """
    prints = [
        "1 1 1 1.9",
        "-1 4294967295 -1 -1.9",
        "5 5 4294967301 4.29497e+09",
        "-1 4294967295 -1 -1",
        "0 0 9007199254740992 9.0072e+15",
        "0 0 9223372036854775807 1e+300",
        "0 0 -9223372036854775808 -1e+300",
        "0 0 0 nan",
        "0 0 0 inf",
        "0 0 0 -inf",
    ]
    expect(OPEN + source, addon("values"), prints=prints)


def test_numbers_are_made_exactly(expect, addon):
    source = "const [a, b, c, d] = addon.limits(); console.log(a, b, c, Object.is(d, -0));"
    expect(OPEN + source, addon("values"), prints=["-2147483648 4294967295 9007199254740992 true"])


def test_strings_keep_their_text(expect, addon):
    source = "console.log(JSON.stringify(addon.strings('aé€😀z', 64)));"
    expect(OPEN + source, addon("values"), prints=['["aé€😀z","aé¬=\\u0000z","aé€😀z",11,6,6]'])


def test_short_memory_truncates_between_characters(expect, addon):
    source = "console.log(JSON.stringify(addon.strings('aé€😀z', 5)));"
    expect(OPEN + source, addon("values"), prints=['["aé","aé¬=","aé€\\ud83d",11,6,6]'])


def test_broken_utf8_becomes_replacement_characters(expect, addon):
    expect(OPEN + "console.log(addon.broken_utf8());", addon("values"), prints=["a\ufffd\ufffdz\ufffd"])


def test_lone_surrogates_survive_utf16(expect, addon):
    source = "console.log(JSON.stringify(addon.strings('\\ud800x', 64).slice(0, 4)));"
    expect(OPEN + source, addon("values"), prints=['["�x","\\u0000x","\\ud800x",4]'])


def test_bigints_say_what_they_lose(expect, addon):
    source = """
    for (const n of [0n, -1n, 2n ** 63n, -(2n ** 63n), 2n ** 64n, -(2n ** 100n)]) {
      console.log(addon.bigints(n).join(' '));
    }
    """
    prints = [
        "0 1 0 1 0 0 0 0 0",
        "-1 1 18446744073709551615 0 1 1 -1 -1 18446744073709551615",
        "-9223372036854775808 0 9223372036854775808 1 0 1 9223372036854775808 "
        "-9223372036854775808 9223372036854775808",
        "-9223372036854775808 1 9223372036854775808 0 1 1 -9223372036854775808 "
        "-9223372036854775808 9223372036854775808",
        "0 0 0 0 0 2 18446744073709551616 0 0",
        "0 0 0 0 1 2 -1267650600228229401496703205376 0 0",
    ]
    expect(OPEN + source, addon("values"), prints=prints)


def test_coercion_is_that_of_javascript(expect, addon):
    source = """
    console.log(JSON.stringify(addon.coerce('12')), typeof addon.coerce('12')[3]);
    try { addon.coerce(Symbol('s')); } catch (e) { console.log(e.constructor.name); }
    try { addon.coerce({valueOf() { throw new RangeError('mine'); }}); } catch (e) { console.log(e.message); }
    """
    expect(OPEN + source, addon("values"), prints=['[true,12,"12","12"] object', "TypeError", "mine"])


def test_symbols_are_fresh_or_shared(expect, addon):
    source = """
    const [fresh, shared] = addon.symbols('text');
    console.log(fresh.toString(), fresh === Symbol.for('text'), shared === Symbol.for('shared'));
    """
    expect(OPEN + source, addon("values"), prints=["Symbol(text) false true"])


def test_dates(expect, addon):
    source = (
        "const [d, ms, is] = addon.date(86400000); console.log(d.toISOString(), ms, is, d instanceof Date);"
    )
    expect(OPEN + source, addon("values"), prints=["1970-01-02T00:00:00.000Z 86400000 true true"])


def test_wrong_types_give_their_status(expect, addon):
    expect(
        OPEN + "console.log(addon.wrong({}).join(), addon.wrong(undefined).join());",
        addon("values"),
        prints=["6,6,6,6,7,1,3,18,8,17,1,1,1 6,6,6,6,7,1,3,18,8,17,1,1,1"],
    )
