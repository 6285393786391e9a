# SPDX-License-Identifier: Apache-2.0
"""`uninstall`, `update`, `prune` and `dedupe` leave behind what npm leaves behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from registry_fixture import read_json, run_edgejs, same_as_npm, write_json


@pytest.fixture
def installed(project: Path, registry: Any) -> Path:
    """A project whose packages have all got newer versions since it was installed."""

    def publish(name: str, version: str, **dependencies: str) -> None:
        registry.publish({"name": name, "version": version, "dependencies": dependencies})

    publish("a", "1.0.0", c="^1.0.0", d="1")
    publish("b", "1.0.0", c="^1.0.0")
    publish("c", "1.0.0")
    publish("d", "1.0.0")
    write_json(
        project / "package.json",
        {
            "name": "project",
            "version": "1.0.0",
            "dependencies": {"a": "^1.0.0", "b": "~1.0.0"},
            "devDependencies": {"d": "1.0.0"},
        },
    )
    assert run_edgejs(project, "install").returncode == 0
    publish("a", "1.1.0", c="^1.0.0")
    publish("a", "2.0.0")
    publish("b", "1.0.3", c="^1.0.0")
    publish("c", "1.4.0")
    publish("d", "1.7.0")
    return project


@pytest.mark.parametrize(
    "step",
    [
        ["uninstall", "a"],
        ["uninstall", "a", "b"],
        ["uninstall", "d"],
        ["uninstall", "nothing"],
        ["uninstall", "--no-save", "a"],
        ["update"],
        ["update", "c"],
        ["update", "a", "b"],
        ["update", "--save"],
        ["update", "--save", "b"],
        ["install"],
        ["prune"],
        ["prune", "--omit=dev"],
        ["dedupe"],
    ],
    ids=" ".join,
)
def test_as_npm(step: list[str], installed: Path) -> None:
    same_as_npm(installed, step)


def test_prune_takes_what_nobody_asked_for(installed: Path) -> None:
    extra = installed / "node_modules/extra"
    extra.mkdir()
    write_json(extra / "package.json", {"name": "extra", "version": "1.0.0"})
    assert "removed 1 package" in run_edgejs(installed, "prune").stdout
    assert not extra.exists()


def test_dedupe_after_a_range_was_widened(project: Path, registry: Any) -> None:
    for name, version, dependencies in (
        ("a", "1.0.0", {"c": "1.0.0"}),
        ("b", "1.0.0", {"c": "^1.0.0"}),
        ("c", "1.0.0", {}),
        ("c", "1.1.0", {}),
    ):
        registry.publish({"name": name, "version": version, "dependencies": dependencies})
    run_edgejs(project, "install", "b")
    run_edgejs(project, "install", "a")
    assert (project / "node_modules/a/node_modules/c").exists()
    same_as_npm(project, ["dedupe"])


def test_refusals(installed: Path) -> None:
    assert "Must provide a package name to remove" in run_edgejs(installed, "rm").stderr
    assert "code EUPDATEARGS" in run_edgejs(installed, "up", "a@2").stderr
    before = read_json(installed / "package-lock.json")
    assert run_edgejs(installed, "update", "--dry-run").stdout.startswith("change a 1.0.0 => 1.1.0\n")
    assert read_json(installed / "package-lock.json") == before
