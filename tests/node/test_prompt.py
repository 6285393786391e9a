# SPDX-License-Identifier: Apache-2.0
"""The prompt, in a real pseudo-terminal and without one."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).with_name("edgejs"))
UP = "\x1b[A"


def converse(folder: Path, steps: list[tuple[str, str]]) -> str:
    """Type each text once the terminal shows what is before it; all that it shows."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": "1", "HOME": str(folder)}
    child = subprocess.Popen(
        [COMMAND],
        cwd=folder,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown, seen = "", 0
    while True:
        try:
            data = os.read(ours, 4096)
        except OSError:  # EIO: the last one who had the terminal open is gone
            break
        shown += data.decode()
        while steps and steps[0][0] in shown[seen:]:
            seen = len(shown)
            os.write(ours, steps.pop(0)[1].encode())
    os.close(ours)
    assert child.wait(30) == 0, shown
    return shown


def test_a_conversation_in_a_terminal(tmp_path: Path) -> None:
    shown = converse(
        tmp_path,
        [
            ("> ", "const answer = await Promise.resolve(41)\r"),
            ("undefined", "answer + 1\r"),
            ("42", "function twice(x) {\r"),
            ("| ", "return x * 2 }\r"),
            ("undefined", "twice(answer)\r"),
            ("82", "answ\t"),
            ("answer", ".toFixed(1)\r"),
            ("'41.0'", f"{UP}{UP}\r"),
            ("82", "throw new RangeError('out')\r"),
            ("Uncaught RangeError: out", "\x03"),
            ("press Ctrl+C again", "\x04"),
        ],
    )
    assert "'41.0'" in shown
    history = (tmp_path / ".node_repl_history").read_text().splitlines()
    assert history[:2] == ["throw new RangeError('out')", "twice(answer)"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("1 + 1\n", "> 2\n"),
        ("{ a: 1 }\n", "> { a: 1 }\n"),
        ("`a\nb`\n", "> | 'a\\nb'\n"),
        ("nope\n", "> Uncaught ReferenceError: nope is not defined\n"),
        ("let x = 1\nlet x = 2\n", "SyntaxError: Identifier 'x' has already been declared\n"),
        ("5\n_ + 1\n_ = 3\n", "> 5\n> 6\n> Expression assignment to _ now disabled.\n3\n"),
        ("fs.existsSync\n", "> [Function: existsSync]\n"),
        ("await Promise.reject(new TypeError('no'))\n", "> Uncaught TypeError: no\n"),
        ("function f() {\n.break\n3\n", "> | > 3\n"),
        (".nothing\n", "> Invalid REPL keyword\n"),
        ("require('node:os').EOL\nmodule.id\n", "> '\\n'\n> '<repl>'\n"),
    ],
)
def test_without_a_terminal(tmp_path: Path, typed: str, shown: str) -> None:
    run = subprocess.run(
        [COMMAND, "-i"], input=typed, cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert shown in run.stdout


def test_saved_and_loaded(tmp_path: Path) -> None:
    run = [COMMAND, "-i"]
    saved = subprocess.run(
        run, input="var kept = 7\n.save it.js\n", cwd=tmp_path, capture_output=True, text=True
    )
    assert "Session saved to: it.js" in saved.stdout
    loaded = subprocess.run(run, input=".load it.js\nkept\n", cwd=tmp_path, capture_output=True, text=True)
    assert "> 7\n" in loaded.stdout
