# SPDX-License-Identifier: Apache-2.0
"""`npm ci` installs from a lock file that we wrote, and we from one that npm wrote."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from registry_fixture import need_npm, run_edgejs, run_npm, snapshot


def _publish(registry: Any) -> None:
    registry.publish(
        {
            "name": "a",
            "version": "1.0.0",
            "dependencies": {"c": "^2"},
            "bin": {"a": "index.js"},
            "peerDependencies": {"b": "1"},
            "optionalDependencies": {"mac": "1"},
        }
    )
    registry.publish({"name": "b", "version": "1.0.0", "dependencies": {"c": "^1"}})
    registry.publish({"name": "c", "version": "1.0.0"})
    registry.publish({"name": "c", "version": "2.0.0"})
    registry.publish({"name": "mac", "version": "1.0.0", "os": ["darwin"]})


@pytest.mark.parametrize("omit", ["true", "false"], ids=["without-resolved", "with-resolved"])
def test_npm_ci_accepts_our_lock(
    omit: str, project: Path, registry: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_npm()
    monkeypatch.setenv("npm_config_omit_lockfile_registry_resolved", omit)
    _publish(registry)
    assert run_edgejs(project, "install", "a", "c@1").returncode == 0
    assert ("resolved" in (project / "package-lock.json").read_text()) is (omit == "false")
    before = snapshot(project)
    result = run_npm(project, "ci", "--ignore-scripts")
    assert result.returncode == 0, result.stderr
    assert snapshot(project) == before


@pytest.mark.parametrize("command", ["ci", "install"])
def test_we_accept_npms(command: str, project: Path, registry: Any) -> None:
    need_npm()
    _publish(registry)
    assert run_npm(project, "install", "--ignore-scripts", "a", "c@1").returncode == 0
    before = snapshot(project)
    shutil.rmtree(project / "node_modules")
    result = run_edgejs(project, command)
    assert result.returncode == 0, result.stderr
    assert snapshot(project) == before
