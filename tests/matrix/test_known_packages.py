# SPDX-License-Identifier: Apache-2.0
"""The plan of 64 packages, next to Node 24, when EDGEJS_TEST_MATRIX is set: it takes minutes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from edgejs.napi.matrix.command import main
from edgejs.napi.matrix.results import load
from edgejs.napi.matrix.runtimes import find, reference_of

from edgejs.configuration import command_path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PLAN = Path(__file__).resolve().parents[1] / "fixtures" / "matrix" / "plan.toml"


@pytest.mark.network
@pytest.mark.timeout(3600)
def test_the_plan(tmp_path, monkeypatch):
    if not os.environ.get("EDGEJS_TEST_MATRIX"):
        pytest.skip("EDGEJS_TEST_MATRIX is not set: the 64 packages were not run")
    reference = reference_of(find(command_path()))
    if reference is None or not reference.version.startswith("24."):
        pytest.skip("NO NODE 24: the packages were not compared")
    monkeypatch.delenv("EDGEJS_CACHE_DIR")  # of conftest.py: the user's store has most of them
    out = tmp_path / "out.jsonl"
    node = f"{reference.name}={reference.command[0]}"
    main(["run", str(PLAN), "-o", str(out), "--runtime", "edgejs", "--runtime", node], command_path())
    lines = [line for line in load(out) if not line["is_reference"]]
    expected = tomllib.loads(PLAN.with_name("expected.toml").read_text())
    found = {}
    for line in lines:
        if line["verdict"] != "passes":
            found.setdefault(line["package"], set()).add(line["verdict"])
    # A newer libstdc++ or another Node may do better: those two depend on the machine.
    machine = {"skipped", "no-reference"}
    assert {name: codes - machine for name, codes in found.items() if codes - machine} == {
        name: set(codes) - machine for name, codes in expected.items() if set(codes) - machine
    }
    assert len({line["package"] for line in lines if line["verdict"] == "passes"}) >= 55
