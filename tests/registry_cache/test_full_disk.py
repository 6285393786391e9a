# SPDX-License-Identifier: Apache-2.0
"""When the disk is full the error says so, and neither store nor project is left with halves."""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from edgejs.registry_cache import RegistryError, disk
from edgejs.registry_cache.report import error_lines
from registry_fixture import snapshot


def _full_after(monkeypatch: pytest.MonkeyPatch, files: int) -> None:
    """The store's writes fail with ENOSPC after that many files."""
    written = 0

    def write(root: str, prefix: str, new: Sequence[tuple[str, Any, bool]]) -> None:
        nonlocal written
        fitting = new[: max(0, files - written)]
        disk.write_files(root, prefix, fitting)
        written += len(fitting)
        if len(fitting) < len(new):
            path = f"{root}/{new[len(fitting)][0]}"
            raise OSError(errno.ENOSPC, "No space left on device", path)

    monkeypatch.setattr("edgejs.registry_cache.store.write_files", write)


@pytest.mark.parametrize("files", [0, 1, 3])
def test_full_disk(
    files: int, project: Path, registry: Any, run_install: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.publish({"name": "a", "version": "1.0.0", "dependencies": {"b": "1"}})
    registry.publish({"name": "b", "version": "1.0.0"})
    before = snapshot(project)
    with monkeypatch.context() as patch:
        _full_after(patch, files)
        with pytest.raises(RegistryError) as caught:
            run_install("a")
    error = caught.value
    assert (error.code, error.details["errno"], error.details["syscall"]) == (
        "ENOSPC",
        -errno.ENOSPC,
        "write",
    )
    assert str(project.parent / "store") in error.details["path"]
    lines = error_lines(error)
    assert lines[0] == "edgejs error code ENOSPC"
    assert lines[-2:] == [
        "edgejs error nospc There appears to be insufficient space on your system to finish.",
        "edgejs error nospc Clear up some disk space and try again.",
    ]
    assert snapshot(project) == before
    assert not list((project.parent / "store").rglob(".tmp-*"))
    assert run_install("a").summary().startswith("added 2 packages ")


def test_full_while_linking(
    project: Path, registry: Any, run_install: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.publish({"name": "a", "version": "1.0.0"})
    before = snapshot(project)

    def link(root: str, folder: str, files: Sequence[tuple[str, str, int]]) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", f"{folder}/{files[0][0]}")

    with monkeypatch.context() as patch:
        patch.setattr("edgejs.registry_cache.store.link_files", link)
        with pytest.raises(RegistryError) as caught:
            run_install("a")
    assert (caught.value.code, caught.value.details["syscall"]) == ("ENOSPC", "link")
    assert snapshot(project) == before
