# SPDX-License-Identifier: Apache-2.0
"""The store notices when a file of it was changed through a link, cut, or lost, and fetches it again."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from registry_fixture import snapshot


def _edit(path: Path) -> None:
    path.write_text("changed by a program\n")


def _same_length(path: Path) -> None:
    path.write_bytes(b"#" * path.stat().st_size)


def _cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(3)


@pytest.mark.parametrize("harm", [_edit, _same_length, _cut])
def test_written_through_a_link(
    harm: Callable[[Path], None], project: Path, registry: Any, run_install: Callable[..., Any]
) -> None:
    registry.publish({"name": "a", "version": "1.0.0"})
    run_install("a")
    before = snapshot(project)
    assert (project / "node_modules/a/index.js").stat().st_nlink == 2
    harm(project / "node_modules/a/index.js")
    shutil.rmtree(project / "node_modules")
    run_install()
    assert snapshot(project) == before
    assert registry.count("/a/-/a-1.0.0.tgz") == 2


def test_a_lost_file(project: Path, registry: Any, run_install: Callable[..., Any]) -> None:
    registry.publish({"name": "a", "version": "1.0.0"})
    run_install("a")
    before = snapshot(project)
    shutil.rmtree(project / "node_modules")
    shutil.rmtree(project.parent / "store" / "content-v1")
    run_install()
    assert snapshot(project) == before


def test_a_torn_index(project: Path, registry: Any, run_install: Callable[..., Any]) -> None:
    registry.publish({"name": "a", "version": "1.0.0"})
    run_install("a")
    for path in (project.parent / "store" / "index-v1").glob("*/*/*"):
        path.write_bytes(path.read_bytes()[:-10])
    shutil.rmtree(project / "node_modules")
    run_install()
    assert registry.count("/a/-/a-1.0.0.tgz") == 2
    assert (project / "node_modules/a/index.js").exists()


@pytest.mark.skipif(not os.access("/dev/shm", os.W_OK), reason="no second file system")
def test_across_file_systems_files_are_copied(
    project: Path, registry: Any, run_install: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as store:
        if os.stat(store).st_dev == project.stat().st_dev:
            pytest.skip("no second file system")
        monkeypatch.setenv("EDGEJS_CACHE_DIR", store)
        registry.publish({"name": "a", "version": "1.0.0"})
        run_install("a")
    file = project / "node_modules/a/index.js"
    assert (file.read_text(), file.stat().st_nlink) == ("module.exports = 'a@1.0.0'\n", 1)
