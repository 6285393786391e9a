# SPDX-License-Identifier: Apache-2.0
"""Packages of a registry: installed once for all columns."""

from __future__ import annotations

import pytest


@pytest.fixture
def published(registry, make_tarball, npm_environment):
    for version in ("1.0.0", "2.0.0"):
        files = {"index.js": f"exports.version = '{version}';"}
        registry.publish({"name": "leaf", "version": version}, files)
    return registry


def test_a_row_for_each_version(matrix, published, here, tmp_path):
    case = tmp_path / "case.mjs"
    case.write_text("import leaf from 'leaf'; console.log(JSON.stringify(leaf));")
    packages = ["leaf@1", "leaf@latest"]
    _, lines = matrix("run", *packages, "--case", case, "--runtime", "edgejs", "--runtime", here)
    documents = [(line["version"], line["outcome"]["document"]["version"]) for line in lines]
    assert sorted(set(documents)) == [("1.0.0", "1.0.0"), ("2.0.0", "2.0.0")]
    assert len(documents) == 4


def test_what_cannot_be_installed(matrix, published):
    code, lines = matrix("run", "none", "leaf@9", "--runtime", "edgejs")
    assert (code, [line["verdict"] for line in lines]) == (1, ["install-fails", "install-fails"])
    assert lines[0]["reason"].startswith("E404: Not Found - GET ")
    assert lines[1]["reason"] == "ETARGET: No matching version found for leaf@9."
