# SPDX-License-Identifier: Apache-2.0
"""Needed libraries are looked for where the dynamic loader looks."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from edgejs.napi.check import check_file

USE = "int companion(void); int use(void) { return companion(); }"


@pytest.fixture
def companion(build):
    return build("int companion(void) { return 1; }", name="lib/libcompanion.so", module=False)


def link(build, companion, *options):
    return build(USE, f"-L{companion.parent}", "-lcompanion", *options)


def found(check):
    return {library.name: library.path for library in check.libraries}["libcompanion.so"]


@pytest.mark.parametrize("tags", ["--enable-new-dtags", "--disable-new-dtags"])
@pytest.mark.parametrize("origin", ["$ORIGIN", "${ORIGIN}"])
def test_beside_the_addon(build, host, companion, tags, origin):
    check = check_file(link(build, companion, f"-Wl,-rpath,{origin}/lib,{tags}"), host)
    assert (check.verdict, found(check)) == ("ok", str(companion))


def test_nowhere(build, host, companion):
    check = check_file(link(build, companion), host)
    assert (check.verdict, found(check), check.missing) == ("refused", None, [])
    assert [(reason.code, reason.message) for reason in check.reasons] == [
        ("missing-library", "not found: libcompanion.so")
    ]


def test_by_the_environment(build, host, companion, monkeypatch):
    monkeypatch.setenv("LD_LIBRARY_PATH", f"/nowhere:{companion.parent}")
    assert found(check_file(link(build, companion), host)) == str(companion)


def test_what_a_library_needs_itself(build, host, companion):
    outer = build(USE, f"-L{companion.parent}", "-lcompanion", name="lib/libouter.so", module=False)
    addon = build(
        "int use(void); int use_outer(void) { return use(); }",
        f"-L{outer.parent}",
        "-louter",
        "-Wl,--allow-shlib-undefined,-rpath,$ORIGIN/lib,--enable-new-dtags",
    )
    # The addon's RUNPATH does not hold for its libraries, which are named in the reason all the same.
    check = check_file(addon, host)
    assert [reason.message for reason in check.reasons] == ["not found: libcompanion.so"]


def test_a_file_that_is_no_library(build, host, companion):
    addon = link(build, companion, "-Wl,-rpath,$ORIGIN/lib")
    companion.write_text("INPUT(-lother)")  # a linker script, as in development packages
    assert found(check_file(addon, host)) is None


def test_agrees_with_the_loader(build, host):
    ldd = shutil.which("ldd")
    if ldd is None:
        pytest.skip("no ldd")
    addon = build("double cos(double); double use(double x) { return cos(x); }", "-lm")
    shown = subprocess.run([ldd, str(addon)], capture_output=True, text=True, check=True).stdout
    for library in check_file(addon, host).libraries:
        assert f"{library.name} => {library.path} " in shown
