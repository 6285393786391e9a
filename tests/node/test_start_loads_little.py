# SPDX-License-Identifier: Apache-2.0
"""Start-up is paid by every program: these parts of the library wait until they are used."""

import json

import pytest
from node_support import run_edgejs

__all__ = ["run_edgejs"]

SCRIPT = """
console.log('hello');
const loaded = process.moduleLoadList.map((line) => line.replace('NativeModule ', ''));
console.log(JSON.stringify([loaded.length, process.argv.slice(2).filter((id) => loaded.includes(id))]));
"""

HEAVY = [
    "buffer",
    "fs",
    "internal/errors",
    "internal/timers",
    "internal/util/inspect",
    "path",
    "stream",
    "util",
]


def test_hello(run_edgejs):
    hello, counts = run_edgejs(SCRIPT, *HEAVY).stdout.splitlines()
    number, heavy = json.loads(counts)
    assert (hello, heavy) == ("hello", [])
    assert number < 26


@pytest.mark.parametrize("name", ["Buffer", "performance"])
def test_accessors_become_plain_properties(run_edgejs, name):
    script = f"""
    const before = Object.getOwnPropertyDescriptor(globalThis, '{name}');
    const value = globalThis.{name};
    const after = Object.getOwnPropertyDescriptor(globalThis, '{name}');
    console.log(typeof before.get, after.value === value, after.writable, after.configurable, before.enumerable === after.enumerable);
    """
    assert run_edgejs(script).stdout == "function true true true true\n"


def test_a_shown_date_needs_no_names_of_zones(run_edgejs):
    script = """
    const names = () => process.moduleLoadList.filter((line) => line.includes('internal/intl/zone_names')).length;
    const date = new Date(0);
    console.log(date);
    console.log(names(), date.toString().endsWith(')'), names());
    """
    assert run_edgejs(script).stdout == "1970-01-01T00:00:00.000Z\n0 true 1\n"
