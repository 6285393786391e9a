# SPDX-License-Identifier: Apache-2.0
"""`--before` and `--min-release-age`: young versions are not chosen, as with npm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from registry_fixture import need_npm, read_json, run_edgejs, run_npm


@pytest.fixture(autouse=True)
def packages(registry: Any) -> None:
    days = {"1.0.0": 900, "1.1.0": 600, "1.2.0": 30, "2.0.0": 1}
    for version in days:
        registry.publish({"name": "a", "version": version})
    now = datetime.now(timezone.utc)
    registry.times["a"] = {version: (now - timedelta(days=age)).isoformat() for version, age in days.items()}


def before(days: int) -> str:
    return f"--before={(datetime.now(timezone.utc) - timedelta(days=days)).isoformat()}"


def younger_than(days: int) -> str:
    return f"--min-release-age={days}"


@pytest.mark.parametrize(
    ("spec", "limit", "days", "version"),
    [
        ("a", younger_than, 7, "1.2.0"),
        ("a@latest", younger_than, 100, "1.1.0"),
        ("a@^1", before, 700, "1.0.0"),
        ("a@2.0.0", younger_than, 7, "2.0.0"),
    ],
)
def test_what_is_chosen(
    spec: str, limit: Callable[[int], str], days: int, version: str, project: Path
) -> None:
    result = run_edgejs(project, "install", spec, limit(days))
    assert result.returncode == 0, result.stderr
    assert read_json(project / "node_modules/a/package.json")["version"] == version


@pytest.mark.parametrize(("spec", "days"), [("a@^1", 100), ("a", 20), ("a@latest", 100)])
def test_as_npm(spec: str, days: int, project: Path) -> None:
    need_npm()
    versions = []
    for run in (run_npm, run_edgejs):
        assert run(project, "install", "--no-save", spec, before(days)).returncode == 0
        versions.append(read_json(project / "node_modules/a/package.json")["version"])
    assert versions[0] == versions[1]


def test_refusals_and_exceptions(project: Path) -> None:
    assert "code ETARGET" in run_edgejs(project, "install", "a@^2", "--min-release-age=7").stderr
    assert "code ENOVERSIONS" in run_edgejs(project, "install", "a", before(5000)).stderr
    assert "code EINVALIDCONFIG" in run_edgejs(project, "install", "a", "--before=soon").stderr
    (project / ".npmrc").write_text("min-release-age=7\nmin-release-age-exclude=@s/*,a\n")
    assert run_edgejs(project, "install", "a@^2").returncode == 0
