# SPDX-License-Identifier: Apache-2.0
"""The command: what goes to stdout, what to stderr, and how it ends."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from registry_fixture import read_json, run_edgejs, snapshot


@pytest.fixture(autouse=True)
def packages(registry: Any) -> None:
    registry.publish({"name": "a", "version": "1.0.0", "dependencies": {"b": "1"}})
    registry.publish({"name": "b", "version": "1.0.0", "scripts": {"postinstall": "exit 1"}})


@pytest.mark.parametrize("name", ["install", "i", "add", "isntall", "instal"])
def test_output(name: str, project: Path) -> None:
    result = run_edgejs(project, name, "a")
    assert re.fullmatch(r"\nadded 2 packages in \d+m?s\n\+ a@1\.0\.0\n", result.stdout)
    assert result.stderr == (
        "edgejs warn install-scripts not run: b@1.0.0 (`edgejs approve-scripts` allows them)\n"
    )
    again = run_edgejs(project, name)
    assert re.fullmatch(r"\nup to date in \d+m?s\n", again.stdout)


def test_json(project: Path) -> None:
    result = run_edgejs(project, "install", "a", "--json")
    document = json.loads(result.stdout)
    assert (document["added"], document["skippedScripts"]) == (2, ["b@1.0.0"])
    assert document["add"][0] == {"name": "a", "version": "1.0.0", "path": "node_modules/a"}
    failed = run_edgejs(project, "install", "nope", "--json")
    assert failed.returncode == 1
    assert json.loads(failed.stdout)["error"]["code"] == "E404"


def test_silent(project: Path) -> None:
    result = run_edgejs(project, "install", "nope", "--silent")
    assert (result.returncode, result.stdout, result.stderr) == (1, "", "")


def test_dry_run(project: Path) -> None:
    before = snapshot(project)
    result = run_edgejs(project, "install", "a", "--dry-run")
    assert result.stdout.startswith("add a 1.0.0\nadd b 1.0.0\n\nadded 2 packages in ")
    assert snapshot(project) == before


def test_lock_only(project: Path) -> None:
    assert run_edgejs(project, "install", "a", "--package-lock-only").returncode == 0
    assert not (project / "node_modules").exists()
    assert set(read_json(project / "package-lock.json")["packages"]) == {
        "",
        "node_modules/a",
        "node_modules/b",
    }


def test_no_save(project: Path) -> None:
    before = (project / "package.json").read_text()
    assert run_edgejs(project, "install", "a", "--no-save").returncode == 0
    assert (project / "package.json").read_text() == before
    assert not (project / "package-lock.json").exists()
    assert (project / "node_modules/b").is_dir()


def test_no_lock(project: Path) -> None:
    assert run_edgejs(project, "install", "a", "--no-package-lock").returncode == 0
    assert not (project / "package-lock.json").exists()


def test_another_folder(project: Path) -> None:
    assert run_edgejs(project.parent, "install", "a", "-C", str(project)).returncode == 0
    assert (project / "node_modules/a").is_dir()


def test_from_a_folder_inside(project: Path) -> None:
    inside = project / "src"
    inside.mkdir()
    assert run_edgejs(inside, "install", "a").returncode == 0
    assert (project / "node_modules/a").is_dir()


def test_omit(project: Path) -> None:
    run_edgejs(project, "install", "-D", "a")
    result = run_edgejs(project, "install", "--omit=dev")
    assert "removed 2 packages" in result.stdout
    assert read_json(project / "package-lock.json")["packages"]["node_modules/a"]["dev"] is True


def test_ci_needs_a_lock_that_fits(project: Path) -> None:
    missing = run_edgejs(project, "ci")
    assert (missing.returncode, missing.stderr.splitlines()[0]) == (1, "edgejs error code EUSAGE")
    assert "can only install with an existing package-lock.json" in missing.stderr
    run_edgejs(project, "install")
    manifest = read_json(project / "package.json")
    (project / "package.json").write_text(json.dumps({**manifest, "dependencies": {"a": "1"}}))
    stale = run_edgejs(project, "ci")
    assert (
        "edgejs error Missing: a@1.0.0 from lock file\nedgejs error Missing: b@1.0.0 from lock file"
        in stale.stderr
    )


def test_wrong_usage(project: Path) -> None:
    result = run_edgejs(project, "install", "--bogus")
    assert result.returncode == 2
    assert "No such option '--bogus'" in result.stderr


def test_the_log_of_a_failure(project: Path) -> None:
    result = run_edgejs(project, "install", "nope")
    line = result.stderr.splitlines()[-1]
    path = Path(line.removeprefix("edgejs error A complete log of this run can be found in: "))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d_\d\d_\d\d_\d{3}Z-debug-0\.log", path.name)
    text = path.read_text()
    assert "http fetch GET " in text and "code E404" in text
