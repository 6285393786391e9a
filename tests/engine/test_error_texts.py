# SPDX-License-Identifier: Apache-2.0
"""The engine's own errors are in V8's words; the ones that are not stand in a list with what they say instead."""

import json
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "fixtures" / "error-texts"


def test_errors_are_in_the_words_of_v8(tmp_path):
    command = [sys.executable, "-m", "edgejs", str(FOLDER / "record.js")]
    ours = json.loads(
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    )
    theirs = json.loads((FOLDER / "node24.json").read_text())
    assert ours.keys() == theirs.keys(), "record.js has to be run with Node 24 again"
    different = {source: text for source, text in ours.items() if text != theirs[source]}
    # A line too many here is an improvement: take it out of the list.
    assert different == json.loads((FOLDER / "differences.json").read_text())
