# SPDX-License-Identifier: Apache-2.0
"""Calls into JavaScript as macrotasks: napi_make_callback and callback scopes."""

from __future__ import annotations

import pytest

OPEN = "const addon = require(process.argv[2]);\n"


def test_the_callback_has_receiver_and_argument(expect, addon):
    source = "console.log(addon.callback(function (x) { return this.base + x; }, {base: 1}, 2));"
    expect(OPEN + source, addon("asynchrony"), prints=["3"])


def test_what_it_throws_comes_out(expect, addon):
    source = """
    try { addon.callback(() => { throw new Error('mine'); }, {}, 1); } catch (e) { console.log(e.message); }
    try { addon.callback({}, {}, 1); } catch (e) { console.log(e.message); }
    """
    expect(OPEN + source, addon("asynchrony"), prints=["mine", "napi_make_callback gave status 1"])


def test_inside_javascript_ticks_wait(expect, addon):
    source = """
    addon.callback(() => { process.nextTick(() => console.log('tick')); }, {}, 1);
    console.log('sync');
    """
    expect(OPEN + source, addon("asynchrony"), prints=["sync", "tick"])


@pytest.mark.parametrize(
    "in_scope, prints",
    [
        ("false", ["call 1", "tick", "job", "call 2", "tick", "job"]),
        ("true", ["call 1", "call 2", "tick", "tick", "job", "job"]),
    ],
    ids=["two-callbacks", "one-scope"],
)
def test_from_the_loop_the_outermost_scope_runs_them(expect, addon, in_scope, prints):
    source = f"""
    let calls = 0;
    addon.later(() => {{
      console.log('call', ++calls);
      process.nextTick(() => console.log('tick'));
      Promise.resolve().then(() => console.log('job'));
    }}, {in_scope});
    """
    expect(OPEN + source, addon("asynchrony"), prints=prints)


def test_closing_what_is_not_open_is_a_mismatch(expect, addon):
    expect(OPEN + "console.log(addon.mismatch());", addon("asynchrony"), prints=["14"])
