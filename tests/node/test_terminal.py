# SPDX-License-Identifier: Apache-2.0
"""tty and readline in a real pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

RAW = """
const { stdin, stdout } = process;
stdin.setRawMode(true);
stdin.once('data', (data) => {
  console.log(JSON.stringify([String(data), stdin.isRaw, stdin.isTTY, stdout.isTTY, stdout.columns, stdout.rows]));
  stdin.setRawMode(false);
  stdin.pause();
});
console.log('ready');
"""

QUESTION = """
const readline = require('readline').createInterface({ input: process.stdin, output: process.stdout });
readline.question('name? ', (name) => {
  console.log(`hello ${name}`);
  readline.close();
});
"""


def converse(script: str, folder: Path, prompt: bytes, answer: bytes) -> str:
    """Run a script in a terminal of 91 by 17, type `answer` after `prompt`; all that the terminal shows."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 17, 91, 0, 0))
    command = [sys.executable, "-m", "edgejs", "-e", script]
    child = subprocess.Popen(
        command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    shown = b""
    typed = False
    while True:
        try:
            data = os.read(ours, 4096)
        except OSError:  # EIO: the last one who had the terminal open is gone
            break
        if not data:
            break
        shown += data
        if prompt in shown and not typed:
            os.write(ours, answer)
            typed = True
    os.close(ours)
    assert child.wait(30) == 0, shown.decode()
    return shown.decode()


def test_raw_mode_gives_keys_at_once_and_the_program_ends(tmp_path: Path) -> None:
    assert '["x",true,true,true,91,17]' in converse(RAW, tmp_path, b"ready", b"x")


def test_a_question_is_answered_by_a_line(tmp_path: Path) -> None:
    assert "hello world" in converse(QUESTION, tmp_path, b"name? ", b"world\n")
