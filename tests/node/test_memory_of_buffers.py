# SPDX-License-Identifier: Apache-2.0
"""Memory of buffers goes when they do, without a turn of the loop."""

import pytest
from node_support import Run, run_edgejs

__all__ = ["run_edgejs"]


@pytest.mark.parametrize("make", ["Buffer.allocUnsafe(1e6).fill(1)", "fs.readFileSync('script.js')"])
def test_a_loop_that_drops_buffers_stays_small(run_edgejs: Run, make: str) -> None:
    source = f"""
        const fs = require('fs');
        const before = process.memoryUsage.rss();
        for (let i = 0; i < 400; i++) {make};
        console.log((process.memoryUsage.rss() - before) / 2 ** 20);
        //{"x" * 1_000_000}
    """
    outcome = run_edgejs(source)
    assert float(outcome.stdout) < 100, outcome.stderr
