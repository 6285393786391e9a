# SPDX-License-Identifier: Apache-2.0
"""Programs that are ES modules: how they start, wait and end."""

import subprocess
import sys
from pathlib import Path

import pytest

EDGEJS = str(Path(sys.executable).with_name("edgejs"))


def run(folder, *arguments, text=None):
    return subprocess.run(
        [EDGEJS, *arguments], cwd=folder, input=text, capture_output=True, text=True, timeout=60
    )


def test_top_level_await(tree, run_edgejs):
    folder = tree(
        {
            "slow.mjs": "export const x = await new Promise((resolve) => setTimeout(resolve, 1, 'later'));",
            "main.mjs": "import { x } from './slow.mjs'; console.log(x, await import('./slow.mjs').then((m) => m.x));",
        }
    )
    assert run_edgejs(folder / "main.mjs").stdout == "later later\n"


def test_an_await_that_is_never_answered(tree, run_edgejs):
    folder = tree(
        {"main.mjs": "console.log(1);\nawait new Promise(() => {});\n", "over.mjs": "import './main.mjs';"}
    )
    done = run_edgejs(folder / "over.mjs")
    assert (done.returncode, done.stdout) == (13, "1\n")
    place = f"file://{folder}/main.mjs:2\nawait new Promise(() => {{}});\n^\n\n\n"
    assert done.stderr == f"Warning: Detected unsettled top-level await at {place}"


def test_exit_ends_a_wait(tree, run_edgejs):
    folder = tree({"main.mjs": "setTimeout(() => process.exit(), 1); await new Promise(() => {});"})
    assert run_edgejs(folder / "main.mjs").returncode == 0


def test_promises_before_ticks(tree, run_edgejs):
    lines = (
        "process.nextTick(() => console.log('tick')); Promise.resolve().then(() => console.log('promise'));"
    )
    assert run_edgejs(tree({"main.mjs": lines}) / "main.mjs").stdout == "promise\ntick\n"


def test_an_error_shows_its_place(tree, run_edgejs):
    folder = tree({"main.mjs": "\nthrow new TypeError('no');"})
    done = run_edgejs(folder / "main.mjs")
    assert done.returncode == 1
    assert done.stderr.startswith(f"file://{folder}/main.mjs:2\nthrow new TypeError('no');\n")


def test_require_is_not_there(tree, run_edgejs):
    done = run_edgejs(tree({"main.mjs": "require('fs');"}) / "main.mjs")
    assert (
        "ReferenceError: require is not defined in ES module scope, you can use import instead\n"
        in done.stderr
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("-e", "import { sep } from 'path'; console.log(sep);"),
        ("--input-type=module", "-e", "console.log((await import('path')).sep);"),
        ("-e", "import('path').then((path) => console.log(path.sep));"),
        ("--import", "./sep.mjs", "-e", "console.log(globalThis.sep);"),
        ("--import=./sep.mjs", "main.cjs"),
    ],
    ids=lambda arguments: arguments[0] + arguments[-1],
)
def test_command_line(tree, arguments):
    folder = tree(
        {
            "sep.mjs": "import { sep } from 'path'; globalThis.sep = sep;",
            "main.cjs": "console.log(sep);",
        }
    )
    done = run(folder, *arguments)
    assert (done.stdout, done.stderr) == ("/\n", "")


def test_standard_input(tree):
    assert (
        run(tree({}), "--input-type=module", "-", text="console.log(typeof require);").stdout == "undefined\n"
    )
