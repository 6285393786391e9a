# SPDX-License-Identifier: Apache-2.0
"""Addons of a suite are found in its build files and compiled without its build tools."""

from __future__ import annotations

import shutil

import pytest

from conformance.addon_build import Target, compile_target, read_cmake, read_gyp
from conformance.case import Toolbox
from conformance.node_api import NodeApi
from edgejs import napi

GYP = """
{  # a comment
  'targets': [
    { "target_name": "one", "sources": ["a.c", "a.h", "b.cc"], 'defines': ['NAPI_VERSION=9',],
      'cflags_cc': ['--std=c++20'], 'cflags!': ['-fno-rtti'] },
  ]
}
"""
SOURCE = """
#include <node_api.h>
NAPI_MODULE_INIT() { napi_create_int32(env, VALUE, &exports); return exports; }
"""


@pytest.fixture
def tools():
    found = shutil.which("cc"), shutil.which("c++")
    if None in found:
        pytest.skip("NO COMPILER: addons of outside suites were not compiled")
    return Toolbox(*found, napi.include_dir(), 1)


def test_binding_gyp(tmp_path):
    path = tmp_path / "binding.gyp"
    path.write_text(GYP)
    assert read_gyp(path) == [
        Target(
            "one",
            (tmp_path / "a.c", tmp_path / "b.cc"),
            ("NODE_GYP_MODULE_NAME=one", "NAPI_VERSION=9"),
            cxxflags=("--std=c++20",),
        )
    ]


def test_what_is_not_understood_is_said(tmp_path):
    path = tmp_path / "binding.gyp"
    path.write_text("{'targets': [{'target_name': 'x', 'sources': [], 'conditions': []}]}")
    with pytest.raises(ValueError, match="conditions is not understood"):
        read_gyp(path)


def test_cmake(tmp_path):
    path = tmp_path / "CMakeLists.txt"
    path.write_text("# x\nadd_node_api_cts_addon(one a.c)\nadd_node_api_cts_addon(two a.c\n  b.cc)\n")
    assert [(target.name, [source.name for source in target.sources]) for target in read_cmake(path)] == [
        ("one", ["a.c"]),
        ("two", ["a.c", "b.cc"]),
    ]


def test_compiled_once_until_the_source_changes(tmp_path, tools):
    source = tmp_path / "addon.c"
    source.write_text(SOURCE)
    target = Target("addon", (source,), ("VALUE=1",))
    assert compile_target(target, tmp_path / "out", tools) is None
    made = tmp_path / "out" / "addon.node"
    made.write_bytes(b"")
    assert compile_target(target, tmp_path / "out", tools) is None
    assert made.read_bytes() == b""  # not made again
    assert compile_target(Target("addon", (source,), ("VALUE=2",)), tmp_path / "out", tools) is None
    assert made.read_bytes() != b""


def test_a_complaint_fails_the_tests_of_the_folder(tmp_path, tools):
    folder = tmp_path / "test" / "node-api" / "bad"
    folder.mkdir(parents=True)
    (folder / "binding.gyp").write_text("{'targets': [{'target_name': 'bad', 'sources': ['bad.c']}]}")
    (folder / "bad.c").write_text("int f(void) { return nothing; }")
    (folder / "test.js").write_text("// Flags: --expose-gc --x=1\n")
    (case,) = NodeApi().cases(tmp_path, tools)
    assert case.name == "node-api/bad/test.js"
    assert case.arguments == ("--expose-gc", "--x=1", str(folder / "test.js"))
    assert "bad does not compile" in (case.failed or "")
    assert "nothing" in (case.failed or "")
