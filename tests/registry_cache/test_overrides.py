# SPDX-License-Identifier: Apache-2.0
"""`overrides` of package.json change the tree as they do with npm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from registry_fixture import run_edgejs, same_as_npm, write_json

RULES: dict[str, Any] = {
    "everywhere": {"c": "1.0.0"},
    "below-one": {"a": {"c": "1.0.0"}},
    "two-levels": {"a": {"b": {"c": "1.1.0"}}},
    "itself-and-below": {"b": {".": "1.0.0", "c": "1.0.0"}},
    "for-a-range": {"c@^2.0.0": "1.1.0"},
    "for-a-range-that-nobody-has": {"c@^7.0.0": "1.1.0"},
    "a-reference": {"c": "$c"},
}


@pytest.fixture
def packages(registry: Any) -> None:
    for name, version, dependencies in (
        ("a", "1.0.0", {"b": "^1.0.0", "c": "^2.0.0"}),
        ("b", "1.0.0", {"c": "^1.0.0"}),
        ("b", "1.1.0", {"c": "^2.0.0"}),
        ("c", "1.0.0", {}),
        ("c", "1.1.0", {}),
        ("c", "2.0.0", {}),
    ):
        registry.publish({"name": name, "version": version, "dependencies": dependencies})


@pytest.mark.parametrize("name", RULES)
def test_as_npm(name: str, packages: None, project: Path) -> None:
    dependencies = {"a": "1"} if name == "itself-and-below" else {"a": "1", "b": "^1.0.0"}
    if name == "a-reference":
        dependencies["c"] = "1.0.0"
    write_json(
        project / "package.json",
        {"name": "project", "version": "1.0.0", "dependencies": dependencies, "overrides": RULES[name]},
    )
    same_as_npm(project, ["install"], ["install"])


def test_added_later(packages: None, project: Path) -> None:
    run_edgejs(project, "install", "a")
    write_json(
        project / "package.json",
        {"name": "project", "version": "1.0.0", "dependencies": {"a": "^1.0.0"}, "overrides": {"c": "1.1.0"}},
    )
    same_as_npm(project, ["install"])


def test_refusals(packages: None, project: Path) -> None:
    base = {"name": "project", "version": "1.0.0", "dependencies": {"a": "^1.0.0"}}
    write_json(project / "package.json", {**base, "overrides": {"a": "2.0.0"}})
    conflict = run_edgejs(project, "install")
    assert "code EOVERRIDE" in conflict.stderr
    assert "Override for a@^1.0.0 conflicts with direct dependency" in conflict.stderr
    write_json(project / "package.json", {**base, "overrides": {"c": "$nope"}})
    assert "Unable to resolve reference $nope" in run_edgejs(project, "install").stderr
