# SPDX-License-Identifier: Apache-2.0
"""Processes share a store and even a project without harm."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from registry_fixture import snapshot, write_json

COMMAND = [sys.executable, "-m", "edgejs.registry_cache", "install"]


def _publish(registry: Any) -> None:
    for name in "abcdef":
        registry.publish({"name": name, "version": "1.0.0"}, {f"f{n}.js": f"{n}" for n in range(30)})


def _run_all(folders: list[Path], *specs: str) -> None:
    running = [
        subprocess.Popen(
            [*COMMAND, *specs], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for folder in folders
    ]
    for process in running:
        _out, err = process.communicate(timeout=100)
        assert process.returncode == 0, err


def test_ten_projects_one_store(project: Path, registry: Any) -> None:
    _publish(registry)
    others = [project.parent / f"elsewhere-{number}" / "project" for number in range(9)]
    for other in others:
        other.mkdir(parents=True)
        write_json(other / "package.json", {"name": "project", "version": "1.0.0"})
    _run_all([project, *others], *"abcdef")
    assert len(snapshot(project)) > 6 * 32
    assert [other for other in others if snapshot(project) != snapshot(other)] == []
    store = project.parent / "store"
    assert not list(store.rglob(".tmp-*"))
    assert len(list(store.glob("index-v1/*/*/*"))) == 6


def test_two_installs_in_one_project(project: Path, registry: Any) -> None:
    _publish(registry)
    _run_all([project, project], *"abcdef")
    assert sorted(path.name for path in (project / "node_modules").iterdir()) == [
        ".package-lock.json",
        *"abcdef",
    ]
