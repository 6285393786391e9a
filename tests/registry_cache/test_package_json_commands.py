# SPDX-License-Identifier: Apache-2.0
"""`init` and `pkg` make and change package.json as npm does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from registry_fixture import need_npm, read_json, run_edgejs, run_npm, write_json

CONTENT = {
    "name": "project",
    "version": "1.0.0",
    "scripts": {"test": "x"},
    "keywords": ["a", "b"],
    "contributors": [{"name": "N", "email": "n"}, {"name": "M"}],
}


@pytest.mark.parametrize("there", [None, {"name": "kept", "dependencies": {"a": "1"}, "scripts": {"x": "y"}}])
def test_init(there: dict[str, object] | None, project: Path) -> None:
    need_npm()
    (project / "package.json").unlink()
    (project / "main.js").write_text("")
    other = project.parent / "npm" / "project"
    other.mkdir(parents=True)
    (other / "main.js").write_text("")
    for folder in (project, other):
        if there:
            write_json(folder / "package.json", there)
    theirs, ours = run_npm(other, "init", "-y"), run_edgejs(project, "init", "-y")
    assert ours.returncode == 0
    assert read_json(project / "package.json") == read_json(other / "package.json")
    if there is None:
        assert (project / "package.json").read_text() == (other / "package.json").read_text()
        assert ours.stdout == theirs.stdout.replace(str(other), str(project))


@pytest.mark.parametrize(
    "keys",
    [
        [],
        ["name"],
        ["name", "version"],
        ["scripts.test"],
        ["contributors.name"],
        ["keywords[1]"],
        ["nothing"],
    ],
)
def test_get(keys: list[str], project: Path) -> None:
    need_npm()
    write_json(project / "package.json", CONTENT)
    theirs, ours = run_npm(project, "pkg", "get", *keys), run_edgejs(project, "pkg", "get", *keys)
    assert json.loads(ours.stdout) == json.loads(theirs.stdout)


@pytest.mark.parametrize(
    "command",
    [
        "set description=hello",
        "set scripts.build=make scripts.lint=x=y",
        "set keywords[]=c",
        "set keywords[0]=z",
        "set contributors[1].email=m",
        "set bugs.url=u",
        "set --json private=true files=[1,2]",
        "delete scripts.test",
        "delete keywords[0]",
        "delete nothing",
    ],
)
def test_changes(command: str, project: Path) -> None:
    need_npm()
    texts = []
    for run in (run_npm, run_edgejs):
        write_json(project / "package.json", CONTENT)
        done = run(project, "pkg", *command.split())
        assert (done.returncode, done.stdout) == (0, "")
        texts.append((project / "package.json").read_text())
    assert texts[0] == texts[1]


def test_refusals(project: Path) -> None:
    assert "code EUSAGE" in run_edgejs(project, "pkg", "set", "novalue").stderr
    assert "code EOVERRIDEVALUE" in run_edgejs(project, "pkg", "set", "name.x=1").stderr
    (project / "package.json").unlink()
    assert "code ENOENT" in run_edgejs(project, "pkg", "get").stderr
