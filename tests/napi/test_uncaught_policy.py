# SPDX-License-Identifier: Apache-2.0
"""Exceptions out of thread-safe functions: a warning for addons of a version below 10, unless forced."""

from __future__ import annotations

SOURCE = """
const addon = require(process.argv[2]);
process.on('uncaughtException', (e) => console.log('uncaught', e.message));
process.on('warning', (w) => console.log(w.name, w.code));
addon.create((value) => { throw new Error(`thrown ${value}`); }, {});
addon.call(1);
addon.call(2);
addon.release();
"""
FORCE = "--force-node-api-uncaught-exceptions-policy"


def test_old_addons_get_a_warning(run, addon):
    outcome = run(SOURCE, addon("threadsafe-function", "NAPI_VERSION=9"))
    warning = "DeprecationWarning DEP0168"
    assert outcome.lines == [warning, warning, "finalized"]
    assert "Uncaught Node-API callback exception detected" in outcome.stderr


def test_the_policy_can_be_forced(run, addon):
    outcome = run(SOURCE, addon("threadsafe-function", "NAPI_VERSION=9"), flags=(FORCE,))
    assert outcome.lines == ["uncaught thrown 1", "uncaught thrown 2", "finalized"]


def test_new_addons_have_the_policy(run, addon):
    outcome = run(SOURCE, addon("threadsafe-function", "NAPI_VERSION=10"))
    assert outcome.lines == ["uncaught thrown 1", "uncaught thrown 2", "finalized"]
