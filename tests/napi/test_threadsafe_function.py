# SPDX-License-Identifier: Apache-2.0
"""Thread-safe functions: calls into JavaScript from any thread."""

from __future__ import annotations

import pytest

OPEN = "const addon = require(process.argv[2]);\n"


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_all_calls_of_all_threads_arrive_in_order(expect, addon, limit):
    source = f"""
    const last = [-1, -1, -1, -1];
    let count = 0;
    let ordered = true;
    addon.create((value) => {{
      const thread = Math.floor(value / 3000);
      ordered &&= value % 3000 === ++last[thread];
      count++;
    }}, {{limit: {limit}, threads: 4}});
    addon.send(4, 3000);
    process.on('exit', () => console.log(count, ordered, addon.counts().join()));
    """
    expect(OPEN + source, addon("threadsafe-function"), prints=["finalized", "12000 true 0,1"])


def test_a_full_queue_refuses_without_blocking(expect, addon):
    source = """
    addon.create((value) => console.log('called', value), {limit: 2});
    console.log(addon.call(1), addon.call(2), addon.call(3), addon.release());
    """
    prints = ["0 0 15 0", "called 1", "called 2", "finalized"]
    expect(OPEN + source, addon("threadsafe-function"), prints=prints)


def test_abort_drops_the_queue_and_wakes_those_who_wait(expect, addon):
    source = """
    let calls = 0;
    addon.create(() => {
      if (++calls > 1) return;
      addon.stop();
      console.log('told', addon.join());
    }, {limit: 1, threads: 5});
    addon.send(4, 1000);
    process.on('exit', () => console.log(calls, addon.counts()[0] <= 1));
    """
    expect(OPEN + source, addon("threadsafe-function"), prints=["told 4", "finalized", "1 true"])


def test_after_the_end_calls_are_answered(expect, addon):
    source = """
    addon.create(() => {}, {threads: 3});
    console.log(addon.stop());
    setImmediate(() => setImmediate(() => {
      console.log(addon.acquire(), addon.call(1), addon.counts().join());
    }));
    """
    expect(OPEN + source, addon("threadsafe-function"), prints=["0", "finalized", "16 16 0,1"])


def test_unreferenced_it_lets_the_loop_end(expect, addon):
    source = "addon.create(() => {}, {}); console.log(addon.unref());"
    expect(OPEN + source, addon("threadsafe-function"), prints=["0", "finalized"])


def test_referenced_again_it_keeps_the_loop(expect, addon):
    source = """
    addon.create((value) => { console.log(value); addon.release(); }, {threads: 2});
    console.log(addon.unref(), addon.ref());
    addon.send(1, 1);
    """
    expect(OPEN + source, addon("threadsafe-function"), prints=["0 0", "0", "finalized"])


def test_acquire_counts_a_thread_more(expect, addon):
    source = """
    addon.create((value) => console.log(value), {});
    console.log(addon.acquire(), addon.release(), addon.call(7), addon.release());
    """
    expect(OPEN + source, addon("threadsafe-function"), prints=["0 0 0 0", "7", "finalized"])


def test_without_call_js_the_function_gets_no_arguments(expect, addon):
    source = """
    addon.create(function (...args) { console.log(args.length, this === undefined); }, {plain: 1});
    console.log(addon.call(1), addon.release(), addon.context());
    """
    path = addon("threadsafe-function")
    expect("'use strict';" + OPEN + source, path, prints=["0 0 true", "0 true", "finalized"])


def test_each_call_is_a_macrotask(expect, addon):
    source = """
    addon.create((value) => {
      console.log('call', value);
      Promise.resolve().then(() => console.log('job', value));
      process.nextTick(() => console.log('tick', value));
    }, {});
    addon.call(1);
    addon.call(2);
    addon.release();
    """
    prints = ["call 1", "tick 1", "job 1", "call 2", "tick 2", "job 2", "finalized"]
    expect(OPEN + source, addon("threadsafe-function"), prints=prints)


def test_the_loop_turns_between_many_calls(expect, addon):
    source = """
    let calls = 0;
    let turned = 0;
    addon.create(() => { if (++calls === 1) setImmediate(() => { turned = calls; }); }, {});
    for (let i = 0; i < 5000; i++) addon.call(i);
    addon.release();
    process.on('exit', () => console.log(calls, turned > 0 && turned < 5000));
    """
    expect(OPEN + source, addon("threadsafe-function"), prints=["finalized", "5000 true"])


def test_bad_calls_are_refused(expect, addon):
    source = "console.log(addon.refused(() => {}).join());"
    expect(OPEN + source, addon("threadsafe-function"), prints=["1,1,1,1,1"])
