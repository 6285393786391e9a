# SPDX-License-Identifier: Apache-2.0
"""A lock file that leaves out where the tarballs are (``omit-lockfile-registry-resolved``) installs all the same."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from registry_fixture import read_json, run_edgejs


def test_with_fewer_threads_than_packages(
    project: Path, registry: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"p{n}" for n in range(6)]
    for name in names:
        registry.publish({"name": name, "version": "1.0.0"}, {"index.js": name})
    monkeypatch.setenv("npm_config_omit_lockfile_registry_resolved", "true")
    assert run_edgejs(project, "install", *names).returncode == 0
    locked = read_json(project / "package-lock.json")["packages"]
    assert not any("resolved" in entry for entry in locked.values())
    shutil.rmtree(project / "node_modules")
    monkeypatch.setenv("EDGEJS_CACHE_DIR", str(project.parent / "another-store"))
    monkeypatch.setenv("npm_config_maxsockets", "2")
    again = run_edgejs(project, "install")
    assert again.returncode == 0, again.stderr
    assert [(project / "node_modules" / name / "index.js").read_text() for name in names] == names
