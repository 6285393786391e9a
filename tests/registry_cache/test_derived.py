# SPDX-License-Identifier: Apache-2.0
"""`cache verify` and `cache clean` on what lies beside the store: compiled code."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from edgejs.registry_cache import derived
from registry_fixture import run_edgejs


@pytest.fixture
def code(tmp_path: Path) -> Path:
    folder = tmp_path / "store" / "code-v1"
    (folder / "build").mkdir(parents=True)
    (folder / "key").write_bytes(b"k" * 32)
    return folder


def entry(code: Path, name: str, days: float, size: int = 10) -> Path:
    path = code / "build" / name
    path.write_bytes(b"x" * size)
    os.utime(path, (time.time() - days * 86_400,) * 2)
    return path


def test_old_and_unfinished_entries_go(project: Path, code: Path) -> None:
    old, young = entry(code, "old", 100), entry(code, "young", 1)
    unfinished, at_work = entry(code, ".tmp-1", 3), entry(code, ".tmp-2", 0)
    assert "Old compiled code removed: 2" in run_edgejs(project, "cache", "verify").stdout
    assert [path.exists() for path in (old, young, unfinished, at_work)] == [False, True, False, True]
    assert (code / "key").exists()


def test_the_oldest_go_beyond_the_bound(code: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derived, "CODE_BYTES", 25)
    paths = [entry(code, str(age), age) for age in (4, 3, 2, 1)]
    now = time.time()
    assert derived.tidy_code(str(code.parent), now, now - 86_400) == 2
    assert [path.exists() for path in paths] == [False, False, True, True]


def test_clean_takes_all_of_it(project: Path, code: Path) -> None:
    entry(code, "young", 1)
    assert run_edgejs(project, "cache", "clean", "--force").returncode == 0
    assert not code.exists()
