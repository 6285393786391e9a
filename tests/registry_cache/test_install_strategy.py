# SPDX-License-Identifier: Apache-2.0
"""`--install-strategy`: nested and shallow layouts are npm's, byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from registry_fixture import run_edgejs, same_as_npm


@pytest.mark.parametrize(
    "setting",
    ["install_strategy=nested", "install_strategy=shallow", "legacy_bundling=true", "global_style=true"],
)
def test_as_npm(setting: str, project: Path, registry: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    name, _, value = setting.partition("=")
    monkeypatch.setenv(f"npm_config_{name}", value)
    registry.publish({"name": "a", "version": "1.0.0", "dependencies": {"b": "1", "c": "1"}})
    registry.publish({"name": "b", "version": "1.0.0", "dependencies": {"c": "1", "d": "*"}})
    registry.publish({"name": "c", "version": "1.0.0", "peerDependencies": {"p": "1"}})
    registry.publish({"name": "d", "version": "1.0.0", "dependencies": {"e": "1"}})
    registry.publish({"name": "e", "version": "1.0.0"})
    registry.publish({"name": "p", "version": "1.0.0", "dependencies": {"e": "1"}})
    same_as_npm(project, ["install", "a"], ["install", "e", "d"], ["uninstall", "a"])


def test_an_unknown_strategy(project: Path) -> None:
    result = run_edgejs(project, "install", "--install-strategy=sideways")
    assert result.returncode == 1
    assert "code EINVALIDCONFIG" in result.stderr
