# SPDX-License-Identifier: Apache-2.0
"""The version that an addon declares is read out of its machine code."""

from __future__ import annotations

import pytest
from edgejs.napi import elf
from edgejs.napi.check import check_file

DECLARE = "int node_api_module_get_api_version_v1(void) {{ return {0}; }}"


@pytest.mark.parametrize("options", [("-O0",), ("-O2",), ("-O2", "-fcf-protection=none"), ("-Os",)])
@pytest.mark.parametrize(("written", "declared"), [("3", 3), ("10", 10), ("0x7fffffff", "experimental")])
def test_constant(build, host, written, declared, options):
    check = check_file(build(DECLARE.format(written), *options), host)
    assert (check.verdict, check.api_declared) == ("ok", declared)


def test_newer_than_any(build, host):
    check = check_file(build(DECLARE.format("11")), host)
    assert check.verdict == "refused"
    assert [reason.code for reason in check.reasons] == ["api-version"]


def test_computed(build, host):
    source = "int read(void); int node_api_module_get_api_version_v1(void) { return read(); }"
    assert check_file(build(source), host).api_declared is None


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("00018052 c0035fd6", 8),  # mov w0, #8; ret
        ("5f2403d5 40018052 c0035fd6", 10),  # bti c; mov w0, #10; ret
        ("0000b012 c0035fd6", 0x7FFFFFFF),  # mov w0, #0x7fffffff; ret
        ("01018052 c0035fd6", None),  # into another register
        ("00018052 1f2003d5", None),  # not followed by ret
    ],
)
def test_arm(code, value):
    assert elf.aarch64_constant(bytes.fromhex(code).ljust(16, b"\0")) == value
