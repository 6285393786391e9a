# SPDX-License-Identifier: Apache-2.0
"""What the build makes of the list: the table, the trampolines, the stubs, the exports."""

from __future__ import annotations

import pytest


@pytest.fixture
def symbols(generate):
    env = (("napi_env", "env"),)
    basic = (("node_api_basic_env", "env"), ("void**", "data"))
    return [
        generate.Symbol("napi_done", 1, "node_api.h", "full", "napi_status", env),
        generate.Symbol("napi_missing", 1, "node_api.h", "full", "napi_status", env),
        generate.Symbol("napi_missing_basic", 1, "node_api.h", "basic", "napi_status", basic),
        generate.Symbol("napi_free", 1, "node_api.h", "none", "void", (("int", "n"),)),
    ]


def test_every_function_is_in_the_table(generate, symbols):
    table = generate.render_build(symbols, ["napi_done", "napi_free"])["napi_table.c"]
    assert [line.strip() for line in table.splitlines() if line.startswith("    .")] == [
        ".napi_done = ej_napi_done,",
        ".napi_missing = ej_napi_missing,",
        ".napi_missing_basic = ej_napi_missing_basic,",
        ".napi_free = ej_napi_free,",
    ]


def test_every_function_can_be_traced(generate, symbols):
    text = generate.render_build(symbols, ["napi_done", "napi_free"])["napi_traced.c"]
    assert [line.strip() for line in text.splitlines() if line.startswith("    .")] == [
        ".napi_done = traced_napi_done,",
        ".napi_missing = traced_napi_missing,",
        ".napi_missing_basic = traced_napi_missing_basic,",
        ".napi_free = traced_napi_free,",
    ]


def test_what_is_missing_refuses(generate, symbols):
    table = generate.render_build(symbols, ["napi_done", "napi_free"])["napi_table.c"]
    assert 'napi_throw_error(env, "ERR_METHOD_NOT_IMPLEMENTED", "napi_missing is not implemented")' in table
    assert 'error_message = "napi_missing_basic is not implemented"' in table
    assert "ej_napi_done(" not in table


def test_what_cannot_refuse_must_be_there(generate, symbols):
    with pytest.raises(generate.GenerateError, match="napi_free has no way to refuse"):
        generate.render_build(symbols, ["napi_done"])


def test_trampolines_check_the_env(generate, symbols):
    text = generate.render_build(symbols, ["napi_done", "napi_free"])["napi_trampolines.c"]
    assert text.count("if (env == NULL) return napi_invalid_arg;") == 3
    assert "return env->table->napi_missing_basic(env, data);" in text
    assert "NAPI_EXTERN void napi_free(int n) {\n  ej_napi_process->napi_free(n);\n}" in text


def test_only_the_interface_is_exported(generate, symbols):
    lines = generate.render_build(symbols, ["napi_done", "napi_free"])["exports.map"].split()
    assert lines[:2] == ["{", "global:"] and lines[-3:] == ["local:", "*;", "};"]
    assert "napi_done;" in lines and "node_module_register;" in lines and "uv_[a-z]*;" in lines


def test_definitions_are_found_by_name(generate, tmp_path):
    source = tmp_path / "a.c"
    source.write_text(
        "napi_status ej_napi_one(napi_env env);\n"
        "napi_status ej_napi_two(napi_env env,\n                 void* data) {\n  ej_napi_three(env);\n}\n"
        "// napi_status ej_napi_four(napi_env env) {}\n"
        "napi_status\nej_node_api_five(napi_env env) {\n}\n"
    )
    assert generate.find_definitions([source]) == {"napi_two": source, "node_api_five": source}


def test_two_definitions_are_an_error(generate, tmp_path):
    for name in ("a.c", "b.c"):
        (tmp_path / name).write_text("napi_status ej_napi_one(napi_env env) {\n}\n")
    with pytest.raises(generate.GenerateError, match="ej_napi_one is defined in"):
        generate.find_definitions([tmp_path / "a.c", tmp_path / "b.c"])
