# SPDX-License-Identifier: Apache-2.0
"""The cache of compiled code: what runs out of it is what would be compiled, and nothing that was tampered with runs."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

PADDING = "// " + "x" * 8000 + "\n"
BODY = (
    "#!/usr/bin/env node\n"
    "'use strict';\n"
    "class Box { constructor(value) { this.value = value; } get twice() { return this.value * 2 } }\n"
    "const add = (a, b) => a + b;\n"
    "function fail() {\n  throw new RangeError('at line 6 — Ω');\n}\n" + PADDING
)
REPORT = (
    "try { fail() } catch (error) { console.log(error.stack.split('\\n').slice(0, 2).join('\\n')); }\n"
    "console.log(String(fail), String(add), String(Box), new Box(add(20, 1)).twice);\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the cache; `run_edgejs` makes a home of the test's folder."""
    return tmp_path / ".cache" / "edgejs" / "code-v1"


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*/*") if path.is_file())


@pytest.mark.parametrize(
    "name, text",
    [
        ("program.cjs", BODY + REPORT),
        ("program.mjs", BODY + "import fs from 'node:fs';\nconsole.log(import.meta.filename);\n" + REPORT),
    ],
)
def test_reading_is_as_good_as_compiling(tree, run_edgejs, folder, name, text):
    program = tree({name: text}) / name
    compiled = run_edgejs(program)
    assert (compiled.stderr, len(entries(folder))) == ("", 1)
    written = entries(folder)[0].stat().st_mtime_ns
    read = run_edgejs(program)
    assert (read.stdout, read.stderr) == (compiled.stdout, "")
    assert entries(folder)[0].stat().st_mtime_ns == written
    assert "line 6 — Ω" in read.stdout and f"{name}:6:" in read.stdout


def test_an_equal_file_elsewhere_shares_an_entry(tree, run_edgejs, folder):
    root = tree({"a/p.cjs": BODY + REPORT, "b/p.cjs": BODY + REPORT})
    assert "/a/p.cjs:6:" in run_edgejs(root / "a/p.cjs").stdout
    assert "/b/p.cjs:6:" in run_edgejs(root / "b/p.cjs").stdout
    assert len(entries(folder)) == 1


def test_a_changed_file_is_compiled_anew(tree, run_edgejs):
    program = tree({"p.cjs": PADDING + "console.log(1)"}) / "p.cjs"
    assert run_edgejs(program).stdout == "1\n"
    program.write_text(PADDING + "console.log(2)")
    assert run_edgejs(program).stdout == "2\n"


def _cut(data: bytes) -> bytes:
    return data[:-100]


def _flip(data: bytes) -> bytes:
    return data[:-50] + bytes([data[-50] ^ 1]) + data[-49:]


def _empty(data: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("damage", [_cut, _flip, _empty])
@pytest.mark.parametrize("name", ["p.cjs", "p.mjs"])
def test_a_damaged_entry_is_replaced(tree, run_edgejs, folder, damage, name):
    program = tree({name: PADDING + "console.log('right')"}) / name
    run_edgejs(program)
    (entry,) = entries(folder)
    whole = entry.read_bytes()
    entry.write_bytes(damage(whole))
    done = run_edgejs(program)
    assert (done.stdout, done.stderr) == ("right\n", "")
    assert entry.read_bytes() == whole


def test_an_entry_under_another_name_is_not_run(tree, run_edgejs, folder):
    root = tree({"a.cjs": PADDING + "console.log('a')", "b.cjs": PADDING + "console.log('b')"})
    run_edgejs(root / "a.cjs")
    (first,) = entries(folder)
    run_edgejs(root / "b.cjs")
    (second,) = set(entries(folder)) - {first}
    second.write_bytes(first.read_bytes())
    assert run_edgejs(root / "b.cjs").stdout == "b\n"


def test_entries_of_another_key_are_not_run(tree, run_edgejs, folder):
    program = tree({"p.cjs": PADDING + "console.log(1)"}) / "p.cjs"
    run_edgejs(program)
    before = entries(folder)
    (folder / "key").write_bytes(os.urandom(32))
    assert run_edgejs(program).stdout == "1\n"
    assert len(entries(folder)) == len(before) + 1


def test_only_the_user_can_read_it(tree, run_edgejs, folder):
    run_edgejs(tree({"p.cjs": PADDING}) / "p.cjs")
    paths = [folder, folder / "key", *folder.glob("*/"), *entries(folder)]
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in paths} == {0}


def test_a_key_that_others_can_read_is_replaced(tree, run_edgejs, folder):
    program = tree({"p.cjs": PADDING}) / "p.cjs"
    run_edgejs(program)
    key = folder / "key"
    before = key.read_bytes()
    key.chmod(0o644)
    run_edgejs(program)
    assert key.read_bytes() != before
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_folder_that_others_can_write_to_is_not_used(tree, run_edgejs, folder):
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    assert run_edgejs(tree({"p.cjs": PADDING + "console.log(1)"}) / "p.cjs").stdout == "1\n"
    assert list(folder.iterdir()) == []


def test_turned_off(tree, run_edgejs, folder):
    run_edgejs(tree({"p.cjs": PADDING}) / "p.cjs", env={"EDGEJS_DISABLE_COMPILE_CACHE": "1"})
    assert entries(folder) == []


def test_a_folder_that_cannot_be_made(tree, run_edgejs):
    program = tree({"p.cjs": PADDING + "console.log(1)"}) / "p.cjs"
    done = run_edgejs(program, env={"EDGEJS_CACHE_DIR": "/dev/null/cache"})
    assert (done.stdout, done.stderr) == ("1\n", "")


def test_import_attributes_survive(tree, run_edgejs):
    program = tree(
        {
            "d.json": "[1]",
            "p.mjs": PADDING + "import d from './d.json' with { type: 'json' };\nconsole.log(d)",
        }
    )
    for _ in range(2):
        assert run_edgejs(program / "p.mjs").stdout == "[ 1 ]\n"


def test_circles_and_top_level_await(tree, run_edgejs):
    root = tree(
        {
            "a.mjs": PADDING + "import { b } from './b.mjs'; export const a = 1; console.log(b());",
            "b.mjs": PADDING + "import { a } from './a.mjs'; export const b = () => a;",
            "w.mjs": PADDING + "await 0; export default 1;",
            "r.cjs": PADDING + "try { require('./w.mjs') } catch ({ code }) { console.log(code) }",
        }
    )
    for _ in range(2):
        assert run_edgejs(root / "a.mjs").stdout == "1\n"
        assert run_edgejs(root / "r.cjs").stdout == "ERR_REQUIRE_ASYNC_MODULE\n"


def test_many_processes_at_once(tree, run_edgejs, folder):
    program = tree({"p.cjs": BODY + "console.log('done')"}) / "p.cjs"
    with ThreadPoolExecutor(4) as pool:
        assert {done.stdout for done in pool.map(run_edgejs, [program] * 8)} == {"done\n"}
    assert len(entries(folder)) == 1
