# SPDX-License-Identifier: Apache-2.0
"""The ways in which an addon registers itself."""

from __future__ import annotations

from urllib.parse import quote

import pytest

REPORT = """
const addon = require(process.argv[2]);
console.log(JSON.stringify({...addon, loads: addon.loads, url: addon.url === expected()}));
function expected() { return process.argv[3]; }
"""


def url(path):
    return "file://" + quote(str(path))


VERSIONS = ["API_VERSION=3", "API_VERSION=10", "API_VERSION=NAPI_VERSION_EXPERIMENTAL"]


@pytest.mark.parametrize("macro", ["SYMBOL_ONLY", "CONSTRUCTOR", *VERSIONS])
def test_every_way_loads(expect, addon, macro):
    path = addon("registration", macro)
    expect(REPORT, path, url(path), prints=['{"url":true,"napi":10,"loads":1}'])


@pytest.mark.parametrize("macros", [(), ("CONSTRUCTOR",)])
def test_a_second_load_runs_the_entry_again(expect, addon, macros):
    source = """
    const path = process.argv[2];
    const first = require(path);
    delete require.cache[require.resolve(path)];
    const second = require(path);
    console.log(first === second, first.loads, second.loads);
    """
    expect(source, addon("registration", *macros), prints=["false 1 2"])


def test_what_the_entry_returns_is_exported(expect, addon):
    source = """
    const [made, nothing, filled] = process.argv.slice(2).map(require);
    console.log(made(), nothing, filled.loads);
    """
    macros = "RETURNS_FUNCTION", "RETURNS_UNDEFINED", "RETURNS_NULL"
    paths = [addon("registration", macro) for macro in macros]
    expect(source, *paths, prints=["42 undefined 1"])


def test_what_the_entry_throws_reaches_require(expect, addon):
    source = """
    try { require(process.argv[2]); } catch (e) { console.log(e instanceof RangeError, e.code, e.message); }
    """
    expect(source, addon("registration", "THROWS"), prints=["true ERR_MINE not today"])


def test_a_registration_without_an_entry_is_an_error(expect, addon):
    source = "try { require(process.argv[2]); } catch (e) { console.log(e.message); }"
    path = addon("registration", "CONSTRUCTOR", "NO_ENTRY")
    expect(source, path, prints=["Module has no declared entry point."])


def test_two_addons_do_not_share(expect, addon):
    source = "const [a, b] = process.argv.slice(2).map(require); console.log(a === b, a.url === b.url);"
    expect(source, addon("registration"), addon("registration", "CONSTRUCTOR"), prints=["false false"])
