# SPDX-License-Identifier: Apache-2.0
"""Node's options: how they are read, from the command line and from NODE_OPTIONS, and what is wrong with them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).with_name("edgejs"))


def run(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


# Each message as Node 24 has it, behind the program's name.
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--nonsense"], "bad option: --nonsense"),
        (["-e=4"], "bad option: -e=4"),
        (["--no-nonsense"], "bad option: --no-nonsense"),
        (["--require"], "--require requires an argument"),
        (["--require", "-x"], "--require requires an argument"),
        (["--require=", "a.js"], "--require= requires an argument"),
        (["--no-require"], "--no-require is an invalid negation because it is not a boolean option"),
        (["-c", "-e", "1"], "either --check or --eval can be used, not both"),
        (["--unhandled-rejections=odd"], "invalid value for --unhandled-rejections"),
        (["--env-file=none"], "none: not found"),
    ],
)
def test_usage_errors(tmp_path: Path, words: list[str], message: str) -> None:
    result = run(tmp_path, *words)
    assert (result.returncode, result.stderr) == (9, f"{COMMAND}: {message}\n")


@pytest.mark.parametrize(
    "word", ["-e", "--eval", "--version", "--test", "--", "--nonsense", "--expose_internals"]
)
def test_not_in_node_options(tmp_path: Path, word: str) -> None:
    result = run(tmp_path, "-p", "1", NODE_OPTIONS=word)
    assert (result.returncode, result.stderr) == (9, f"{COMMAND}: {word} is not allowed in NODE_OPTIONS\n")


def test_the_inspector_is_refused_by_name(tmp_path: Path) -> None:
    result = run(tmp_path, "--inspect=9229", "-p", "1")
    assert result.returncode == 12
    assert "--inspect is not implemented" in result.stderr


def test_what_belongs_to_the_program_stays_its(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("console.log(process.execArgv.join(), process.argv.slice(2).join())")
    result = run(tmp_path, "--no_warnings", "-C", "x", "a.js", "-C", "--", "--no-warnings")
    assert result.stdout == "--no_warnings,-C,x -C,--,--no-warnings\n"


def test_node_options_come_first_and_lists_add_up(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.js").write_text(f"console.log('{name}')")
    options = '--require "./a.js" --title="a title"'
    result = run(tmp_path, "-r", "./b.js", "-p", "process.title", NODE_OPTIONS=options)
    assert result.stdout == "a\nb\na title\n"


def test_files_of_variables(tmp_path: Path) -> None:
    (tmp_path / "one").write_text(
        "A=1\nB='two # words'\nC=\"three\\nlines\" # a comment\nNODE_OPTIONS=--title=file\n"
    )
    (tmp_path / "two").write_text("export A=later\nD\nPATH=not this\n")
    show = "const { A, B, C, PATH } = process.env; [A, B, C, PATH.length > 10, process.title]"
    files = ["--env-file", "one", "--env-file-if-exists=two", "--env-file-if-exists=three"]
    result = run(tmp_path, *files, "-p", show)
    assert result.stdout == "[ 'later', 'two # words', 'three\\nlines', true, 'file' ]\n"
    assert result.stderr == "three not found. Continuing without it.\n"


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("good.js", "#!/usr/bin/env node\nreturn process.exit(5)", 0),
        ("good.mjs", "import none from 'none'; await none", 0),
        ("bad.js", "let let let", 1),
        ("bad.mjs", "export {", 1),
    ],
)
def test_check_runs_nothing(tmp_path: Path, name: str, text: str, code: int) -> None:
    (tmp_path / name).write_text(text)
    result = run(tmp_path, "--check", name)
    assert result.returncode == code
    assert ("SyntaxError" in result.stderr) == (code == 1)


def test_a_script_of_package_json(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text(
        '{"scripts": {"say": "echo $NODE_RUN_SCRIPT_NAME", "fail": "exit 3"}}'
    )
    assert run(tmp_path, "--run", "say", "--", "a b", "'").stdout == "say a b '\n"
    assert run(tmp_path, "--run", "fail").returncode == 1
    assert 'Missing script: "none"' in run(tmp_path, "--run", "none").stderr


def test_the_heap_has_a_limit(tmp_path: Path) -> None:
    result = run(
        tmp_path, "--max-old-space-size=40", "-e", "for (const a = [];;) a.push(new Array(999).fill(1))"
    )
    assert result.returncode == -6
    assert result.stderr.startswith("FATAL ERROR: Reached heap limit")
