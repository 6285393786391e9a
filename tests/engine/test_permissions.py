# SPDX-License-Identifier: Apache-2.0
"""What is allowed covers, and what it does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from edgejs.engine.errors import HostError
from edgejs.engine.permissions import Permissions


def test_nothing_is_allowed_at_first_but_the_environment() -> None:
    permissions = Permissions()
    assert not permissions.has("fs.read")
    assert not permissions.has("fs.read", "/")
    assert not permissions.has("child")
    assert permissions.has("env", "HOME")
    permissions.forbid("env")
    assert not permissions.has("env", "HOME")


def test_a_folder_is_allowed_with_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    permissions = Permissions()
    permissions.allow("fs.read", str(tmp_path / "in"))
    allowed = [tmp_path / "in", tmp_path / "in" / "file", tmp_path / "in" / "deep" / "er"]
    assert all(permissions.has("fs.read", str(path)) for path in allowed)
    forbidden = [tmp_path, tmp_path / "inside", f"{tmp_path}/in/../out", f"{tmp_path}/in/./../../x"]
    assert not any(permissions.has("fs.read", str(path)) for path in forbidden)
    assert not permissions.has("fs.write", str(tmp_path / "in"))
    assert not permissions.has("fs.read")


def test_a_star_ends_a_beginning(tmp_path: Path) -> None:
    permissions = Permissions()
    permissions.allow("fs.write", f"{tmp_path}/a*")
    assert permissions.has("fs.write", f"{tmp_path}/abc".encode())
    assert permissions.has("fs.write", f"{tmp_path}/a/b")
    assert not permissions.has("fs.write", f"{tmp_path}/b")
    permissions.allow("fs.write")
    assert permissions.has("fs.write")


def test_relative_paths_are_of_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    permissions = Permissions()
    permissions.allow("fs.read", "file")
    assert permissions.has("fs.read", str(tmp_path / "file"))
    monkeypatch.chdir("/")
    assert not permissions.has("fs.read", "file")


def test_what_is_forbidden_has_nodes_error() -> None:
    with pytest.raises(HostError) as caught:
        Permissions().require("fs.write", "x")
    assert caught.value.properties == {
        "name": "Error",
        "message": "Access to this API has been restricted. Use --allow-fs-write to manage permissions.",
        "code": "ERR_ACCESS_DENIED",
        "permission": "FileSystemWrite",
        "resource": "x",
    }


def test_children_are_told_what_is_inherited() -> None:
    permissions = Permissions()
    permissions.allow("child")
    permissions.allow("fs.read", "/a b")
    permissions.allow("fs.read", "/program.js", inherited=False)
    assert permissions.options() == ["--permission", "--allow-child-process", "--allow-fs-read=/a b"]
