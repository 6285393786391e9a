# SPDX-License-Identifier: Apache-2.0
"""`cache`: the store is listed, checked, repaired, collected and emptied."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from edgejs.registry_cache.store import Store
from edgejs.registry_cache.upkeep import verify
from registry_fixture import run_edgejs


@pytest.fixture
def store(project: Path, registry: Any) -> Path:
    registry.publish({"name": "a", "version": "1.0.0", "dependencies": {"b": "1"}})
    registry.publish({"name": "b", "version": "1.2.0"})
    assert run_edgejs(project, "install", "a").returncode == 0
    return project.parent / "store"


def contents(store: Path) -> list[Path]:
    return sorted(path for path in (store / "content-v1").rglob("*") if path.is_file())


def test_ls_and_dir(project: Path, store: Path) -> None:
    lines = run_edgejs(project, "cache", "ls").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["a@1.0.0", "b@1.2.0"]
    assert json.loads(run_edgejs(project, "cache", "ls", "b", "--json").stdout)[0]["files"] == 2
    assert run_edgejs(project, "cache", "dir").stdout == f"{store}\n"


def test_verify_of_a_whole_store(project: Path, store: Path) -> None:
    before = contents(store)
    said = run_edgejs(project, "cache", "verify").stdout
    assert f"Content verified: {len(before)} (" in said
    assert "Index entries: 2" in said
    assert contents(store) == before


def test_verify_repairs(project: Path, store: Path, registry: Any) -> None:
    shutil.rmtree(project / "node_modules")
    victim = contents(store)[0]
    victim.chmod(0o644)
    victim.write_bytes(b"altered")
    found = verify(Store(str(store)))
    assert (found.damaged, found.dropped, found.entries) == (1, 1, 1)
    assert run_edgejs(project, "ci").returncode == 0
    assert sorted(os.listdir(project / "node_modules")) == [".package-lock.json", "a", "b"]


def test_verify_collects_what_no_entry_names(store: Path) -> None:
    kept = len(contents(store))
    Store(str(store)).put([(b"nobody's", False)])
    assert verify(Store(str(store))).collected == 0  # it may belong to an install that is under way
    assert verify(Store(str(store)), grace=-1).collected == 1
    assert len(contents(store)) == kept


def test_verify_drops_broken_metadata(store: Path) -> None:
    packument = next(path for path in (store / "packuments-v1").rglob("*") if path.is_file())
    packument.write_bytes(packument.read_bytes()[:-1])
    assert verify(Store(str(store))).metadata_dropped == 1
    assert not packument.exists()


def test_clean(project: Path, store: Path) -> None:
    refused = run_edgejs(project, "cache", "clean")
    assert (refused.returncode, contents(store) != []) == (1, True)
    assert "code EUSAGE" in refused.stderr
    assert run_edgejs(project, "cache", "clean", "b").stdout == "Deleted: b@1.2.0\n"
    assert run_edgejs(project, "cache", "clean", "--force").returncode == 0
    assert contents(store) == []
    assert (project / "node_modules/a/index.js").exists()
