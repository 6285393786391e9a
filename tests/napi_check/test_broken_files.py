# SPDX-License-Identifier: Apache-2.0
"""Files that are no addon at all get a verdict and never an exception."""

from __future__ import annotations

import random
import subprocess

import pytest
from edgejs.napi.check import check_file
from elftools.elf.elffile import ELFFile


def codes(check):
    return check.verdict, [reason.code for reason in check.reasons]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is an empty file"),
        (b"module.exports = 1\n", "it is not an ELF file"),
        (b"version https://git-lfs.github.com/spec/v1\n", "it is a Git LFS pointer and not the file itself"),
    ],
)
def test_not_elf(tmp_path, host, content, message):
    path = tmp_path / "addon.node"
    path.write_bytes(content)
    check = check_file(path, host)
    assert codes(check) == ("refused", ["not-elf"])
    assert check.reasons[0].message == message


def test_truncated_anywhere(build, host, tmp_path):
    whole = build("int napi_throw(void); int use(void) { return napi_throw(); }").read_bytes()
    path = tmp_path / "cut.node"
    for size in [*range(4, 200), *range(200, len(whole), 97)]:
        path.write_bytes(whole[:size])
        assert codes(check_file(path, host)) == ("refused", ["damaged"])


def test_flipped_bytes(build, host, tmp_path):
    whole = build("int napi_throw(void); int use(void) { return napi_throw(); }").read_bytes()
    path = tmp_path / "flipped.node"
    chance = random.Random(1)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(3):
            data[chance.randrange(len(data))] = chance.choice((0, 255, chance.randrange(256)))
        path.write_bytes(data)
        assert check_file(path, host).verdict in ("ok", "refused", "foreign")


def test_versions_in_a_circle(build, host, tmp_path):
    """A count of four thousand million entries whose chain never advances."""
    path = build('int puts(const char *); int use(void) { return puts("x"); }')
    with path.open("rb") as stream:
        offset = ELFFile(stream).get_section_by_name(".gnu.version_r")["sh_offset"]
    data = bytearray(path.read_bytes())
    data[offset + 2 : offset + 4] = b"\xff\xff"  # vn_cnt
    path.write_bytes(data)
    assert codes(check_file(path, host)) == ("refused", ["damaged"])


def test_a_program(compiler, host, tmp_path):
    path = tmp_path / "program.node"
    options = ["-no-pie", "-xc", "-", "-o", str(path)]
    subprocess.run([compiler, *options], input="int main(void) { return 0; }", text=True, check=True)
    assert "not-shared" in codes(check_file(path, host))[1]
