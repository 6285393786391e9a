# SPDX-License-Identifier: Apache-2.0
"""process.dlopen: its arguments and flags."""

from __future__ import annotations

CAUGHT = """
function caught(...args) {
  try { process.dlopen(...args); return 'loaded'; } catch (e) { return `${e.name} ${e.code} ${e.message}`; }
}
const path = process.argv[2];
"""


def test_it_fills_the_module(expect, addon):
    source = """
    const m = {exports: {}};
    process.dlopen(m, process.argv[2]);
    console.log(m.exports.napi, m.exports.url);
    """
    expect(source, addon("registration"), prints=["10 "])


def test_the_url_is_that_of_the_module(expect, addon):
    source = """
    const m = {exports: {}, filename: '/a b/[é]/%#?{}^.node'};
    process.dlopen(m, process.argv[2]);
    console.log(m.exports.url);
    """
    expect(source, addon("registration"), prints=["file:///a%20b/[%C3%A9]/%25%23%3F%7B%7D%5E.node"])


def test_two_arguments_are_needed(expect, addon):
    source = CAUGHT + "console.log(caught()); console.log(caught({exports: {}}));"
    line = "TypeError ERR_MISSING_ARGS process.dlopen needs at least 2 arguments"
    expect(source, addon("registration"), prints=[line, line])


def test_flags_are_those_of_the_linker(expect, addon):
    source = (
        CAUGHT
        + """
    const {RTLD_NOW, RTLD_LAZY} = require('os').constants.dlopen;
    const at = (flags) => caught({exports: {}}, path, flags).replace(path, 'PATH');
    console.log([RTLD_NOW, RTLD_LAZY, 0, 'x'].map(at).join('\\n'));
    """
    )
    invalid = "Error ERR_DLOPEN_FAILED PATH: invalid mode for dlopen(): Invalid argument"
    expect(source, addon("registration"), prints=["loaded", "loaded", invalid, invalid])
