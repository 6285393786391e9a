# SPDX-License-Identifier: Apache-2.0
"""napi/symbols.json, the one list of Node-API functions."""

from __future__ import annotations

import pytest

from edgejs import napi

HEADER = """
NAPI_EXTERN napi_status NAPI_CDECL napi_first(napi_env env, const char* name, size_t length);
#if NAPI_VERSION >= 4
// napi_commented(void);
NAPI_EXTERN NAPI_NO_RETURN void NAPI_CDECL
napi_second(void** data /* out */,
            const napi_value * list);
#endif  // NAPI_VERSION >= 4
#ifdef NAPI_EXPERIMENTAL
NAPI_EXTERN napi_status NAPI_CDECL node_api_third(node_api_basic_env env);
#endif
#ifndef SOMETHING_ELSE
NAPI_EXTERN napi_status NAPI_CDECL napi_fourth(napi_env env);
#endif
"""


def test_it_is_what_the_headers_say(generate):
    try:
        headers = napi.include_dir()
    except FileNotFoundError as error:
        pytest.skip(f"THE LIST OF NODE-API FUNCTIONS WAS NOT CHECKED: {error}")
    assert generate.parse_headers(headers) == generate.read_symbols()


def test_the_installed_list_is_the_same(generate):
    assert [symbol.record() for symbol in generate.read_symbols()] == napi.symbols()


def test_prototypes_are_read(generate, tmp_path):
    (tmp_path / "js_native_api.h").write_text(HEADER)
    (tmp_path / "node_api.h").write_text("")
    found = {s.name: s for s in generate.parse_headers(tmp_path) if s.header == "js_native_api.h"}
    assert {name: (s.since, s.env, s.returns) for name, s in found.items()} == {
        "napi_first": (1, "full", "napi_status"),
        "napi_second": (4, "none", "_Noreturn void"),
        "node_api_third": ("experimental", "basic", "napi_status"),
        "napi_fourth": (1, "full", "napi_status"),
    }
    assert found["napi_second"].declaration("f") == "_Noreturn void f(void** data, const napi_value* list)"


def test_a_list_that_contradicts_the_headers_is_an_error(generate, tmp_path):
    (tmp_path / "include").mkdir()
    (tmp_path / "include" / "js_native_api.h").write_text(HEADER)
    (tmp_path / "include" / "node_api.h").write_text("")
    (tmp_path / "symbols.js").write_text(
        "const v1 = {\n 'napi_first',\n 'napi_second',\n 'napi_fourth',\n}\n"
    )
    with pytest.raises(generate.GenerateError, match=r"napi_second"):
        generate.parse_headers(tmp_path)
