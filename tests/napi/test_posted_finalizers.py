# SPDX-License-Identifier: Apache-2.0
"""node_api_post_finalizer runs a finalizer later, when JavaScript may be called."""

from __future__ import annotations

OPEN = "const addon = require(process.argv[2]);\n"


def test_it_runs_on_the_loop(expect, addon):
    source = """
    addon.post(() => { console.log('posted'); process.nextTick(() => console.log('tick')); });
    console.log('sync');
    Promise.resolve().then(() => console.log('job'));
    """
    expect(OPEN + source, addon("asynchrony"), prints=["sync", "job", "posted", "tick"])
