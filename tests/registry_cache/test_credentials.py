# SPDX-License-Identifier: Apache-2.0
"""Tokens and passwords go to the host and path they are for, and nowhere else."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from edgejs.registry_cache import RegistryError
from edgejs.registry_cache.config import Config
from edgejs.registry_cache.report import error_lines

RC = """
//one.example/:_authToken=one
//one.example/team/:_authToken=team
//two.example/:username=me
//two.example/:_password={password}
//three.example:8080/:_auth=dTpw
"""


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://one.example/a", "Bearer one"),
        ("https://one.example/team/a/-/a-1.0.0.tgz", "Bearer team"),
        ("https://one.example/teams/a", "Bearer one"),
        ("https://two.example/x", "Basic " + base64.b64encode(b"me:secret").decode()),
        ("https://three.example:8080/a", "Basic dTpw"),
        ("https://three.example/a", None),
        ("https://one.example.evil.example/a", None),
    ],
)
def test_lookup(url: str, expected: str | None, project: Path) -> None:
    password = base64.b64encode(b"secret").decode()
    (project / ".npmrc").write_text(RC.format(password=password))
    assert Config.load(str(project)).authorization(url) == expected


def test_a_token_is_sent_to_its_registry(
    project: Path, registry: Any, run_install: Callable[..., Any]
) -> None:
    registry.publish({"name": "a", "version": "1.0.0"})
    registry.token = "hush"
    host = registry.url.removeprefix("http:")
    (project / ".npmrc").write_text(f"{host}:_authToken=hush\n")
    run_install("a")
    assert {headers["authorization"] for _path, headers in registry.requests} == {"Bearer hush"}


def test_a_redirect_does_not_take_it_along(
    project: Path, registry: Any, run_install: Callable[..., Any]
) -> None:
    registry.publish({"name": "a", "version": "1.0.0"})
    elsewhere = registry.url.replace("127.0.0.1", "localhost")
    registry.fail("/a", 302, location=f"{elsewhere}a")
    (project / ".npmrc").write_text(f"{registry.url.removeprefix('http:')}:_authToken=hush\n")
    run_install("a")
    first, second = [headers for path, headers in registry.requests if path == "/a"]
    assert first["authorization"] == "Bearer hush"
    assert "authorization" not in second


def test_passwords_in_addresses_are_not_printed() -> None:
    error = RegistryError("E500", "500 - GET https://me:secret@one.example/a")
    assert "secret" not in "\n".join(error_lines(error))
