# SPDX-License-Identifier: Apache-2.0
"""Folders, tarball files, tarball addresses and git repositories as dependencies, compared with npm."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from registry_fixture import read_json, run_edgejs, run_npm, same_as_npm, write_json


def folder(path: Path, name: str, **package: Any) -> None:
    path.mkdir(parents=True)
    write_json(path / "package.json", {"name": name, "version": "1.0.0", **package})


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository with two tagged versions of package `g`."""
    path = tmp_path / "repository"
    folder(path, "g", files=["lib"])
    (path / "lib").mkdir()
    (path / "lib" / "index.js").write_text("module.exports = 1\n")
    (path / "notes.txt").write_text("not packed\n")

    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.invalid"]
        subprocess.run(["git", *identity, *arguments], cwd=path, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-q", "-m", "one")
    git("tag", "v1.0.0")
    write_json(path / "package.json", {"name": "g", "version": "2.0.0", "files": ["lib"]})
    git("commit", "-q", "-am", "two")
    git("tag", "-a", "v2.0.0", "-m", "annotated")
    return path


def test_a_folder_inside(project: Path, registry: Any) -> None:
    registry.publish({"name": "y", "version": "1.0.0"})
    folder(project / "lib", "lib", dependencies={"y": "^1.0.0"}, bin={"lib": "cli.js"})
    (project / "lib" / "cli.js").write_text("#!/usr/bin/env node\n")
    same_as_npm(project, ["install", "./lib"], ["install"], ["ci"])
    assert (project / "lib/cli.js").stat().st_mode & 0o111
    same_as_npm(project, ["uninstall", "lib"])


def test_a_folder_outside(project: Path) -> None:
    folder(project.parent / "beside", "beside")
    same_as_npm(project, ["install", "../beside"], ["install"])
    assert read_json(project / "package.json")["dependencies"] == {"beside": "file:../beside"}


def test_a_tarball_file(project: Path, registry: Any, make_tarball: Callable[..., bytes]) -> None:
    registry.publish({"name": "y", "version": "1.0.0"})
    data = make_tarball(
        {"package.json": '{"name":"t","version":"3.0.0","dependencies":{"y":"1"}}', "i.js": ""}
    )
    (project / "t.tgz").write_bytes(data)
    same_as_npm(project, ["install", "./t.tgz"], ["install"], ["ci"])


def test_a_tarball_address(project: Path, registry: Any) -> None:
    registry.publish({"name": "y", "version": "1.0.0"})
    same_as_npm(project, ["install", f"{registry.url}y/-/y-1.0.0.tgz"], ["install"], ["ci"])


@pytest.mark.parametrize("fragment", ["", "#v1.0.0", "#semver:^1", "#main"])
def test_a_git_repository(fragment: str, project: Path, repository: Path) -> None:
    spec = f"git+file://{repository}{fragment}"
    write_json(project / "package.json", {"name": "project", "version": "1.0.0", "dependencies": {"g": spec}})
    assert run_edgejs(project, "install").returncode == 0
    version = "1.0.0" if "1" in fragment else "2.0.0"
    assert read_json(project / "node_modules/g/package.json")["version"] == version
    assert sorted(one.name for one in (project / "node_modules/g").iterdir()) == ["lib", "package.json"]
    entry = read_json(project / "package-lock.json")["packages"]["node_modules/g"]
    commit = subprocess.run(
        ["git", "rev-parse", f"v{version}^{{commit}}"], cwd=repository, capture_output=True, text=True
    ).stdout.strip()
    assert entry["resolved"] == f"git+file://{repository}#{commit}"
    assert run_edgejs(project, "install").stdout.startswith("\nup to date")
    assert run_npm(project, "ci").returncode == 0


def test_refusals(project: Path, repository: Path) -> None:
    missing = run_edgejs(project, "install", "./nope")
    assert "code ENOENT" in missing.stderr and "Could not read package.json" in missing.stderr
    assert "code ENOENT" in run_edgejs(project, "install", "./nope.tgz").stderr
    gone = run_edgejs(project, "install", f"git+file://{repository}#nope")
    assert "edgejs error code " in gone.stderr and "An unknown git error occurred" in gone.stderr
    assert "code EINVALIDGITREF" in run_edgejs(project, "install", "u/r#--upload-pack=x").stderr
    assert "code EUNSUPPORTEDGITPATH" in run_edgejs(project, "install", "u/r#path:x").stderr
    assert "code ENOVERSIONS" in run_edgejs(project, "install", f"git+file://{repository}#semver:^9").stderr
