# SPDX-License-Identifier: Apache-2.0
"""Which programs are columns, and how each runs a case."""

from __future__ import annotations

import pytest
from edgejs.napi.matrix.runtimes import Runtime, UnknownRuntime, find, named, reference_of

from edgejs.configuration import command_path


@pytest.fixture
def program(tmp_path, monkeypatch):
    """``program("node", "v24.1.0")``: a program of that name on PATH that prints a version."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    def make(name, version):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\necho '{version}'\n")
        path.chmod(0o755)
        return path

    return make


def test_what_is_found(program):
    program("node", "v20.1.0")
    program("bun", "1.4.0")
    program("deno", "deno 2.9.1 (stable, release)")
    found = {runtime.name: (runtime.kind, runtime.version) for runtime in find(command_path())}
    assert found["node"] == ("node", "20.1.0")
    assert found["bun"] == ("bun", "1.4.0")
    assert found["deno"] == ("deno", "2.9.1")
    assert found["edgejs"][0] == "edgejs"


def test_a_name_and_options(program):
    path = program("node-next", "v24.1.0-rc.1")
    runtime = named("node24=node-next --no-warnings", command_path())
    assert runtime == Runtime("node24", "node", (str(path), "--no-warnings"), "24.1.0-rc.1")
    assert named("node-next --no-warnings", command_path()).name == "node-next --no-warnings"


def test_the_reference_is_node_24():
    old, new = (Runtime(f"node{v}", "node", ("node",), f"{v}.1.0") for v in (20, 24))
    assert reference_of([old, new]) == new
    assert reference_of([old]) == old
    assert reference_of([Runtime("bun", "bun", ("bun",), "24.0.0")]) is None


def test_how_a_case_is_run():
    def line(kind):
        return Runtime(kind, kind, (kind, "--option"), "1.0").line("case.mjs", ["a"], "calls")

    assert line("edgejs") == ["edgejs", "--trace-napi=calls", "--option", "case.mjs", "a"]
    assert line("node") == ["node", "--option", "case.mjs", "a"]
    assert line("bun") == ["bun", "--option", "case.mjs", "a"]
    assert line("deno")[:2] == ["deno", "run"] and line("deno")[-2:] == ["case.mjs", "a"]


def test_what_is_no_runtime(program):
    program("node", "nothing of use")
    for text in ("node", "node=none-of-this-name", "python3", "node="):
        with pytest.raises(UnknownRuntime):
            named(text, command_path())
