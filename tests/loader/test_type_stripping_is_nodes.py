# SPDX-License-Identifier: Apache-2.0
"""What module.stripTypeScriptTypes makes of a text: recorded from Node 24, spaces and error excerpts included."""

import json
from pathlib import Path

RECORDED = Path(__file__).resolve().parents[1] / "fixtures" / "typescript" / "stripped.json"

SCRIPT = """
const { stripTypeScriptTypes } = require('node:module');
for (const [source, expected] of require(process.argv[2])) {
  let result;
  try {
    result = stripTypeScriptTypes(source);
  } catch (error) {
    result = { code: error.code, message: error.message, head: error.stack.split('\\n    at ')[0] };
  }
  if (JSON.stringify(result) !== JSON.stringify(expected)) console.log(source, result, expected);
}
"""


def test_as_recorded(run_edgejs):
    done = run_edgejs(SCRIPT, str(RECORDED))
    assert (done.stdout, done.returncode) == ("", 0)
    assert len(json.loads(RECORDED.read_text())) > 15
