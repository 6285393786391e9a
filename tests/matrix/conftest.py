# SPDX-License-Identifier: Apache-2.0
"""A package with a small addon in a folder, and runs of the matrix over it; no network, no registry."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from edgejs.napi.matrix.command import main
from edgejs.napi.matrix.results import load

from edgejs import napi
from edgejs.configuration import command_path

ADDONS = Path(__file__).resolve().parents[1] / "fixtures" / "addons"


@pytest.fixture(scope="session")
def compiler() -> str:
    found = shutil.which("cc")
    if found is None:
        pytest.skip("NO C COMPILER: the tests of native addons did not run")
    return found


@pytest.fixture(scope="session")
def compile_addon(compiler: str) -> Callable[[str, Path], None]:
    """``compile_addon("crashes", path)`` makes ``crashes.c`` of the fixtures into an addon."""

    def build(source: str, target: Path) -> None:
        include = ["-I", str(ADDONS), "-isystem", str(napi.include_dir())]
        options = ["-shared", "-fPIC", "-std=gnu11", "-DNAPI_VERSION=10", *include]
        subprocess.run([compiler, *options, str(ADDONS / f"{source}.c"), "-o", str(target)], check=True)

    return build


@pytest.fixture
def package(tmp_path: Path) -> Callable[..., Path]:
    """``package("name", "a case", main="text of index.js")``: a folder with a package and its case."""

    def make(name: str, case: str | None = None, main: str = "exports.answer = 42;") -> Path:
        folder = tmp_path / name
        folder.mkdir()
        manifest: dict[str, Any] = {"name": name, "version": "1.2.3", "main": "index.js"}
        if case is not None:
            manifest["edgejs"] = {"matrix": "case.mjs"}
            (folder / "case.mjs").write_text(case)
        (folder / "package.json").write_text(json.dumps(manifest))
        (folder / "index.js").write_text(main)
        return folder

    return make


@pytest.fixture
def matrix(tmp_path: Path) -> Callable[..., tuple[int, list[dict[str, Any]]]]:
    """``matrix("run", ...)``: the exit code, and the results in ``out.jsonl``."""
    out = tmp_path / "out.jsonl"

    def run(command: str, *arguments: str | Path) -> tuple[int, list[dict[str, Any]]]:
        own = ["-o", str(out), "--work", str(tmp_path / "work")] if command == "run" else []
        code = main([command, *own, *map(str, arguments)], command_path())
        return code, load(out) if out.is_file() else []

    return run


@pytest.fixture
def here() -> str:
    """A second edgejs to compare with, as a reference that is always there."""
    return f"edgejs-reference={command_path()}"


@pytest.fixture(autouse=True)
def quiet_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EDGEJS_CACHE_DIR", str(tmp_path / "store"))
