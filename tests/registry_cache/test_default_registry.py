# SPDX-License-Identifier: Apache-2.0
"""The public registry, as it is today: the same lock file as npm's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from registry_fixture import need_npm, run_edgejs, run_npm


@pytest.mark.network
@pytest.mark.parametrize("resolved", ["true", "false"], ids=["without-resolved", "with-resolved"])
def test_default_registry(resolved: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need_npm()
    monkeypatch.delenv("npm_config_registry")
    monkeypatch.setenv("npm_config_omit_lockfile_registry_resolved", resolved)
    other = project.parent / "npm" / "project"
    shutil.copytree(project, other)
    packages = ["lodash@4.17.21", "express@4.21.2", "ws@8.18.0", "bufferutil@4.0.9", "react-dom@18.3.1"]
    theirs = run_npm(other, "install", "--ignore-scripts", *packages)
    ours = run_edgejs(project, "install", *packages)
    assert (theirs.returncode, ours.returncode) == (0, 0), theirs.stderr + ours.stderr
    for name in ("package.json", "package-lock.json", "node_modules/.package-lock.json"):
        assert (project / name).read_text() == (other / name).read_text()
    accepted = run_npm(project, "ci", "--ignore-scripts")
    assert accepted.returncode == 0, accepted.stderr
