# SPDX-License-Identifier: Apache-2.0
"""Instance data belongs to one load of an addon."""

from __future__ import annotations

OPEN = "const addon = require(process.argv[2]);\n"


def test_it_is_finalized_at_the_end(expect, addon):
    source = "console.log(addon.get()); addon.set(1); addon.set(2); console.log(addon.get());"
    expect(OPEN + source, addon("instance-data"), prints=["undefined", "2", "finalized 2"])


def test_two_loads_have_their_own(expect, addon):
    source = """
    const path = process.argv[2];
    delete require.cache[require.resolve(path)];
    const other = require(path);
    addon.set(1); other.set(2);
    console.log(addon.get(), other.get());
    """
    expect(OPEN + source, addon("instance-data"), prints=["1 2", "finalized 2", "finalized 1"])


def test_the_version_of_node_is_that_of_the_process(expect, addon):
    source = "console.log(addon.node() === `node ${process.version}`, process.versions.napi);"
    expect(OPEN + source, addon("instance-data"), prints=["true 10"])
