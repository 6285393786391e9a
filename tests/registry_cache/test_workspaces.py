# SPDX-License-Identifier: Apache-2.0
"""Workspaces: links, hoisting, lock files and `-w` as with npm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from registry_fixture import read_json, run_edgejs, same_as_npm, write_json


def add(project: Path, folder: str, **package: Any) -> None:
    (project / folder).mkdir(parents=True)
    write_json(project / folder / "package.json", {"name": Path(folder).name, "version": "1.0.0", **package})


@pytest.fixture
def monorepo(project: Path, registry: Any) -> Path:
    for name, version, more in (
        ("x", "1.0.0", {"dependencies": {"y": "^1.0.0"}}),
        ("x", "2.0.0", {}),
        ("y", "1.0.0", {}),
        ("y", "1.2.0", {"bin": {"why": "index.js"}}),
        ("tool", "1.0.0", {"bin": {"tool": "index.js"}}),
    ):
        registry.publish({"name": name, "version": version, **more})
    write_json(
        project / "package.json",
        {
            "name": "project",
            "version": "1.0.0",
            "workspaces": ["packages/*", "apps/web"],
            "dependencies": {"x": "^2.0.0"},
        },
    )
    add(project, "packages/a", dependencies={"x": "^1.0.0", "b": "^1.0.0"}, devDependencies={"tool": "1"})
    add(project, "packages/b", dependencies={"y": "1.0.0"}, license="MIT")
    add(project, "apps/web", name="@s/web", dependencies={"a": "*"}, engines={"node": ">=4"})
    return project


def test_fresh_then_again_then_ci(monorepo: Path) -> None:
    same_as_npm(monorepo, ["install"], ["install"], ["ci"])
    assert (monorepo / "node_modules/a").resolve() == monorepo / "packages/a"
    assert read_json(monorepo / "packages/a/node_modules/x/package.json")["version"] == "1.0.0"


def test_adding_to_a_workspace(monorepo: Path) -> None:
    same_as_npm(monorepo, ["install"], ["install", "y", "-w", "a"], ["install", "-D", "b", "-w", "@s/web"])
    assert read_json(monorepo / "packages/a/package.json")["dependencies"]["y"] == "^1.2.0"


def test_removing_from_a_workspace(monorepo: Path) -> None:
    same_as_npm(monorepo, ["install"], ["uninstall", "x", "-w", "a"])


def test_a_workspace_that_went_away(monorepo: Path) -> None:
    run_edgejs(monorepo, "install")
    manifest = read_json(monorepo / "package.json")
    write_json(monorepo / "package.json", {**manifest, "workspaces": ["packages/*"]})
    assert run_edgejs(monorepo, "install").returncode == 0
    assert not (monorepo / "node_modules/@s").exists()
    assert "apps/web" not in read_json(monorepo / "package-lock.json")["packages"]


def test_the_workspace_protocol_means_a_workspace(monorepo: Path) -> None:
    add(monorepo, "packages/c", dependencies={"b": "workspace:^"})
    assert run_edgejs(monorepo, "install").returncode == 0
    write_json(monorepo / "packages/c/package.json", {"name": "c", "dependencies": {"x": "workspace:*"}})
    refused = run_edgejs(monorepo, "install")
    assert "code EUNSUPPORTEDPROTOCOL" in refused.stderr
    assert "no workspace is named x" in refused.stderr


def test_refusals(monorepo: Path) -> None:
    assert "code ENOWORKSPACES" in run_edgejs(monorepo, "install", "y", "-w", "nope").stderr
    add(monorepo, "packages/d", name="a")
    assert "code EDUPLICATEWORKSPACE" in run_edgejs(monorepo, "install").stderr
    write_json(monorepo / "package.json", {"workspaces": {"packages": "x"}})
    assert "code EWORKSPACESCONFIG" in run_edgejs(monorepo, "install").stderr
