# SPDX-License-Identifier: Apache-2.0
"""A lock file of version 1 is kept to, and becomes one of version 3: npm's, byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from registry_fixture import read_json, run_edgejs, run_npm, same_as_npm, write_json


@pytest.fixture
def old(project: Path, registry: Any) -> Path:
    """A project locked by an old npm, whose packages have got newer versions since."""
    registry.publish({"name": "a", "version": "1.0.0", "dependencies": {"c": "^1.0.0"}})
    registry.publish({"name": "b", "version": "1.0.0", "dependencies": {"c": "^2.0.0"}})
    registry.publish({"name": "c", "version": "1.0.0", "engines": {"node": ">=6"}})
    registry.publish({"name": "c", "version": "2.0.0"})
    registry.publish({"name": "mac", "version": "1.0.0", "os": ["darwin"]})
    write_json(
        project / "package.json",
        {
            "name": "project",
            "version": "1.0.0",
            "dependencies": {"a": "^1.0.0", "other": "npm:b@^1.0.0"},
            "devDependencies": {"b": "^1.0.0"},
            "optionalDependencies": {"mac": "1"},
        },
    )
    assert run_npm(project, "install", "--lockfile-version=1", "--package-lock-only").returncode == 0
    assert read_json(project / "package-lock.json")["lockfileVersion"] == 1
    registry.publish({"name": "a", "version": "1.1.0"})
    registry.publish({"name": "c", "version": "1.1.0"})
    return project


def test_install_makes_of_it_what_npm_makes(old: Path) -> None:
    same_as_npm(old, ["install", "--package-lock-only"])
    locked = read_json(old / "package-lock.json")
    assert locked["lockfileVersion"] == 3
    assert locked["packages"]["node_modules/a"]["version"] == "1.0.0"


def test_ci_installs_it(old: Path) -> None:
    before = (old / "package-lock.json").read_bytes()
    result = run_edgejs(old, "ci")
    assert result.returncode == 0, result.stderr
    assert "old lockfile" in result.stderr
    assert read_json(old / "node_modules/c/package.json")["version"] == "1.0.0"
    assert (old / "package-lock.json").read_bytes() == before


def test_ls_reads_it(old: Path) -> None:
    theirs = run_npm(old, "ls", "--all", "--package-lock-only")
    assert run_edgejs(old, "ls", "--all", "--package-lock-only").stdout == theirs.stdout
