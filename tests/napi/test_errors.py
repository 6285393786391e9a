# SPDX-License-Identifier: Apache-2.0
"""Errors thrown, made, caught and passed on by natives."""

from __future__ import annotations

import signal

OPEN = "const addon = require(process.argv[2]);\n"


def test_throwing_each_class(expect, addon):
    source = """
    for (const kind of ['Error', 'TypeError', 'RangeError', 'SyntaxError', 'none']) {
      try { addon.raise(kind); } catch (e) {
        const [header] = e.stack.split('\\n');
        console.log(e.name, e.code, e.message, e instanceof Error, header, Object.keys(e).join());
      }
    }
    """
    prints = [
        *(f"{name} ERR_X message true {name}: message code" for name in ("Error", "TypeError", "RangeError")),
        "SyntaxError ERR_X message true SyntaxError: message code",
        "Error undefined message true Error: message ",
    ]
    expect(OPEN + source, addon("errors"), prints=prints)


def test_any_value_can_be_thrown(expect, addon):
    source = (
        "for (const v of [1, 'text', null]) try { addon.raise_value(v); } catch (e) { console.log(e === v); }"
    )
    expect(OPEN + source, addon("errors"), prints=["true", "true", "true"])


def test_making_errors(expect, addon):
    source = """
    console.log(addon.make('ERR_Y', 'm').map((e) => `${e.name} ${e.code} ${e.message}`).join());
    console.log(addon.make(null, 'm').map((e) => 'code' in e).join());
    try { addon.make('c', 5); } catch (e) { console.log(e.message.replace(/.*gave/, 'gave')); }
    console.log(addon.is_error(new TypeError()), addon.is_error({message: 'm'}));
    """
    prints = [
        "Error ERR_Y m,TypeError ERR_Y m,RangeError ERR_Y m,SyntaxError ERR_Y m",
        "false,false,false,false",
        "gave status 3",
        "true false",
    ]
    expect(OPEN + source, addon("errors"), prints=prints)


def test_a_native_can_catch(expect, addon):
    source = """
    let calls = 0;
    const [status, meanwhile, pending, error, after, nothing] =
      addon.catching(() => { calls++; throw new Error('mine'); });
    console.log(status, meanwhile, pending, error.message, after, nothing, calls);
    """
    expect(OPEN + source, addon("errors"), prints=["10 10 true mine false undefined 1"])


def test_what_is_not_caught_passes_through(expect, addon):
    source = """
    const mine = new Error('mine');
    try { addon.passing(() => { throw mine; }); } catch (e) { console.log(e === mine); }
    console.log(addon.passing(() => 5));
    """
    expect(OPEN + source, addon("errors"), prints=["true", "5"])


def test_the_last_error_has_nodes_words(expect, addon):
    prints = ["6 A number was expected", "3 A string was expected", "1 Invalid argument", "0 none"]
    expect(OPEN + "console.log(addon.last('text').join('\\n'));", addon("errors"), prints=prints)


def test_a_fatal_error_aborts(run, addon):
    outcome = run(OPEN + "addon.fatal();", addon("errors"))
    assert outcome.code == -signal.SIGABRT
    assert "FATAL ERROR: errors::fatal message" in outcome.stderr.splitlines()


def test_a_fatal_exception_is_uncaught(expect, addon):
    source = """
    process.on('uncaughtException', (e) => console.log('uncaught', e.message));
    console.log(addon.uncaught(new Error('mine')));
    """
    expect(OPEN + source, addon("errors"), prints=["uncaught mine", "went on"])


def test_an_unhandled_fatal_exception_ends_the_program(run, addon):
    outcome = run(OPEN + "addon.uncaught(new Error('mine')); console.log('not reached');", addon("errors"))
    assert (outcome.code, outcome.lines) == (1, [])
    assert "Error: mine" in outcome.stderr
