# SPDX-License-Identifier: Apache-2.0
"""A handle whose scope is closed reads as undefined: what Node leaves undefined does no harm here."""

UNDEFINED = "0"


def test_after_the_scope(addon, run):
    source = "const { stale } = require(process.argv[2]); for (let i = 0; i < 1000; i++) stale(); console.log(stale());"
    outcome = run(source, addon("stale-handles"))
    assert outcome.code == 0, outcome.stderr
    assert outcome.lines == [UNDEFINED]
