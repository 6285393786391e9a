# SPDX-License-Identifier: Apache-2.0
"""Whatever goes wrong, package.json, the lock file and node_modules stay as they were."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from edgejs.registry_cache import RegistryError
from registry_fixture import snapshot


@pytest.fixture
def installed(project: Path, registry: Any, run_install: Callable[..., Any]) -> Path:
    registry.publish({"name": "a", "version": "1.0.0", "dependencies": {"b": "1"}})
    registry.publish({"name": "b", "version": "1.0.0"})
    registry.publish({"name": "a", "version": "2.0.0"})
    run_install("a@1")
    return project


def test_a_missing_package(installed: Path, run_install: Callable[..., Any]) -> None:
    before = snapshot(installed)
    with pytest.raises(RegistryError):
        run_install("a@2", "nope")
    assert snapshot(installed) == before


def test_a_missing_tarball(installed: Path, registry: Any, run_install: Callable[..., Any]) -> None:
    registry.fail("/a/-/a-2.0.0.tgz", 404)
    before = snapshot(installed)
    with pytest.raises(RegistryError) as caught:
        run_install("a@2")
    assert caught.value.code == "E404"
    assert snapshot(installed) == before


@pytest.mark.parametrize("failing", [1, 2])
def test_a_rename_that_fails(
    failing: int, installed: Path, run_install: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(installed)
    real, moved = os.rename, []

    def rename(source: str, target: str) -> None:
        if "node_modules" in str(target) and "/content-v1/" not in str(target):
            moved.append(target)
            if len(moved) == failing:
                raise PermissionError(13, "Permission denied", source, None, target)
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr("os.rename", rename)
        with pytest.raises(RegistryError) as caught:
            run_install("a@2")
    assert (caught.value.code, caught.value.details["syscall"]) == ("EACCES", "rename")
    assert snapshot(installed) == before
    assert run_install("a@2").summary().startswith("removed 1 package, and changed 1 package in ")


def test_broken_package_json(installed: Path, run_install: Callable[..., Any]) -> None:
    (installed / "package.json").write_text("{broken")
    before = snapshot(installed)
    with pytest.raises(RegistryError, match=r"Invalid package\.json: JSONParseError") as caught:
        run_install("a@2")
    assert caught.value.code == "EJSONPARSE"
    assert caught.value.details["path"] == str(installed / "package.json")
    assert snapshot(installed) == before


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"workspaces": "x"}', "EWORKSPACESCONFIG"),
        ('{"overrides": {"x": 1}}', "EOVERRIDE"),
        ('{"dependencies": {"x": "ftp://h.invalid/x"}}', "EUNSUPPORTEDPROTOCOL"),
    ],
)
def test_what_is_not_supported_says_so(
    text: str, code: str, installed: Path, run_install: Callable[..., Any]
) -> None:
    (installed / "package.json").write_text(text)
    with pytest.raises(RegistryError) as caught:
        run_install()
    assert caught.value.code == code


def test_dependencies_that_never_settle(
    project: Path, registry: Any, run_install: Callable[..., Any]
) -> None:
    """A package that would need itself inside itself for ever (npm makes a link there)."""
    registry.publish({"name": "a", "version": "1.0.0", "dependencies": {"b": "1.0.0"}})
    registry.publish({"name": "b", "version": "1.0.0", "dependencies": {"a": "2.0.0"}})
    registry.publish({"name": "a", "version": "2.0.0", "dependencies": {"b": "2.0.0"}})
    registry.publish({"name": "b", "version": "2.0.0", "dependencies": {"a": "1.0.0"}})
    with pytest.raises(RegistryError) as caught:
        run_install("a@1.0.0", "b@2.0.0")
    assert caught.value.code == "ENESTINGLOOP"
