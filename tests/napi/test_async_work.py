# SPDX-License-Identifier: Apache-2.0
"""Async work: a job on the pool, its completion on the loop."""

from __future__ import annotations

OPEN = "const addon = require(process.argv[2]);\n"


def test_many_jobs_complete(expect, addon):
    source = "Promise.all([1, 10, 100, 1000].map(addon.sum)).then((sums) => console.log(sums.join()));"
    expect(OPEN + source, addon("async-work"), prints=["1,55,5050,500500"])


def test_ticks_and_promise_jobs_follow_the_completion(expect, addon):
    source = """
    addon.run(() => {
      Promise.resolve().then(() => console.log('job'));
      process.nextTick(() => console.log('tick'));
      setImmediate(() => console.log('immediate'));
      console.log('complete');
    });
    console.log('queued');
    """
    expect(OPEN + source, addon("async-work"), prints=["queued", "complete", "tick", "job", "immediate"])


def test_what_the_completion_throws_is_uncaught(expect, addon):
    source = """
    process.on('uncaughtException', (e) => console.log('uncaught', e.message));
    addon.run(() => { throw new Error('thrown'); });
    """
    expect(OPEN + source, addon("async-work"), prints=["uncaught thrown"])


def test_queued_work_can_be_cancelled(expect, addon):
    source = "console.log(addon.cancel((status) => console.log('complete', status), 4));"
    expect(OPEN + source, addon("async-work"), prints=["0", "complete 11"])


def test_bad_calls_are_refused(expect, addon):
    source = "console.log(addon.refused().join());"
    expect(OPEN + source, addon("async-work"), prints=["1,1,1,1,1,1,1,0,0"])
