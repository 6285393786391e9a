# SPDX-License-Identifier: Apache-2.0
"""How often, and with what, the registry is asked."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from edgejs.registry_cache import RegistryError


def _again(project: Path) -> None:
    shutil.rmtree(project / "node_modules")
    (project / "package-lock.json").unlink()


def test_everything_once(project: Path, registry: Any, run_install: Callable[..., Any]) -> None:
    registry.publish({"name": "a", "version": "1.0.0", "dependencies": {"c": "1"}})
    registry.publish({"name": "b", "version": "1.0.0", "dependencies": {"c": "^1.0.0"}})
    registry.publish({"name": "c", "version": "1.0.0"})
    run_install("a", "b")
    assert sorted(path for path, _headers in registry.requests) == [
        "/a",
        "/a/-/a-1.0.0.tgz",
        "/b",
        "/b/-/b-1.0.0.tgz",
        "/c",
        "/c/-/c-1.0.0.tgz",
    ]
    assert registry.requests[0][1]["accept"].startswith("application/vnd.npm.install-v1+json")


def test_a_lock_file_and_a_full_store_need_no_request(
    project: Path, registry: Any, run_install: Callable[..., Any]
) -> None:
    registry.publish({"name": "a", "version": "1.0.0", "dependencies": {"b": "1"}})
    registry.publish({"name": "b", "version": "1.0.0"})
    run_install("a")
    shutil.rmtree(project / "node_modules")
    registry.requests.clear()
    run_install()
    assert registry.requests == []


def test_a_known_packument_is_only_revalidated(
    project: Path, registry: Any, run_install: Callable[..., Any]
) -> None:
    registry.publish({"name": "a", "version": "1.0.0"})
    run_install("a")
    first_etag = registry.requests[0][1].get("if-none-match")
    _again(project)
    registry.requests.clear()
    run_install()
    assert first_etag is None
    assert [path for path, _headers in registry.requests] == ["/a"]
    assert registry.requests[0][1]["if-none-match"].startswith('"')


def test_a_fresh_packument_is_not_even_that(
    project: Path, registry: Any, run_install: Callable[..., Any]
) -> None:
    registry.max_age = 300
    registry.publish({"name": "a", "version": "1.0.0"})
    run_install("a")
    _again(project)
    registry.requests.clear()
    run_install()
    assert registry.requests == []


def test_a_torn_packument_is_fetched_again(
    project: Path, registry: Any, run_install: Callable[..., Any]
) -> None:
    registry.max_age = 300
    registry.publish({"name": "a", "version": "1.0.0"})
    run_install("a")
    _again(project)
    for path in (project.parent / "store" / "packuments-v1").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-20])
    registry.requests.clear()
    run_install()
    assert [path for path, _headers in registry.requests] == ["/a"]
    assert "if-none-match" not in registry.requests[0][1]


def test_server_errors_are_tried_again(registry: Any, run_install: Callable[..., Any]) -> None:
    registry.publish({"name": "a", "version": "1.0.0"})
    registry.fail("/a", 503, 500)
    registry.fail("/a/-/a-1.0.0.tgz", 502)
    run_install("a")
    assert (registry.count("/a"), registry.count("/a/-/a-1.0.0.tgz")) == (3, 2)


def test_but_not_for_ever(registry: Any, run_install: Callable[..., Any]) -> None:
    registry.publish({"name": "a", "version": "1.0.0"})
    registry.fail("/a", *[503] * 9)
    with pytest.raises(RegistryError) as caught:
        run_install("a")
    assert caught.value.code == "E503"
    assert registry.count("/a") == 3
