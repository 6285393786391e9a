# SPDX-License-Identifier: Apache-2.0
"""Fixtures for the registry client, the store and the install."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from edgejs.registry_cache import InstallResult, install


@pytest.fixture
def run_install(project: Path) -> Callable[..., InstallResult]:
    """`install` in the project folder: ``run_install("a@1", save_type="dev")``."""

    def run(*specs: str, cwd: Path = project, **options: Any) -> InstallResult:
        return install(specs, str(cwd), **options)

    return run
