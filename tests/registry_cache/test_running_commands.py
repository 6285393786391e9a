# SPDX-License-Identifier: Apache-2.0
"""`run`, `test`, `start`, `restart` and `exec`: scripts, commands of packages, and temporary installs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from registry_fixture import run_edgejs, write_json


@pytest.fixture
def scripts(project: Path) -> Path:
    write_json(
        project / "package.json",
        {
            "name": "project",
            "version": "1.0.0",
            "workspaces": ["w"],
            "scripts": {"pretest": "echo before", "test": "echo test", "stop": "echo stop", "code": "exit 7"},
        },
    )
    (project / "w").mkdir()
    write_json(
        project / "w/package.json", {"name": "w", "scripts": {"where": "basename $PWD", "start": "echo w"}}
    )
    return project


def said(result: Any) -> list[str]:
    return [line for line in result.stdout.splitlines() if line and not line.startswith(">")]


@pytest.mark.parametrize("command", [["test"], ["t"], ["run", "test"], ["run-script", "test"]])
def test_by_name(command: list[str], scripts: Path) -> None:
    assert said(run_edgejs(scripts, *command)) == ["before", "test"]
    assert said(run_edgejs(scripts, *command, "--flag", "$x y")) == ["before", "test --flag $x y"]


def test_codes_and_silence(scripts: Path) -> None:
    assert run_edgejs(scripts, "run", "code").returncode == 7
    assert run_edgejs(scripts, "run", "--silent", "test").stdout == "before\ntest\n"
    assert run_edgejs(scripts, "run", "--if-present", "nothing").returncode == 0
    missing = run_edgejs(scripts, "run", "tset")
    assert (missing.returncode, 'Missing script: "tset"' in missing.stderr) == (1, True)
    assert "edgejs run test" in missing.stderr
    (scripts / "package.json").unlink()
    assert "code ENOENT" in run_edgejs(scripts, "run", "test").stderr


def test_start_and_restart(scripts: Path) -> None:
    assert 'Missing script: "start"' in run_edgejs(scripts, "start").stderr
    (scripts / "server.js").write_text("console.log('serving')")
    assert said(run_edgejs(scripts, "restart")) == ["stop", "serving"]


def test_the_list(scripts: Path) -> None:
    assert run_edgejs(scripts, "run").stdout == (
        "Lifecycle scripts included in project@1.0.0:\n  test\n    echo test\n  stop\n    echo stop\n\n"
        "available via `edgejs run`:\n  pretest\n    echo before\n  code\n    exit 7\n\n"
    )


def test_in_workspaces(scripts: Path) -> None:
    assert said(run_edgejs(scripts, "run", "-w", "w", "where")) == ["w"]
    assert said(
        run_edgejs(scripts, "run", "--workspaces", "--include-workspace-root", "--if-present", "start")
    ) == ["w"]


@pytest.fixture
def tools(project: Path, registry: Any) -> Path:
    def tool(text: str) -> dict[str, bytes | str]:
        return {"cli.sh": f'#!/bin/sh\necho {text} "$@"\n'}

    registry.publish({"name": "tool", "version": "1.0.0", "bin": "cli.sh"}, tool("one"))
    registry.publish({"name": "tool", "version": "2.0.0", "bin": "cli.sh"}, tool("two"))
    registry.publish(
        {"name": "many", "version": "1.0.0", "bin": {"x": "cli.sh", "y": "other.sh"}},
        {**tool("x"), "other.sh": ""},
    )
    registry.publish({"name": "create-app", "version": "1.0.0", "bin": "cli.sh"}, tool("created"))
    return project


def test_exec_of_what_is_installed(tools: Path) -> None:
    run_edgejs(tools, "install", "tool@1")
    for name in ("exec", "x"):
        assert run_edgejs(tools, name, "tool", "a b", "--flag").stdout == "one a b --flag\n"
        assert run_edgejs(tools, name, "tool", "--", "a b", "--flag").stdout == "one a b --flag\n"
    assert said(run_edgejs(tools, "run", "tool", "z")) == ["one z"]


def test_exec_of_what_is_not(tools: Path) -> None:
    assert run_edgejs(tools, "exec", "tool", "z").stdout == "two z\n"
    assert run_edgejs(tools, "dlx", "tool@1", "z").stdout == "one z\n"
    assert run_edgejs(tools, "exec", "--package=many", "--", "x", "z").stdout == "x z\n"
    assert run_edgejs(tools, "exec", "-p", "tool@1", "-c", "tool in a shell").stdout == "one in a shell\n"
    assert not (tools / "node_modules").exists()
    assert run_edgejs(tools, "init", "app", "here").stdout == "created here\n"


def test_exec_of_what_an_earlier_run_left_needs_no_network(tools: Path, registry: Any) -> None:
    first = run_edgejs(tools, "exec", "-y", "tool@1.0.0")
    asked = len(registry.requests)
    again = run_edgejs(tools, "exec", "--offline", "tool@1.0.0")
    assert (again.returncode, again.stdout) == (first.returncode, first.stdout) == (0, "one\n")
    assert len(registry.requests) == asked


def test_exec_refusals(tools: Path) -> None:
    assert "could not determine executable to run" in run_edgejs(tools, "exec", "many").stderr
    missing = run_edgejs(tools, "exec", "-p", "tool", "nope")
    assert (missing.returncode, "nope: not found" in missing.stderr) == (127, True)
    assert "code E404" in run_edgejs(tools, "exec", "not-there").stderr
    assert "code ECANCELED" in run_edgejs(tools, "exec", "--no", "create-app").stderr
    assert "code EUSAGE" in run_edgejs(tools, "exec").stderr
