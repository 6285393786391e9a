# SPDX-License-Identifier: Apache-2.0
"""readline edits lines: keys that a terminal sends, written to a stream that claims to be one."""

from __future__ import annotations

import json

import pytest
from node_support import run_edgejs

__all__ = ["run_edgejs"]

SCRIPT = """
const { PassThrough } = require('stream');
const readline = require('readline');
const output = new PassThrough();
output.columns = 40;
const input = new PassThrough();
const completer = (line) => [['apple', 'apricot', 'banana'].filter((word) => word.startsWith(line)), line];
const rl = readline.createInterface({ input, output, terminal: true, completer, prompt: '> ' });
const lines = [];
rl.on('line', (line) => lines.push(line));
rl.on('close', () => console.log(JSON.stringify(lines)));
for (const keys of KEYS) input.write(keys);
input.end();
"""

LEFT, UP, DELETE, HOME = "\x1b[D", "\x1b[A", "\x1b[3~", "\x1b[H"


@pytest.mark.parametrize(
    ("keys", "lines"),
    [
        (["hello", LEFT, LEFT, "X\r"], ["helXlo"]),
        (["one two", "\x17", "three\r"], ["one three"]),  # Ctrl+W
        (["one two", "\x01", "\x0b", "\x19", "\x19", "\r"], ["one twoone two"]),  # home, kill, yank twice
        (["first\r", "second\r", UP, UP, "\r"], ["first", "second", "first"]),
        (["abc", HOME, DELETE, "\x1b[F", "\x7f", "\r"], ["b"]),
        (["abc", "\x1f", "\r"], ["ab"]),  # undo
        (["ap", "\t", "r", "\t", "\r"], ["apricot"]),
        (["a\nb\r\nc\rd"], ["a", "b", "c", "d"]),
    ],
)
def test_keys(run_edgejs, keys, lines):
    script = f"const KEYS = {json.dumps(keys)};\n{SCRIPT}"
    assert json.loads(run_edgejs(script).stdout) == lines
