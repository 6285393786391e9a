# SPDX-License-Identifier: Apache-2.0
"""Install scripts run for whom package.json or a flag allows it, and for nobody else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from registry_fixture import read_json, run_edgejs, snapshot, write_json


@pytest.fixture(autouse=True)
def packages(registry: Any) -> None:
    mark = "echo $npm_lifecycle_event $npm_package_name $npm_package_version >> $INIT_CWD/ran; echo out"
    registry.publish(
        {"name": "a", "version": "1.0.0", "dependencies": {"b": "1"}, "scripts": {"postinstall": mark}}
    )
    registry.publish({"name": "b", "version": "1.2.0", "scripts": {"preinstall": mark, "install": mark}})
    registry.publish({"name": "bad", "version": "1.0.0", "scripts": {"install": "echo said; exit 3"}})
    registry.publish(
        {"name": "writes", "version": "1.0.0", "scripts": {"install": "echo changed > index.js"}}
    )
    registry.publish({"name": "main", "version": "1.0.0", "optionalDependencies": {"bad": "1"}})


def ran(project: Path) -> list[str]:
    file = project / "ran"
    return file.read_text().splitlines() if file.exists() else []


def test_none_by_default(project: Path) -> None:
    result = run_edgejs(project, "install", "a")
    assert ran(project) == []
    assert result.stderr.splitlines() == [
        "edgejs warn install-scripts not run: a@1.0.0, b@1.2.0 (`edgejs approve-scripts` allows them)",
    ]


def test_allowed_by_a_flag_dependencies_first(project: Path) -> None:
    result = run_edgejs(project, "install", "a", "--allow-scripts=a,b")
    assert ran(project) == ["preinstall b 1.2.0", "install b 1.2.0", "postinstall a 1.0.0"]
    assert "out" not in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ({"allowScripts": {"a": True, "b": False}}, ["postinstall a 1.0.0"]),
        (
            {"allowScripts": {"a@1.0.0": True, "b@1.0.0 || 1.2.0": True}},
            ["preinstall b 1.2.0", "install b 1.2.0", "postinstall a 1.0.0"],
        ),
        ({"allowScripts": {"a@2": True}}, []),
        ({"trustedDependencies": ["a"]}, ["postinstall a 1.0.0"]),
    ],
)
def test_allowed_by_package_json(field: dict[str, Any], expected: list[str], project: Path) -> None:
    write_json(project / "package.json", {"name": "project", "version": "1.0.0", **field})
    assert run_edgejs(project, "install", "a").returncode == 0
    assert ran(project) == expected


def test_all_and_none(project: Path) -> None:
    run_edgejs(project, "install", "a", "--dangerously-allow-all-scripts", "--ignore-scripts")
    assert ran(project) == []
    run_edgejs(project, "ci", "--dangerously-allow-all-scripts")
    assert len(ran(project)) == 3


def test_what_a_failure_says(project: Path) -> None:
    result = run_edgejs(project, "install", "bad", "--allow-scripts=bad")
    assert result.returncode == 3
    lines = result.stderr.splitlines()
    assert lines[:2] == ["edgejs error code 3", f"edgejs error path {project}/node_modules/bad"]
    assert lines[2:5] == [
        "edgejs error command failed",
        "edgejs error command sh -c echo said; exit 3",
        "edgejs error said",
    ]


def test_after_a_failure_the_next_install_runs_it_again(project: Path) -> None:
    before = (project / "package.json").read_text()
    assert run_edgejs(project, "install", "bad", "--allow-scripts=bad").returncode == 3
    assert (project / "package.json").read_text() == before
    assert not (project / "package-lock.json").exists()
    assert run_edgejs(project, "install", "bad", "--allow-scripts=bad").returncode == 3
    assert run_edgejs(project, "install", "bad").returncode == 0


def test_an_optional_package_may_fail(project: Path) -> None:
    result = run_edgejs(project, "install", "main", "--allow-scripts=bad")
    assert result.returncode == 0
    assert "edgejs warn optional bad@1.0.0 was left out: its install script failed" in result.stderr
    assert not (project / "node_modules/bad").exists()


def test_a_script_cannot_change_the_store(project: Path) -> None:
    run_edgejs(project, "install", "writes")
    store = {path: data for path, data in snapshot(project.parent / "store").items() if "content-v1" in path}
    assert (
        run_edgejs(project, "rebuild", "--allow-scripts=writes").stdout
        == "rebuilt dependencies successfully\n"
    )
    assert (project / "node_modules/writes/index.js").read_text() == "changed\n"
    after = {path: data for path, data in snapshot(project.parent / "store").items() if "content-v1" in path}
    assert after == store


def test_approving(project: Path) -> None:
    run_edgejs(project, "install", "a")
    assert run_edgejs(project, "approve-scripts", "--allow-scripts-pending").stdout == "a@1.0.0\nb@1.2.0\n"
    assert run_edgejs(project, "approve-scripts", "a").stdout == "approved a@1.0.0\n"
    assert run_edgejs(project, "deny-scripts", "b").returncode == 0
    assert read_json(project / "package.json")["allowScripts"] == {"a@1.0.0": True, "b": False}
    run_edgejs(project, "rebuild")
    assert ran(project) == ["postinstall a 1.0.0"]
    assert "code ENOMATCH" in run_edgejs(project, "approve-scripts", "nope").stderr


def test_the_projects_own_scripts_run(project: Path) -> None:
    scripts = {name: f"echo {name} >> ran" for name in ("preinstall", "install", "postinstall", "prepare")}
    write_json(project / "package.json", {"name": "project", "version": "1.0.0", "scripts": scripts})
    assert run_edgejs(project, "install").returncode == 0
    assert ran(project) == ["preinstall", "install", "postinstall", "prepare"]
    (project / "ran").unlink()
    run_edgejs(project, "install", "a")
    run_edgejs(project, "install", "--ignore-scripts")
    assert ran(project) == []


def test_the_environment(project: Path, registry: Any) -> None:
    registry.publish(
        {
            "name": "env",
            "version": "1.0.0",
            "config": {"port": 80},
            "scripts": {"install": "env > $INIT_CWD/env"},
        }
    )
    run_edgejs(project, "install", "env", "--allow-scripts=env")
    found = dict(line.partition("=")[::2] for line in (project / "env").read_text().splitlines())
    here = f"{project}/node_modules/env"
    assert (found["PWD"], found["npm_package_json"]) == (here, f"{here}/package.json")
    assert (found["npm_lifecycle_event"], found["npm_package_config_port"]) == ("install", "80")
    assert found["npm_config_registry"] == registry.url
    assert found["PATH"].split(os.pathsep)[:3] == [
        f"{here}/node_modules/.bin",
        f"{project}/node_modules/node_modules/.bin",
        f"{project}/node_modules/.bin",
    ]
    assert "_authToken" not in (project / "env").read_text()
