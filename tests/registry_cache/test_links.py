# SPDX-License-Identifier: Apache-2.0
"""`link` offers a package to other projects and links it there, as npm does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from registry_fixture import read_json, run_edgejs, snapshot, write_json


@pytest.fixture
def library(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package beside the project, with a command."""
    monkeypatch.setenv("npm_config_prefix", str(tmp_path / "prefix"))
    folder = tmp_path / "library"
    folder.mkdir()
    write_json(folder / "package.json", {"name": "@demo/lib", "version": "1.2.3", "bin": {"lib": "run.js"}})
    (folder / "run.js").write_text("#!/usr/bin/env node\n")
    return folder


def test_offer_take_and_remove(library: Path, project: Path, tmp_path: Path) -> None:
    assert run_edgejs(library, "link").returncode == 0
    assert os.path.realpath(tmp_path / "prefix/lib/node_modules/@demo/lib") == str(library)
    assert os.access(tmp_path / "prefix/bin/lib", os.X_OK)
    before = (project / "package.json").read_bytes()
    assert run_edgejs(project, "link", "@demo/lib").returncode == 0
    assert os.readlink(project / "node_modules/@demo/lib") == "../../../library"
    assert os.readlink(project / "node_modules/.bin/lib") == "../@demo/lib/run.js"
    assert (project / "package.json").read_bytes() == before
    assert run_edgejs(project, "unlink", "@demo/lib").returncode == 0
    assert not (project / "node_modules/@demo").exists()


def test_a_folder_is_offered_and_taken(library: Path, project: Path) -> None:
    assert run_edgejs(project, "link", "../library", "--save").returncode == 0
    assert read_json(project / "package.json")["dependencies"] == {"@demo/lib": "file:../library"}


def test_taking_the_offer_back(library: Path, tmp_path: Path) -> None:
    run_edgejs(library, "link")
    run_edgejs(library, "link")
    assert run_edgejs(library, "unlink").returncode == 0
    assert snapshot(tmp_path / "prefix") == {}
    assert run_edgejs(library, "unlink").stdout == "this package was not linked\n"


def test_what_nobody_offered(library: Path, project: Path) -> None:
    result = run_edgejs(project, "link", "@demo/lib")
    assert result.returncode == 1
    assert "code ENOLINK" in result.stderr
    assert not (project / "node_modules").exists()
