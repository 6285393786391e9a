# SPDX-License-Identifier: Apache-2.0
"""Shared objects that the tests compile, each for one fact, and a host to hold them against."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from edgejs.napi.check import Host

# Registers nothing that happens; what it imports is up to the test.
MODULE = "void *napi_register_module_v1(void *env, void *exports) { return exports; }\n"


@pytest.fixture(scope="session")
def compiler() -> str:
    found = shutil.which(os.environ.get("CC", "cc"))
    if found is None:
        pytest.skip("NO C COMPILER: the checks of native addons did not run")
    return found


@pytest.fixture
def build(compiler: str, tmp_path: Path) -> Callable[..., Path]:
    """``build(source, *options, name=...)`` compiles C into a shared object in the test's folder."""

    def make(source: str, *options: str, name: str = "addon.node", module: bool = True) -> Path:
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        command = [compiler, "-shared", "-fPIC", "-O1", "-xc", "-", "-o", str(target), "-xnone", *options]
        text = (MODULE if module else "") + source
        subprocess.run(command, input=text, text=True, check=True)
        return target

    return make


@pytest.fixture(scope="session")
def host() -> Host:
    return Host.here()
