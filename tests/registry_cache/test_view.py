# SPDX-License-Identifier: Apache-2.0
"""`view` prints what npm prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from registry_fixture import need_npm, run_edgejs, run_npm


@pytest.fixture(autouse=True)
def packages(registry: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for minor in range(12):
        registry.publish(
            {
                "name": "a",
                "version": f"1.{minor}.0",
                "description": "About a",
                "license": "MIT",
                "homepage": "http://home.invalid",
                "bin": {"a": "cli.js"},
                "dependencies": {"b": "^1.0.0", "@s/c-d": "~2.0.0"},
                "author": {"name": "N", "email": "n@example.invalid"},
                "keywords": ["one"],
                "contributors": [{"name": "X"}, {"name": "Y", "url": "http://y.invalid"}],
                "scripts": {"test": "it's", "build-all": "x\n"},
            }
        )
    registry.publish({"name": "a", "version": "2.0.0-rc.1", "deprecated": "too old"}, tag="next")


@pytest.mark.parametrize(
    "command",
    [
        "view a",
        "view a@next",
        "view a@1.3.0 dependencies",
        "view a version",
        "view a versions",
        "view a versions --json",
        "view a name version",
        "view a name version --json",
        "view a@<1.3 version",
        "view a@<1.3 version --json",
        "view a dist-tags",
        "view a author",
        "view a contributors",
        "view a contributors.name",
        "view a scripts",
        "view a scripts.test",
        "view a keywords",
        "view a nothing",
        "info a dist.shasum",
    ],
)
def test_as_npm(command: str, project: Path) -> None:
    need_npm()
    theirs, ours = run_npm(project, *command.split()), run_edgejs(project, *command.split())
    assert (ours.returncode, ours.stdout.rstrip()) == (theirs.returncode, theirs.stdout.rstrip())


@pytest.mark.parametrize("spec", ["nope", "a@7"])
def test_what_is_not_there(spec: str, project: Path) -> None:
    failed = run_edgejs(project, "view", spec)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "edgejs error code E404" in failed.stderr


def test_the_project_itself(project: Path, registry: Any) -> None:
    registry.publish({"name": "project", "version": "3.0.0"})
    assert run_edgejs(project, "view", ".", "version").stdout == "3.0.0\n"
