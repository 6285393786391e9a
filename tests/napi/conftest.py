# SPDX-License-Identifier: Apache-2.0
"""Addons compiled for the tests, and scripts that use them in a process of their own.

The fixtures' C is in ``tests/fixtures/addons``. To see what Node makes of the same scripts:
``EDGEJS_TEST_RUNTIME=/path/to/node pytest tests/napi``.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from edgejs import napi

SOURCES = Path(__file__).resolve().parents[1] / "fixtures" / "addons"
WARNINGS = ["-Wall", "-Wextra", "-Werror"]


@dataclass(frozen=True)
class Outcome:
    """What a script printed and how it ended."""

    lines: list[str]
    stderr: str
    code: int


@pytest.fixture(scope="session")
def compiler() -> str:
    found = shutil.which(os.environ.get("CC", "cc"))
    if found is None:
        pytest.skip("NO C COMPILER: the tests of native addons did not run")
    return found


@pytest.fixture(scope="session")
def addon(compiler: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """``addon("tsfn", "THREADS=4")`` compiles ``tsfn.c`` with a macro, once: the path of the ``.node``."""
    folder = tmp_path_factory.mktemp("addons")
    made: dict[tuple[str, ...], Path] = {}

    def build(source: str, *macros: str) -> Path:
        key = (source, *macros)
        if key not in made:
            target = folder / f"{source}-{len(made)}.node"
            defines = [f"-D{macro}" for macro in macros]
            if not any(macro.startswith("NAPI_VERSION=") for macro in macros):
                defines.append("-DNAPI_VERSION=10")
            include = ["-I", str(SOURCES), "-isystem", str(napi.include_dir())]
            files = [str(SOURCES / f"{source}.c"), "-o", str(target), "-lpthread"]
            options = ["-shared", "-fPIC", "-std=gnu11", *WARNINGS, *defines, *include]
            subprocess.run([compiler, *options, *files], check=True)
            made[key] = target
        return made[key]

    return build


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Outcome]:
    """Runs JavaScript as the main script; the paths given with it are ``process.argv[2]`` and following."""

    def execute(source: str, *arguments: Path | str, flags: tuple[str, ...] = ()) -> Outcome:
        script = tmp_path / "script.js"
        script.write_text(source, encoding="utf-8")
        runtime = os.environ.get("EDGEJS_TEST_RUNTIME")
        command = [*([runtime] if runtime else [sys.executable, "-m", "edgejs"]), "--expose-gc"]
        done = subprocess.run(
            [*command, *flags, str(script), *map(str, arguments)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return Outcome(done.stdout.splitlines(), done.stderr, done.returncode)

    return execute


@pytest.fixture
def expect(run: Callable[..., Outcome]) -> Callable[..., None]:
    """Runs JavaScript and holds what it prints to the given lines; it must end well."""

    def check(source: str, *arguments: Path | str, prints: list[str]) -> None:
        outcome = run(source, *arguments)
        assert (outcome.lines, outcome.stderr, outcome.code) == (prints, "", 0)

    return check


@pytest.fixture(scope="session")
def generate() -> ModuleType:
    """napi/generate.py, which the installed package leaves out."""
    path = Path(__file__).resolve().parents[2] / "napi" / "generate.py"
    spec = importlib.util.spec_from_file_location("generate", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
