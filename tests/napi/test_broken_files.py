# SPDX-License-Identifier: Apache-2.0
"""Files that are no shared objects for this machine: the dynamic linker's own words, as in Node."""

from __future__ import annotations

import struct
import subprocess

import pytest

SOURCE = "try { require(process.argv[2]); } catch (e) { console.log(e.name, e.code, e.message); }"
AARCH64 = 183


def elf(machine: int) -> bytes:
    """The header of an empty 64-bit little-endian shared object."""
    ident = b"\x7fELF" + bytes([2, 1, 1, 0]) + bytes(8)
    fields = (3, machine, 1, 0, 64, 0, 0, 64, 56, 0, 64, 0, 0)
    return ident + struct.pack("<HHIQQQIHHHHHH", *fields) + bytes(4096)


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"", "file too short"),
        (b"\x7fELF", "file too short"),
        (b"not an object file " * 10, "invalid ELF header"),
        (elf(AARCH64), "cannot open shared object file: No such file or directory"),
    ],
    ids=["empty", "truncated", "text", "other-architecture"],
)
def test_the_linker_says_why(expect, tmp_path, content, reason):
    path = tmp_path / "nat.node"
    path.write_bytes(content)
    expect(SOURCE, path, prints=[f"Error ERR_DLOPEN_FAILED {path}: {reason}"])


def test_a_library_that_is_no_addon(expect, compiler, tmp_path):
    path = tmp_path / "nat.node"
    subprocess.run([compiler, "-shared", "-fPIC", "-x", "c", "/dev/null", "-o", path], check=True)
    expect(SOURCE, path, prints=[f"Error ERR_DLOPEN_FAILED Module did not self-register: '{path}'."])


def test_a_missing_symbol_is_named(expect, compiler, tmp_path):
    path = tmp_path / "nat.node"
    source = tmp_path / "nat.c"
    source.write_text("extern int no_such_function(void); int f(void) { return no_such_function(); }")
    subprocess.run([compiler, "-shared", "-fPIC", source, "-o", path], check=True)
    # Node binds lazily and would end at the first call of the function.
    reason = "undefined symbol: no_such_function"
    expect(SOURCE, path, prints=[f"Error ERR_DLOPEN_FAILED {path}: {reason}"])
