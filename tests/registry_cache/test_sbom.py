# SPDX-License-Identifier: Apache-2.0
"""`sbom` says what npm's says: the same components, addresses, digests and dependencies."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from registry_fixture import need_npm, run_edgejs, run_npm


@pytest.fixture
def installed(project: Path, registry: Any) -> Path:
    registry.publish(
        {
            "name": "@s/a",
            "version": "1.0.0",
            "license": "MIT",
            "description": "About a",
            "author": {"name": "N"},
            "repository": {"type": "git", "url": "git+http://vcs.invalid/a.git"},
            "dependencies": {"b": "1"},
        }
    )
    registry.publish({"name": "b", "version": "1.0.0", "license": "(MIT OR ISC)"})
    registry.publish({"name": "d", "version": "1.0.0", "dependencies": {"b": "1"}})
    assert run_edgejs(project, "install", "@s/a").returncode == 0
    assert run_edgejs(project, "install", "-D", "d").returncode == 0
    return project


def test_as_npm(installed: Path) -> None:
    need_npm()
    texts = [
        run_npm(installed, "sbom", "--sbom-format=cyclonedx").stdout,
        run_edgejs(installed, "sbom").stdout,
    ]
    theirs, ours = map(json.loads, texts)
    for document in (theirs, ours):
        for component in document["components"]:
            component.pop("scope")
    assert ours["dependencies"] == theirs["dependencies"]
    assert ours["components"] == theirs["components"]
    for key in ("bomFormat", "specVersion", "$schema"):
        assert ours[key] == theirs[key]
    assert ours["metadata"]["component"]["purl"] == theirs["metadata"]["component"]["purl"]


def test_what_is_left_out(installed: Path) -> None:
    document = json.loads(run_edgejs(installed, "sbom", "--omit=dev", "--package-lock-only").stdout)
    assert [one["bom-ref"] for one in document["components"]] == ["@s/a@1.0.0", "b@1.0.0"]


def test_a_broken_tree_is_refused(installed: Path) -> None:
    shutil.rmtree(installed / "node_modules/b")
    refused = run_edgejs(installed, "sbom")
    assert (refused.returncode, "code ESBOMPROBLEMS" in refused.stderr) == (1, True)
