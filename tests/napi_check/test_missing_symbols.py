# SPDX-License-Identifier: Apache-2.0
"""Symbols that nobody offers keep an addon from loading, unless they are weak."""

from __future__ import annotations

from edgejs.napi.check import check_file


def test_one_of_another_library(build, host):
    check = check_file(build("int SSL_new(void); int use(void) { return SSL_new(); }"), host)
    assert (check.verdict, check.missing) == ("refused", ["SSL_new"])
    assert [(reason.code, reason.message) for reason in check.reasons] == [
        ("missing-symbols", "not offered here: SSL_new")
    ]


def test_one_of_a_future_node_api(build, host):
    check = check_file(build("int napi_from_2040(void); int use(void) { return napi_from_2040(); }"), host)
    assert (check.verdict, check.missing) == ("refused", ["napi_from_2040"])


def test_weak(build, host):
    source = "__attribute__((weak)) int napi_from_2040(void); int use(void) { return napi_from_2040(); }"
    check = check_file(build(source), host)
    assert (check.verdict, check.imported) == ("ok", ["napi_from_2040"])


def test_what_a_needed_library_offers_is_there(build, host):
    check = check_file(build("double cos(double); double use(double x) { return cos(x); }", "-lm"), host)
    assert (check.verdict, check.missing) == ("ok", [])
