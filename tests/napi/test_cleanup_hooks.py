# SPDX-License-Identifier: Apache-2.0
"""What runs when an env ends, and in which order."""

from __future__ import annotations

import signal

OPEN = "const addon = require(process.argv[2]);\n"


def test_hooks_run_after_exit_newest_first(expect, addon):
    source = """
    ['one', 'two', 'three'].forEach(addon.add);
    process.on('exit', () => console.log('exit'));
    """
    expect(OPEN + source, addon("cleanup-hooks"), prints=["exit", "three", "two", "one"])


def test_a_removed_hook_does_not_run(expect, addon):
    expect(OPEN + "addon.add_and_remove(); addon.add('kept');", addon("cleanup-hooks"), prints=["kept"])


def test_hooks_of_all_addons_run_in_one_order(expect, addon):
    source = """
    const other = require(process.argv[3]);
    addon.add('one'); other.add('two'); addon.add('three');
    """
    paths = addon("cleanup-hooks"), addon("cleanup-hooks", "OTHER")
    expect(OPEN + source, *paths, prints=["three", "two", "one"])


def test_asynchronous_hooks_are_waited_for(expect, addon):
    source = "addon.add_async('first'); addon.add('between'); addon.add_async('second');"
    outcome = ["second starts", "between", "first starts", "first done", "second done"]
    expect(OPEN + source, addon("cleanup-hooks"), prints=outcome)


def test_a_removed_asynchronous_hook_does_not_run(expect, addon):
    expect(OPEN + "addon.add_and_remove_async(); addon.add('kept');", addon("cleanup-hooks"), prints=["kept"])


def test_finalizers_follow_the_hooks(expect, addon):
    source = "addon.own({}); addon.add('hook');"
    expect(OPEN + source, addon("cleanup-hooks"), prints=["hook", "wrap", "instance data"])


def test_finalizers_wait_for_asynchronous_hooks(expect, addon):
    source = "addon.own({}); addon.add_async('hook');"
    prints = ["hook starts", "hook done", "wrap", "instance data"]
    expect(OPEN + source, addon("cleanup-hooks"), prints=prints)


def test_the_same_hook_twice_aborts(run, addon):
    outcome = run(OPEN + "addon.add_twice();", addon("cleanup-hooks"))
    assert outcome.code == -signal.SIGABRT


def test_bad_calls_are_refused(expect, addon):
    expect(OPEN + "console.log(addon.refused().join());", addon("cleanup-hooks"), prints=["1,1,1,1,1"])
