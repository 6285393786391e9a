# SPDX-License-Identifier: Apache-2.0
"""``--json``: whatever a command does or refuses, stdout is one JSON document or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from registry_fixture import run_edgejs, write_json

COMMANDS = {
    "install": ["install"],
    "ci": ["ci"],
    "uninstall": ["uninstall", "b"],
    "update": ["update"],
    "prune": ["prune"],
    "dedupe": ["dedupe"],
    "ls": ["ls"],
    "explain": ["explain", "a"],
    "outdated": ["outdated"],
    "view": ["view", "a"],
    "sbom": ["sbom"],
    "audit": ["audit"],
    "run": ["run"],
    "rebuild": ["rebuild"],
    "approve-scripts": ["approve-scripts", "a"],
    "deny-scripts": ["deny-scripts", "a"],
    "link": ["link", "a"],
    "unlink": ["unlink"],
    "pack": ["pack"],
    "init": ["init", "-y"],
    "pkg": ["pkg", "get", "name"],
    "config": ["config", "list"],
    "bin": ["bin"],
    "root": ["root"],
    "prefix": ["prefix"],
    "cache ls": ["cache", "ls"],
    "cache verify": ["cache", "verify"],
    "cache dir": ["cache", "dir"],
    "cache clean": ["cache", "clean"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_stdout(name: str, project: Path, registry: Any) -> None:
    registry.publish({"name": "a", "version": "1.0.0"})
    registry.publish({"name": "b", "version": "1.0.0"})
    content = {
        "name": "project",
        "version": "1.0.0",
        "dependencies": {"a": "1", "b": "1"},
        "scripts": {"x": "y"},
    }
    write_json(project / "package.json", content)
    assert run_edgejs(project, "install").returncode == 0
    result = run_edgejs(project, *COMMANDS[name], "--json")
    assert result.returncode in (0, 1), result.stderr
    document = json.loads(result.stdout)
    assert (result.returncode == 1) == (
        isinstance(document, dict) and "error" in document
    ) or name == "outdated"
