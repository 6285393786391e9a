# SPDX-License-Identifier: Apache-2.0
"""Objects of ICU go when JavaScript lets go of them, without a turn of the loop."""

import pytest
from node_support import Run, run_edgejs

__all__ = ["run_edgejs"]

pytest.importorskip("icu4py")


@pytest.mark.parametrize(
    "use",
    [
        "new Intl.RelativeTimeFormat('en').format(1, 'day')",
        "new Intl.ListFormat('en').formatToParts(['a', 'b'])",
        "new Intl.NumberFormat('de').formatToParts(1234.5)",
    ],
)
def test_a_loop_that_drops_formats_stays_small(run_edgejs: Run, use: str) -> None:
    source = f"""
        {use};
        const before = process.memoryUsage.rss();
        for (let i = 0; i < 5000; i++) {use};
        console.log((process.memoryUsage.rss() - before) / 2 ** 20);
    """
    outcome = run_edgejs(source)
    assert float(outcome.stdout) < 10, outcome.stderr
