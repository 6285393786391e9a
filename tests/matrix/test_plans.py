# SPDX-License-Identifier: Apache-2.0
"""Plans and arguments."""

from __future__ import annotations

from pathlib import Path

import pytest
from edgejs.napi.matrix.plan import BadPlan, from_arguments, parse_size, read
from edgejs.napi.matrix.processes import Limits

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"


def test_a_plan(tmp_path):
    (tmp_path / "@scope").mkdir()
    (tmp_path / "@scope" / "one.mjs").write_text("1")
    (tmp_path / "other.mjs").write_text("2")
    (tmp_path / "plan.toml").write_text(
        """
        timeout = 7
        runtimes = ["edgejs", "node"]
        reference = "node"
        [packages."@scope/one"]
        versions = ["1.0.0", "^2"]
        [packages.two]
        case = "other.mjs"
        entry = ""
        with = ["helper@1"]
        memory = "1GiB"
        """
    )
    plan = read(tmp_path / "plan.toml")
    assert [(row.name, row.spec, row.case) for row in plan.rows] == [
        ("@scope/one", "1.0.0", "1"),
        ("@scope/one", "^2", "1"),
        ("two", "latest", "2"),
    ]
    assert plan.rows[2].extra == ("helper@1",) and plan.rows[2].entry == ""
    assert plan.rows[2].limits == Limits(7, 2**30)
    assert (plan.runtimes, plan.reference) == (("edgejs", "node"), "node")


def test_arguments():
    plan = from_arguments(["sharp", "@napi-rs/canvas@^1", "@scope/x"], None, Limits())
    assert [(row.name, row.spec) for row in plan.rows] == [
        ("sharp", "latest"),
        ("@napi-rs/canvas", "^1"),
        ("@scope/x", "latest"),
    ]


def test_slips_are_named(tmp_path):
    for text, message in (
        ("packges = 1", "unknown packges"),
        ("[packages.a]\nversion = '1'", r"packages\.a: unknown version"),
        ("a = ", r"plan\.toml"),
    ):
        (tmp_path / "plan.toml").write_text(text)
        with pytest.raises(BadPlan, match=message):
            read(tmp_path / "plan.toml")
    with pytest.raises(BadPlan, match=r"no package\.json with a name"):
        from_arguments([str(tmp_path)], None, Limits())
    with pytest.raises(BadPlan, match="is no size"):
        parse_size("much")


def test_the_plan_of_64_packages():
    plan = read(FIXTURES / "matrix" / "plan.toml")
    assert len({row.name for row in plan.rows}) == 64
    assert all(row.case for row in plan.rows)
