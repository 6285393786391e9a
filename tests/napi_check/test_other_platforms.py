# SPDX-License-Identifier: Apache-2.0
"""A file for another platform says nothing about the addon: it is foreign, not refused."""

from __future__ import annotations

import dataclasses

import pytest
from edgejs.napi.check import check_file


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"MZ\x90\0", "it is a Windows file (PE)"),
        (b"\xcf\xfa\xed\xfe\x0c\0\0\1", "it is a macOS file (Mach-O)"),
        (b"\xca\xfe\xba\xbe\0\0\0\2", "it is a macOS file (Mach-O, universal)"),
    ],
)
def test_other_format(tmp_path, host, content, message):
    path = tmp_path / "addon.node"
    path.write_bytes(content)
    check = check_file(path, host)
    assert (check.verdict, [reason.message for reason in check.reasons]) == ("foreign", [message])


def altered(path, offset, value):
    data = bytearray(path.read_bytes())
    data[offset : offset + len(value)] = value
    path.write_bytes(data)
    return path


def test_other_machine(build, host):
    path = altered(build(""), 18, (243).to_bytes(2, "little"))  # e_machine: RISC-V
    check = check_file(path, dataclasses.replace(host, machine="EM_AARCH64"))
    assert check.verdict == "foreign"
    assert [reason.message for reason in check.reasons] == ["it is for riscv (64 bits), this is aarch64"]


def test_other_system(build, host):
    check = check_file(altered(build(""), 7, b"\x09"), host)  # EI_OSABI: FreeBSD
    assert [(reason.code, reason.message) for reason in check.reasons] == [("system", "it is for freebsd")]


def test_other_c_library(build, host):
    other = dataclasses.replace(host, musl=not host.musl)
    check = check_file(build('int puts(const char *); int use(void) { return puts("x"); }'), other)
    assert (check.verdict, [reason.code for reason in check.reasons]) == ("foreign", ["libc"])
