# SPDX-License-Identifier: Apache-2.0
"""Functions that an addon looks up when it runs."""

from __future__ import annotations

from edgejs.napi.check import check_file

LOOK_UP = "void *dlsym(void *, const char *); void *get(const char *n) { return dlsym((void *)0, n); }\n"


def test_names_that_touch_each_other(build, host):
    names = 'const char names[] = "napi_throw_errornapi_throwxnapi_get_value_int32node_api_symbol_for";'
    check = check_file(build(LOOK_UP + names), host)
    assert check.binding == "dlsym"
    expected = ["napi_get_value_int32", "napi_throw", "napi_throw_error", "node_api_symbol_for"]
    assert check.probed == expected


def test_an_addon_that_links_names_functions_in_messages(build, host):
    source = """
    int napi_throw(void);
    int use(void) { return napi_throw(); }
    const char *const texts[] = {"cannot napi_create_object", "napi_create_array", "napi_throw"};
    """
    check = check_file(build(LOOK_UP + source), host)
    assert (check.binding, check.imported, check.probed) == ("linked", ["napi_throw"], ["napi_create_array"])


def test_without_dlsym_a_name_is_only_a_text(build, host):
    check = check_file(build('const char *const text = "napi_create_array";'), host)
    assert (check.binding, check.probed) == ("none", [])
