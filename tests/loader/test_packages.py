# SPDX-License-Identifier: Apache-2.0
"""Packages of the registry, required and imported, do their work as in Node."""

from __future__ import annotations

import sys
from pathlib import Path

import package_jobs
import pytest

pytestmark = pytest.mark.network


@pytest.fixture(scope="module", params=package_jobs.names())
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    if missing := package_jobs.absent(request.param):
        pytest.skip(f"{' and '.join(missing)}: not on this machine")
    folder = tmp_path_factory.mktemp("project")
    package_jobs.install(request.param, folder)
    return request.param, folder


def test_works_as_in_node(project: tuple[str, Path]) -> None:
    name, folder = project
    for way in package_jobs.ways(name):
        printed = package_jobs.run([str(Path(sys.executable).with_name("edgejs"))], name, way, folder)
        assert printed == package_jobs.expected(name, way), way
