# SPDX-License-Identifier: Apache-2.0
"""NULL for every pointer of every function gives the status that it gives in Node 24."""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "fixtures" / "null-arguments"


def test_statuses(addon, run):
    symbols = ROOT / "napi" / "symbols.json"
    outcome = run((FOLDER / "record.js").read_text(), addon("null-arguments"), symbols)
    assert outcome.code == 0, outcome.stderr
    assert json.loads("\n".join(outcome.lines)) == json.loads((FOLDER / "node24.json").read_text())
