# SPDX-License-Identifier: Apache-2.0
"""Compiled modules are kept: what was compiled once is mapped, and nothing that was tampered with runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from node_support import Run, run_edgejs

__all__ = ["run_edgejs"]

pytest.importorskip("wasmtime")

# new WebAssembly.Module of bytes that export f, which gives `answer`, and end with a section of zeros.
MODULE = """
function make(answer, padding) {
  const head = Buffer.from('0061736d010000000105016000017f03020100070501016600000a0601040041000b', 'hex');
  head[head.length - 2] = answer;
  const size = padding + 2;
  const length = Buffer.from([size & 127 | 128, size >> 7 & 127 | 128, size >> 14]);
  return new WebAssembly.Module(Buffer.concat([head, Buffer.from([0]), length, Buffer.from([1, 120]), Buffer.alloc(padding)]));
}
const ask = (...args) => console.log(new WebAssembly.Instance(make(...args)).exports.f());
"""
SMALL = 5000
LARGE = 200_000
# Waits for the better code, which another thread makes.
IMPROVE = """
ask(7, %d);
const { readdirSync } = require('node:fs');
const files = () => readdirSync(process.argv[2]).filter((name) => !name.startsWith('.')).join();
(function look() {
  if (/^[0-9a-f]+\\.0$/.test(files())) console.log('improved');
  else setImmediate(look);
})();
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where code of Wasm is; `run_edgejs` makes a home of the test's folder."""
    return tmp_path / ".cache" / "edgejs" / "code-v1" / "wasm"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.cjs"
    path.write_text(f"{MODULE}ask(7, {SMALL});\n")
    return path


def _only(folder: Path) -> Path:
    (entry,) = folder.iterdir()
    return entry


def _use_again(entry: Path, program: Path, run_edgejs: Run) -> tuple[int, float]:
    """Run with a known file; its number, and when it was used last."""
    os.utime(entry, (1, 1))
    assert run_edgejs(program).stdout == "7\n"
    found = entry.stat()
    return found.st_ino, found.st_mtime


def test_the_second_run_maps_what_the_first_compiled(program: Path, folder: Path, run_edgejs: Run) -> None:
    assert run_edgejs(program).stdout == "7\n"
    entry = _only(folder)
    number = entry.stat().st_ino
    again, used = _use_again(entry, program, run_edgejs)
    assert again == number
    assert used > 1
    assert entry.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("place", [0, 1000, -1])
def test_one_that_was_altered_is_replaced(place: int, program: Path, folder: Path, run_edgejs: Run) -> None:
    run_edgejs(program)
    entry = _only(folder)
    good = entry.read_bytes()
    altered = bytearray(good)
    altered[place] ^= 1
    entry.write_bytes(altered)
    assert run_edgejs(program).stdout == "7\n"
    assert _only(folder).read_bytes() == good


@pytest.mark.parametrize("size", [0, 10, 4096])
def test_one_that_is_cut_off_is_replaced(size: int, program: Path, folder: Path, run_edgejs: Run) -> None:
    run_edgejs(program)
    entry = _only(folder)
    good = entry.read_bytes()
    entry.write_bytes(good[:size])
    assert run_edgejs(program).stdout == "7\n"
    assert _only(folder).read_bytes() == good


def test_one_under_another_name_is_replaced(
    program: Path, tmp_path: Path, folder: Path, run_edgejs: Run
) -> None:
    run_edgejs(program)
    entry = _only(folder)
    good = entry.read_bytes()
    entry.unlink()
    other = tmp_path / "other.cjs"
    other.write_text(f"{MODULE}ask(8, {SMALL});\n")
    run_edgejs(other)
    _only(folder).rename(entry)
    assert run_edgejs(program).stdout == "7\n"
    assert entry.read_bytes() == good


def test_turned_off(program: Path, folder: Path, run_edgejs: Run) -> None:
    assert run_edgejs(program, env={"EDGEJS_DISABLE_COMPILE_CACHE": "1"}).stdout == "7\n"
    assert not folder.exists()


def test_little_ones_are_not_kept(tmp_path: Path, folder: Path, run_edgejs: Run) -> None:
    path = tmp_path / "little.cjs"
    path.write_text(f"{MODULE}ask(7, 3000);\n")
    assert run_edgejs(path).stdout == "7\n"
    assert not folder.exists()


def test_a_large_one_gets_better_code_for_the_next_run(
    program: Path, tmp_path: Path, folder: Path, run_edgejs: Run
) -> None:
    first = tmp_path / "first.cjs"
    first.write_text(MODULE + IMPROVE % LARGE)
    assert run_edgejs(first, str(folder)).stdout == "7\nimproved\n"
    entry = _only(folder)
    number = entry.stat().st_ino
    program.write_text(f"{MODULE}ask(7, {LARGE});\n")
    again, used = _use_again(entry, program, run_edgejs)
    assert again == number
    assert used > 1


def test_the_same_module_in_a_promise(tmp_path: Path, folder: Path, run_edgejs: Run) -> None:
    path = tmp_path / "later.cjs"
    path.write_text(
        MODULE.replace("return new WebAssembly.Module(", "return WebAssembly.compile(")
        + f"make(7, {SMALL}).then((module) => console.log(new WebAssembly.Instance(module).exports.f()));\n"
    )
    for _ in range(2):
        assert run_edgejs(path).stdout == "7\n"
        assert len(list(folder.iterdir())) == 1
