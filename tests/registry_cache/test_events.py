# SPDX-License-Identifier: Apache-2.0
"""`--log-format=ndjson` tells programs what an install does, one JSON object a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from registry_fixture import run_edgejs


def events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_an_install(project: Path, registry: Any) -> None:
    registry.publish({"name": "a", "version": "1.0.0", "dependencies": {"b": "1"}})
    registry.publish({"name": "b", "version": "1.0.0", "scripts": {"install": "true"}})
    result = run_edgejs(project, "install", "a", "--log-format=ndjson")
    assert result.returncode == 0
    found = events(result.stderr)
    assert all(event["ms"] >= 0 for event in found)
    for kind in ("fetched", "linked"):
        assert sorted(event["pkgid"] for event in found if event["event"] == kind) == ["a@1.0.0", "b@1.0.0"]
    assert [event["total"] for event in found if event["event"] == "plan"] == [2]
    asked = [event["url"] for event in found if event["event"] == "request"]
    assert sorted(asked) == sorted(event["url"] for event in found if event["event"] == "answer")
    assert result.stdout.startswith("\nadded 2 packages")


def test_a_failure(project: Path, registry: Any) -> None:
    registry.fail("/a", 500)
    result = run_edgejs(project, "install", "a", "--log-format=ndjson")
    assert result.returncode == 1
    found = events(result.stderr)
    assert [event["event"] for event in found if event["event"] in ("retry", "error")] == ["retry", "error"]
    assert found[-1]["code"] == "E404"
