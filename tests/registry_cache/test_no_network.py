# SPDX-License-Identifier: Apache-2.0
"""Without a network the error carries Node's code, and what is in the store still installs."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from edgejs.registry_cache import RegistryError
from registry_fixture import run_edgejs


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_connection_refused(project: Path) -> None:
    port = _closed_port()
    result = run_edgejs(project, "install", "a", f"--registry=http://127.0.0.1:{port}/")
    assert result.returncode == 1
    assert result.stderr.splitlines()[:-1] == [
        "edgejs error code ECONNREFUSED",
        "edgejs error syscall connect",
        "edgejs error errno ECONNREFUSED",
        f"edgejs error FetchError: request to http://127.0.0.1:{port}/a failed, reason: "
        f"connect ECONNREFUSED 127.0.0.1:{port}",
        "edgejs error",
        "edgejs error If you are behind a proxy, please make sure that the 'proxy' config is set properly.  "
        "See: 'npm help config'",
    ]


def test_unknown_host(project: Path, run_install: Callable[..., Any]) -> None:
    with pytest.raises(RegistryError) as caught:
        run_install("a", registry="http://host.invalid/")
    assert caught.value.code == "ENOTFOUND"
    assert caught.value.message == (
        "request to http://host.invalid/a failed, reason: getaddrinfo ENOTFOUND host.invalid"
    )


def test_the_store_is_enough(project: Path, registry: Any, run_install: Callable[..., Any]) -> None:
    registry.publish({"name": "a", "version": "1.0.0", "dependencies": {"b": "1"}})
    registry.publish({"name": "b", "version": "1.0.0"})
    run_install("a")
    shutil.rmtree(project / "node_modules")
    asked = len(registry.requests)
    assert run_install(offline=True).summary().startswith("added 2 packages ")
    (project / "package-lock.json").unlink()
    shutil.rmtree(project / "node_modules")
    assert run_install(offline=True).summary().startswith("added 2 packages ")
    assert len(registry.requests) == asked


def test_offline_and_not_in_the_store(project: Path, registry: Any, run_install: Callable[..., Any]) -> None:
    registry.publish({"name": "a", "version": "1.0.0"})
    with pytest.raises(
        RegistryError, match="cache mode is 'only-if-cached' but no cached response"
    ) as caught:
        run_install("a", offline=True)
    assert caught.value.code == "ENOTCACHED"
    assert registry.requests == []
