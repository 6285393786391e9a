# SPDX-License-Identifier: Apache-2.0
"""`--install-strategy=linked`: packages lie in the store once, and see what they declare and nothing else."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from edgejs.registry_cache import Store
from edgejs.registry_cache.linked import store_folders, sweep
from registry_fixture import read_json, run_edgejs, write_json

LINKED = "--install-strategy=linked"


@pytest.fixture
def packages(registry: Any) -> None:
    registry.publish(
        {"name": "a", "version": "1.0.0", "dependencies": {"b": "1", "@s/c": "1"}, "bin": "index.js"}
    )
    registry.publish({"name": "b", "version": "1.0.0", "dependencies": {"a": "1"}})  # a circle
    registry.publish({"name": "@s/c", "version": "1.0.0"})
    registry.publish({"name": "mac", "version": "1.0.0", "os": ["darwin"]})


def visible(folder: Path) -> list[str]:
    """Names that a package in `folder` finds in the node_modules around it."""
    modules = folder.resolve()
    while modules.name != "node_modules":
        modules = modules.parent
    found = []
    for entry in sorted(modules.iterdir()):
        found += (
            [f"{entry.name}/{inner.name}" for inner in entry.iterdir()]
            if entry.name[0] == "@"
            else [entry.name]
        )
    return found


def test_what_is_where(packages: None, project: Path) -> None:
    result = run_edgejs(project, "install", "a", "mac", "--save-optional", LINKED)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("\nadded 3 packages")
    names = sorted(path.name for path in (project / "node_modules").iterdir())
    assert names == [".bin", ".edgejs-linked.json", "a"]
    a = (project / "node_modules/a").resolve()
    assert visible(a) == ["@s/c", "a", "b"]
    assert visible(a.parent / "b") == ["a", "b"]
    assert (a.parent / "b").resolve().parent.joinpath("a").resolve() == a
    assert os.readlink(project / "node_modules/.bin/a") == "../a/index.js"
    assert "node_modules/mac" in read_json(project / "package-lock.json")["packages"]


def test_two_projects_share_one_copy(packages: None, project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write_json(other / "package.json", {"name": "other", "version": "1.0.0"})
    for folder in (project, other):
        assert run_edgejs(folder, "install", "a", LINKED).returncode == 0
    assert (project / "node_modules/a").resolve() == (other / "node_modules/a").resolve()


def test_again_and_with_the_lock_file_alone(packages: None, project: Path) -> None:
    run_edgejs(project, "install", "a", LINKED)
    assert run_edgejs(project, "install", LINKED).stdout.startswith("\nup to date")
    shutil.rmtree(project / "node_modules")
    assert run_edgejs(project, "ci", LINKED).stdout.startswith("\nadded 3 packages")
    assert run_edgejs(project, "ls", "--all").returncode == 0


def test_a_lost_link_or_folder_comes_back(packages: None, project: Path) -> None:
    run_edgejs(project, "install", "a", LINKED)
    shutil.rmtree((project / "node_modules/a").resolve().parent.parent)
    assert run_edgejs(project, "install", LINKED).returncode == 0
    assert (project / "node_modules/a/package.json").exists()
    (project / "node_modules/a").unlink()
    assert run_edgejs(project, "install", LINKED).returncode == 0
    assert (project / "node_modules/a/package.json").exists()


def test_from_one_layout_to_the_other(packages: None, project: Path) -> None:
    run_edgejs(project, "install", "a")
    assert (project / "node_modules/b").is_dir()
    run_edgejs(project, "install", LINKED)
    assert not (project / "node_modules/b").exists()
    assert (project / "node_modules/a").is_symlink()
    run_edgejs(project, "install")
    assert not (project / "node_modules/a").is_symlink()
    assert not (project / "node_modules/.edgejs-linked.json").exists()
    assert (project / "node_modules/b").is_dir()


def test_removing_a_package(packages: None, project: Path) -> None:
    run_edgejs(project, "install", "a", "@s/c", LINKED)
    assert run_edgejs(project, "uninstall", "@s/c", LINKED).returncode == 0
    assert not (project / "node_modules/@s").exists()
    assert (project / "node_modules/a").exists()


def test_scripts_get_a_copy_of_their_own(packages: None, registry: Any, project: Path) -> None:
    registry.publish({"name": "made", "version": "1.0.0", "scripts": {"install": "echo made > made.txt"}})
    registry.publish({"name": "user", "version": "1.0.0", "dependencies": {"made": "1"}})
    result = run_edgejs(project, "install", "user", LINKED, "--allow-scripts=made")
    assert result.returncode == 0, result.stderr
    user = (project / "node_modules/user").resolve()
    assert user.is_relative_to(project)
    assert (user.parent / "made" / "made.txt").read_text() == "made\n"
    assert not any("made@" in folder for folder in store_folders(Store(os.environ["EDGEJS_CACHE_DIR"])))


def test_workspaces(packages: None, project: Path) -> None:
    write_json(project / "package.json", {"name": "project", "workspaces": ["w"]})
    (project / "w").mkdir()
    write_json(project / "w/package.json", {"name": "w", "version": "1.0.0", "dependencies": {"a": "1"}})
    assert run_edgejs(project, "install", LINKED).returncode == 0
    assert (project / "node_modules/w").resolve() == project / "w"
    assert (project / "w/node_modules/a/package.json").exists()
    assert not (project / "node_modules/a").exists()


def test_what_no_project_uses_is_swept_out(packages: None, project: Path, tmp_path: Path) -> None:
    run_edgejs(project, "install", "a", LINKED)
    store = Store(os.environ["EDGEJS_CACHE_DIR"])
    later = time.time() + 10
    assert sweep(store, later) == 0
    assert len(store_folders(store)) == 3
    run_edgejs(project, "uninstall", "a", LINKED)
    assert sweep(store, time.time() - 3600) == 0  # may belong to an install under way
    assert sweep(store, later) == 3
    assert store_folders(store) == []
