# SPDX-License-Identifier: Apache-2.0
"""Fixtures around the loopback registry; a pytest plugin for every folder of tests."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

_SOURCE = Path(__file__).parent / "fixtures" / "registry" / "server.py"


def _server() -> Any:
    name = "loopback_registry"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, _SOURCE)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture
def registry() -> Iterator[Any]:
    """A running `LoopbackRegistry` with nothing in it."""
    with _server().LoopbackRegistry() as running:
        yield running


@pytest.fixture
def make_tarball() -> Callable[..., bytes]:
    """`make_tarball` of the loopback registry."""
    return _server().make_tarball  # type: ignore[no-any-return]


@pytest.fixture
def npm_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, registry: Any) -> Path:
    """An environment without this machine's npm settings, in which the registry is the loopback one.

    Gives the folder that is HOME. Waits between retries are a millisecond.
    """
    home = tmp_path / "home"
    home.mkdir()
    for key in list(os.environ):
        if key.lower().startswith("npm_config_"):
            monkeypatch.delenv(key)
    settings = {
        "HOME": str(home),
        "EDGEJS_CACHE_DIR": str(tmp_path / "store"),
        "npm_config_registry": registry.url,
        "npm_config_userconfig": str(home / ".npmrc"),
        "npm_config_globalconfig": str(home / "global-npmrc"),
        "npm_config_cache": str(tmp_path / "npm-cache"),
        "npm_config_fetch_retry_mintimeout": "1",
        "npm_config_fetch_retry_maxtimeout": "1",
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_update_notifier": "false",
    }
    for key, value in settings.items():
        monkeypatch.setenv(key, value)
    for key in ("CI", "NODE_ENV", "EDGEJS_OFFLINE", "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(key, raising=False)
    return home


@pytest.fixture
def project(tmp_path: Path, npm_environment: Path) -> Path:
    """An empty project folder with a package.json, wired to the loopback registry."""
    folder = tmp_path / "project"
    folder.mkdir()
    write_json(folder / "package.json", {"name": "project", "version": "1.0.0"})
    return folder


def write_json(path: Path, value: Any) -> None:
    """Writes a JSON file as npm would."""
    path.write_text(json.dumps(value, indent=2) + "\n")


def read_json(path: Path) -> Any:
    """The content of a JSON file."""
    return json.loads(path.read_text())


def snapshot(folder: Path) -> dict[str, bytes | str]:
    """All files below `folder` by relative path: contents, and targets of links."""
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = f"-> {os.readlink(path)}"
        elif path.is_file():
            found[name] = path.read_bytes()
    return found


def need_npm() -> str:
    """npm's path; the test is skipped, with a reason that shows, where there is none."""
    path = shutil.which("npm")
    if path is None:
        pytest.skip("npm is not installed: nothing to compare with")
    return path


def run_npm(cwd: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Runs npm in `cwd` with the test's environment."""
    return subprocess.run(
        [need_npm(), *args], cwd=cwd, capture_output=True, text=True, timeout=100, check=False
    )


def run_edgejs(cwd: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Runs the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "edgejs.registry_cache", *args],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def same_as_npm(project: Path, *steps: list[str], flags: tuple[str, ...] = ()) -> None:
    """Runs each step (a command line) with both and compares all files and the summary after each.

    Folders beside the project are copied with it. `flags` go to npm only.
    """
    need_npm()
    top = project.parent
    copy = top / "with-npm"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for item in top.iterdir():
        if item.name not in ("home", "store", "npm-cache", "with-npm"):
            shutil.copytree(item, copy / item.name, symlinks=True) if item.is_dir() else shutil.copy(
                item, copy
            )
    other = copy / project.name
    for step in steps:
        theirs = run_npm(other, step[0], "--ignore-scripts", *flags, *step[1:])
        ours = run_edgejs(project, *step)
        assert theirs.returncode == 0, theirs.stderr
        assert ours.returncode == 0, ours.stderr
        assert ours.stdout.split(" in ")[0].split("\n+ ")[0] == theirs.stdout.split(" in ")[0], step
        assert snapshot(project) == snapshot(other), step
