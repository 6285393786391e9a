# SPDX-License-Identifier: Apache-2.0
"""How programs end, and with which code."""

import pytest
from node_support import run_edgejs

__all__ = ["run_edgejs"]


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("", 0),
        ("process.exit(3)", 3),
        ("process.exitCode = 4", 4),
        ("process.exitCode = 4; process.exit()", 4),
        ("process.exitCode = '6'", 6),
        ("process.on('exit', () => { process.exitCode = 9; })", 9),
        ("process.on('exit', () => process.exit(8)); process.exit(2)", 8),
        ("try { process.exit(5); } finally { console.log('never'); }", 5),
    ],
)
def test_codes(run_edgejs, script, code):
    done = run_edgejs(script)
    assert (done.returncode, done.stdout) == (code, "")


def test_pending_work_is_left(run_edgejs):
    done = run_edgejs("setTimeout(() => console.log('never'), 1); process.nextTick(() => process.exit());")
    assert (done.returncode, done.stdout) == (0, "")
