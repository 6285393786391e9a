# SPDX-License-Identifier: Apache-2.0
"""`ls`, `explain` and `outdated` print what npm prints, and end as npm ends."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from registry_fixture import need_npm, read_json, run_edgejs, run_npm, write_json


@pytest.fixture
def installed(project: Path, registry: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a workspace, a deduped, a dev, an optional and a peer dependency."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name, version, more in (
        ("a", "1.0.0", {"dependencies": {"c": "^1.0.0", "d": "1"}}),
        ("a", "1.1.0", {"dependencies": {"c": "^1.0.0"}}),
        ("b", "1.0.0", {"dependencies": {"c": "^2.0.0"}, "peerDependencies": {"a": "*"}}),
        ("b", "2.0.0", {}),
        ("c", "1.0.0", {}),
        ("c", "2.0.0", {"dependencies": {"d": "^1.0.0"}}),
        ("d", "1.0.0", {"dependencies": {"a": "*"}}),
    ):
        registry.publish({"name": name, "version": version, **more})
    write_json(
        project / "package.json",
        {
            "name": "project",
            "version": "1.0.0",
            "workspaces": ["w"],
            "dependencies": {"a": "1.0.0", "c": "1"},
            "devDependencies": {"b": "^1.0.0"},
            "optionalDependencies": {"gone": "1"},
        },
    )
    (project / "w").mkdir()
    write_json(project / "w" / "package.json", {"name": "w", "version": "3.0.0", "dependencies": {"d": "1"}})
    assert run_edgejs(project, "install").returncode == 0
    return project


def compare(project: Path, *command: str, as_json: bool = False) -> None:
    need_npm()
    theirs, ours = run_npm(project, *command), run_edgejs(project, *command)
    assert ours.returncode == theirs.returncode, ours.stderr
    if as_json:
        assert json.loads(ours.stdout) == json.loads(theirs.stdout)
    else:
        assert ours.stdout == theirs.stdout
    wanted = [line.removeprefix("npm ") for line in theirs.stderr.splitlines() if "complete log" not in line]
    assert [
        line.removeprefix("edgejs ") for line in ours.stderr.splitlines() if "complete log" not in line
    ] == wanted


@pytest.mark.parametrize(
    "command",
    ["ls", "ls --all", "ls --depth=1", "ls c", "ls c@2", "ls nothing", "ls --all --omit=dev", "ls -p --all"],
)
def test_ls(command: str, installed: Path) -> None:
    compare(installed, *command.split())


@pytest.mark.parametrize("command", ["ls --json", "ls --all --json"])
def test_ls_json(command: str, installed: Path) -> None:
    compare(installed, *command.split(), as_json=True)


def test_ls_with_problems(installed: Path) -> None:
    shutil.rmtree(installed / "node_modules/d")
    manifest = read_json(installed / "node_modules/c/package.json")
    (installed / "node_modules/c/package.json").unlink()
    write_json(installed / "node_modules/c/package.json", {**manifest, "version": "9.0.0"})
    (installed / "node_modules/extra").mkdir()
    write_json(installed / "node_modules/extra/package.json", {"name": "extra", "version": "1.0.0"})
    compare(installed, "ls")
    compare(installed, "ls", "--all")


def test_ls_of_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    compare(project, "ls")


@pytest.mark.parametrize("name", ["c", "d", "a", "w", "node_modules/c", "c@2", "nothing"])
def test_explain(name: str, installed: Path) -> None:
    if name == "nothing":
        failed = run_edgejs(installed, "why", name)
        assert failed.returncode == 1
        assert "No dependencies found matching nothing" in failed.stderr
    else:
        need_npm()
        theirs, ours = run_npm(installed, "explain", name), run_edgejs(installed, "explain", name)
        # The order of dependents is that in which the tree was read, which differs; and npm shows the flags
        # of a package again where it meets it a second time.
        inner = re.compile(r"(from \S+) (?:dev|peer)\b")
        texts = [inner.sub(r"\1", one.stdout).splitlines() for one in (ours, theirs)]
        assert sorted(texts[0]) == sorted(texts[1])


@pytest.mark.parametrize(
    "command", ["outdated", "outdated --all", "outdated b", "outdated -p", "outdated -w w"]
)
def test_outdated(command: str, installed: Path) -> None:
    compare(installed, *command.split())
    assert run_edgejs(installed, "outdated").returncode == 1


def test_outdated_json(installed: Path) -> None:
    compare(installed, "outdated", "--json", as_json=True)


def test_nothing_is_outdated(installed: Path) -> None:
    write_json(installed / "package.json", {"name": "project", "version": "1.0.0"})
    result = run_edgejs(installed, "outdated")
    assert (result.returncode, result.stdout) == (0, "")
