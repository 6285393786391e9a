# SPDX-License-Identifier: Apache-2.0
"""`audit` and `audit fix` report and mend what npm reports and mends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from registry_fixture import read_json, run_edgejs, run_npm, write_json


def advisory(number: int, title: str, severity: str, versions: str) -> dict[str, Any]:
    return {
        "id": number,
        "url": f"https://example.org/advisories/{number}",
        "title": title,
        "severity": severity,
        "vulnerable_versions": versions,
        "cwe": ["CWE-79"],
        "cvss": {"score": 5.3, "vectorString": None},
    }


@pytest.fixture
def vulnerable(project: Path, registry: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one package that an update mends, one that only a new major version does, and one that nothing does."""
    monkeypatch.setenv("npm_config_audit", "true")

    def publish(name: str, version: str, **dependencies: str) -> None:
        registry.publish({"name": name, "version": version, "dependencies": dependencies})

    publish("leaf", "1.0.0")
    publish("middle", "1.0.0", leaf="^1.0.0")
    publish("middle", "1.1.0", leaf="^1.0.0")
    publish("pinned", "1.0.0")
    publish("hopeless", "1.0.0")
    publish("fine", "1.0.0")
    dependencies = {"middle": "^1.0.0", "pinned": "^1.0.0", "hopeless": "*", "fine": "1"}
    write_json(
        project / "package.json", {"name": "project", "version": "1.0.0", "dependencies": dependencies}
    )
    assert run_edgejs(project, "install").returncode == 0
    publish("leaf", "1.0.1")
    publish("middle", "2.0.0", leaf="^2.0.0")
    publish("pinned", "2.0.0")
    registry.advisories = {
        "leaf": [
            advisory(1, "Prototype pollution", "high", "<1.0.1"),
            advisory(2, "Slow", "moderate", "<1.0.1"),
        ],
        "pinned": [advisory(3, "Reads too far", "critical", "<2.0.0")],
        "hopeless": [advisory(4, "Lost cause", "low", "*")],
    }
    return project


def as_ours(text: str) -> str:
    return text.replace("npm audit", "edgejs audit")


@pytest.mark.parametrize(
    "flags", [(), ("--audit-level=critical",), ("--omit=dev",), ("--package-lock-only",)]
)
def test_the_report_is_npms(vulnerable: Path, flags: tuple[str, ...]) -> None:
    theirs, ours = run_npm(vulnerable, "audit", *flags), run_edgejs(vulnerable, "audit", *flags)
    assert ours.stdout == as_ours(theirs.stdout)
    assert ours.returncode == theirs.returncode == 1


def test_a_lower_level_is_no_failure(vulnerable: Path, registry: Any) -> None:
    registry.advisories = {"hopeless": registry.advisories["hopeless"]}
    assert run_edgejs(vulnerable, "audit", "--audit-level=moderate").returncode == 0


def test_the_json_report_is_npms(vulnerable: Path) -> None:
    theirs, ours = run_npm(vulnerable, "audit", "--json"), run_edgejs(vulnerable, "audit", "--json")
    assert json.loads(ours.stdout) == json.loads(theirs.stdout)


def test_those_who_can_only_have_what_is_vulnerable_are_so_too(vulnerable: Path, registry: Any) -> None:
    registry.advisories = {"leaf": [advisory(1, "All of it", "high", "<2.0.0")]}
    theirs, ours = run_npm(vulnerable, "audit", "--json"), run_edgejs(vulnerable, "audit", "--json")
    assert json.loads(ours.stdout) == json.loads(theirs.stdout)
    assert "middle" in json.loads(ours.stdout)["vulnerabilities"]
    assert run_edgejs(vulnerable, "audit").stdout == as_ours(run_npm(vulnerable, "audit").stdout)


def test_nothing_known(vulnerable: Path, registry: Any) -> None:
    registry.advisories = {}
    result = run_edgejs(vulnerable, "audit")
    assert (result.stdout, result.returncode) == ("found 0 vulnerabilities\n", 0)


def test_a_registry_that_does_not_audit(vulnerable: Path, registry: Any) -> None:
    registry.advisories = None
    result = run_edgejs(vulnerable, "audit")
    assert result.returncode == 1
    assert "405" in result.stderr
    assert "audit endpoint returned an error" in result.stderr


def test_fix_makes_of_the_project_what_npm_makes(vulnerable: Path) -> None:
    run_edgejs(vulnerable, "audit", "fix")
    locked = read_json(vulnerable / "package-lock.json")["packages"]
    assert locked["node_modules/leaf"]["version"] == "1.0.1"
    assert locked["node_modules/pinned"]["version"] == "1.0.0"


def test_fix_by_force_takes_what_package_json_does_not_allow(vulnerable: Path) -> None:
    run_edgejs(vulnerable, "audit", "fix", "--force")
    assert read_json(vulnerable / "package.json")["dependencies"]["pinned"] == "^2.0.0"
    assert read_json(vulnerable / "node_modules/pinned/package.json")["version"] == "2.0.0"
