# SPDX-License-Identifier: Apache-2.0
"""Modules that require each other."""

FILES = {
    "a.js": "exports.early = 1; const b = require('./b'); exports.seen = b.seen; exports.done = true;",
    "b.js": "const a = require('./a'); exports.seen = { ...a }; exports.missing = a.notThere;",
}


def test_half_done_exports_are_seen(tree, run_edgejs):
    tree(FILES)
    done = run_edgejs(
        "console.log(require('./a'), Object.getPrototypeOf(require('./a')) === Object.prototype)"
    )
    assert done.stdout == "{ early: 1, seen: { early: 1 }, done: true } true\n"


def test_reading_what_is_not_there_yet_warns(tree, run_edgejs):
    tree(FILES)
    warning = (
        "Warning: Accessing non-existent property 'notThere' of module exports inside circular dependency\n"
    )
    assert warning in run_edgejs("require('./a')").stderr
