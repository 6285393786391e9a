# SPDX-License-Identifier: Apache-2.0
"""Addons for the V8 API are refused with an error that says what they are."""

from __future__ import annotations

import json

import pytest

ADVICE = (
    "This addon is built for the V8 API of Node.js and not for Node-API, so it can only be loaded by "
    "Node.js itself. Look for a release of the package, or another package, that is built on Node-API: "
    "one that uses node_api.h, node-addon-api, napi-rs or neon."
)
SOURCE = "try { require(process.argv[2]); } catch (e) { console.log(JSON.stringify([e.code, e.message])); }"


@pytest.mark.parametrize("macros", [(), ("CONSTRUCTOR",)])
def test_by_how_it_registers(run, addon, macros):
    path = addon("v8-addon", *macros)
    outcome = run(SOURCE, path)
    assert json.loads(outcome.lines[0]) == ["ERR_DLOPEN_FAILED", f"{path}: {ADVICE}"]


def test_by_what_it_imports(run, addon):
    path = addon("v8-addon", "IMPORTS")
    outcome = run(SOURCE, path)
    missing = f"{path}: undefined symbol: _ZN2v87Isolate10GetCurrentEv"
    assert json.loads(outcome.lines[0]) == ["ERR_DLOPEN_FAILED", f"{missing}\n{ADVICE}"]
