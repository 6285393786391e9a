# SPDX-License-Identifier: Apache-2.0
"""Versions of symbols that an addon needs, against those that the library here defines."""

from __future__ import annotations

import os

import pytest
from edgejs.napi.check import check_file

MAP = "FUTURE_1.2 { global: older; }; FUTURE_1.10 { global: newer; } FUTURE_1.2;"
USE = "int older(void), newer(void); int use(void) { return older() + newer(); }"


@pytest.fixture
def addon(build, tmp_path):
    """An addon that was linked with a library of two versions; and a way to make that library anew."""
    script = tmp_path / "versions"

    def library(versions: str, source: str) -> None:
        script.write_text(versions)
        options = (f"-Wl,--version-script={script}",)
        build(source, *options, name="lib/libfuture.so", module=False)

    library(MAP, "int older(void) { return 1; } int newer(void) { return 2; }")
    return build(USE, f"-L{tmp_path / 'lib'}", "-lfuture", "-Wl,-rpath,$ORIGIN/lib"), library


def need(check, family):
    return next((each.needed, each.present) for each in check.versions if each.family == family)


def test_present(addon, host):
    check = check_file(addon[0], host)
    assert (check.verdict, need(check, "FUTURE")) == ("ok", ("FUTURE_1.10", "FUTURE_1.10"))


def test_too_old(addon, host, tmp_path):
    path, library = addon
    library(
        "FUTURE_1.2 { global: older; newer; };", "int older(void) { return 1; } int newer(void) { return 2; }"
    )
    check = check_file(path.rename(tmp_path / "renamed.node"), host)
    assert (check.verdict, need(check, "FUTURE")) == ("refused", ("FUTURE_1.10", "FUTURE_1.2"))
    assert [(reason.code, reason.message) for reason in check.reasons] == [
        ("library-version", "it needs FUTURE_1.10 (here: FUTURE_1.2)")
    ]


def test_glibc(build, host):
    if host.musl:
        pytest.skip("no glibc")
    check = check_file(build('int puts(const char *); int use(void) { return puts("x"); }'), host)
    needed, present = need(check, "GLIBC")
    assert present == "GLIBC_" + os.confstr("CS_GNU_LIBC_VERSION").split()[1]
    assert needed.startswith("GLIBC_2.")
