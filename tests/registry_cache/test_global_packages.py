# SPDX-License-Identifier: Apache-2.0
"""``-g``: packages of the user instead of a project, where npm puts them and with what npm prints."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from registry_fixture import need_npm, read_json, run_edgejs, run_npm, snapshot, write_json


@pytest.fixture
def prefix(project: Path, tmp_path: Path, registry: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    registry.publish({"name": "a", "version": "1.0.0", "bin": {"a": "index.js"}})
    registry.publish(
        {
            "name": "a",
            "version": "2.0.0",
            "bin": {"a": "index.js"},
            "dependencies": {"b": "1"},
            "peerDependencies": {"p": "1"},
        }
    )
    registry.publish({"name": "b", "version": "1.0.0", "bin": "index.js"})
    registry.publish({"name": "p", "version": "1.0.0"})
    registry.publish(
        {"name": "@s/c", "version": "1.0.0", "dependencies": {"b": "1"}, "bin": {"c": "index.js"}}
    )
    monkeypatch.setenv("npm_config_prefix", str(tmp_path / "prefix"))
    return tmp_path / "prefix"


STEPS = [
    ["install", "a@1", "@s/c"],
    ["ls"],
    ["ls", "--json"],
    ["ls", "--parseable", "--all"],
    ["outdated", "--json"],
    ["install", "a"],
    ["root"],
    ["prefix"],
    ["uninstall", "@s/c"],
    ["uninstall", "a"],
    ["ls"],
]


def test_npm_does_the_same(
    project: Path, prefix: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_npm()
    other = tmp_path / "npm" / "prefix"
    for step in STEPS:
        monkeypatch.setenv("npm_config_prefix", str(other))
        theirs = run_npm(project, step[0], "--global", *step[1:])
        monkeypatch.setenv("npm_config_prefix", str(prefix))
        ours = run_edgejs(project, step[0], "--global", *step[1:])
        assert ours.returncode == theirs.returncode, step
        assert snapshot(prefix) == snapshot(other), step
        expected = theirs.stdout.replace(str(other), str(prefix)).strip().split(" in ")[0]
        assert ours.stdout.strip().split(" in ")[0] == expected, step
        assert snapshot(prefix) == snapshot(other), step
    assert set(os.listdir(project)) == {"package.json"}


def test_a_folder_and_this_one(project: Path, prefix: Path) -> None:
    write_json(project / "package.json", {"name": "mine", "version": "1.0.0", "bin": {"mine": "run.js"}})
    (project / "run.js").write_text("#!/usr/bin/env node\n")
    assert run_edgejs(project, "install", "--global").returncode == 0
    assert os.path.realpath(prefix / "lib/node_modules/mine") == str(project)
    assert os.path.realpath(prefix / "bin/mine") == str(project / "run.js")
    assert run_edgejs(project, "install", "-g", "a@1").returncode == 0
    assert sorted(os.listdir(prefix / "bin")) == ["a", "mine"]
    assert "dependencies" not in read_json(project / "package.json")


def test_update(project: Path, prefix: Path) -> None:
    run_edgejs(project, "install", "-g", "a@1")
    assert run_edgejs(project, "update", "-g").returncode == 0
    assert read_json(prefix / "lib/node_modules/a/package.json")["version"] == "2.0.0"


def test_a_file_that_is_no_packages_stays(project: Path, prefix: Path) -> None:
    (prefix / "bin").mkdir(parents=True)
    (prefix / "bin/a").write_text("mine")
    refused = run_edgejs(project, "install", "-g", "a@1", "--json")
    assert (refused.returncode, json.loads(refused.stdout)["error"]["code"]) == (256 - 17, "EEXIST")
    assert snapshot(prefix) == {"bin/a": b"mine"}
    assert run_edgejs(project, "install", "-g", "a@1", "--force").returncode == 0
    assert os.readlink(prefix / "bin/a") == "../lib/node_modules/a/index.js"


def test_whose_commands_are_not_found_is_told(
    project: Path, prefix: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "not on your PATH" in run_edgejs(project, "install", "-g", "a@1").stderr
    monkeypatch.setenv("PATH", f"{prefix / 'bin'}{os.pathsep}{os.environ['PATH']}")
    assert "PATH" not in run_edgejs(project, "install", "-g", "b").stderr
