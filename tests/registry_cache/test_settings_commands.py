# SPDX-License-Identifier: Apache-2.0
"""`config`, `bin`, `root`, `prefix`: what is set and where things are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from registry_fixture import run_edgejs


def test_where_things_are(project: Path) -> None:
    inside = project / "src"
    inside.mkdir()
    assert run_edgejs(inside, "prefix").stdout == f"{project}\n"
    assert run_edgejs(inside, "root").stdout == f"{project}/node_modules\n"
    assert run_edgejs(inside, "bin").stdout == f"{project}/node_modules/.bin\n"


def test_get(project: Path, registry: Any, npm_environment: Path) -> None:
    (project / ".npmrc").write_text("@s:registry=http://s.invalid/\nsave-prefix=~\n")
    assert run_edgejs(project, "config", "get", "registry").stdout == f"{registry.url}\n"
    assert run_edgejs(project, "config", "get", "save-prefix").stdout == "~\n"
    assert run_edgejs(project, "config", "get", "fetch-retries").stdout == "2\n"
    assert run_edgejs(project, "config", "get", "nothing").stdout == "undefined\n"
    both = run_edgejs(project, "config", "get", "save-prefix", "nothing")
    assert both.stdout == "save-prefix=~\nnothing=undefined\n"


def test_secrets_stay(project: Path) -> None:
    (project / ".npmrc").write_text("//h.invalid/:_authToken=hunter2\n")
    listed = run_edgejs(project, "config", "list")
    assert (
        f'; "project" config from {project}/.npmrc\n\n//h.invalid/:_authToken = (protected)' in listed.stdout
    )
    assert "hunter2" not in run_edgejs(project, "config", "list", "--json").stdout
    refused = run_edgejs(project, "config", "get", "//h.invalid/:_authToken")
    assert "code EPROTECTED" in refused.stderr and "hunter2" not in refused.stderr


@pytest.mark.parametrize("pair", [["tag=next"], ["tag", "next"]])
def test_set_and_delete(pair: list[str], project: Path, npm_environment: Path) -> None:
    file = npm_environment / ".npmrc"
    file.write_text("; mine\ntag=old\nproxy=http://p.invalid\n")
    assert run_edgejs(project, "config", "set", *pair).returncode == 0
    assert file.read_text() == "; mine\nproxy=http://p.invalid\ntag=next\n"
    assert run_edgejs(project, "config", "delete", "tag", "--location", "user").returncode == 0
    assert file.read_text() == "; mine\nproxy=http://p.invalid\n"
    assert json.loads(run_edgejs(project, "config", "list", "--json").stdout)["proxy"] == "http://p.invalid"
