# SPDX-License-Identifier: Apache-2.0
"""The file primitives: whole files, odd names, errors as Node reports them."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from edgejs.engine.errors import HostError
from edgejs.node import fs

Primitives = dict[str, Callable[..., Any]]


@pytest.fixture
def primitives() -> Primitives:
    return fs.binding(None)


def test_a_file_whose_size_is_not_known_is_read_whole(primitives: Primitives) -> None:
    assert os.stat("/proc/self/status").st_size == 0
    assert primitives["readFileUtf8"]("/proc/self/status").startswith("Name:")


def test_an_open_descriptor_is_read_from_where_it_is_and_stays_open(
    primitives: Primitives, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"0123456789")
    descriptor = os.open(file, os.O_RDONLY)
    os.lseek(descriptor, 4, os.SEEK_SET)
    assert primitives["readFile"](descriptor) == b"456789"
    os.close(descriptor)


def test_bytes_that_are_not_utf8_become_replacement_characters(
    primitives: Primitives, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"a\xff\xe2\x82b")
    assert primitives["readFileUtf8"](str(tmp_path / "file")) == "a\ufffd\ufffdb"


def test_a_path_may_be_bytes(primitives: Primitives, tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff"
    primitives["writeFile"](name, b"x", os.O_WRONLY | os.O_CREAT, 0o600, False)
    assert primitives["readFile"](memoryview(name)) == b"x"


@pytest.mark.parametrize(
    ("primitive", "arguments", "syscall", "dest"),
    [
        ("readFile", ("/nowhere",), "open", None),
        ("stat", ("/nowhere",), "stat", None),
        ("utimes", ("/nowhere", 1, 1), "utime", None),
        ("rename", ("/nowhere", "/there"), "rename", "/there"),
        ("realpath", ("/nowhere/file",), "lstat", None),
    ],
)
def test_a_failure_names_the_call_and_the_paths(
    primitives: Primitives, primitive: str, arguments: tuple[Any, ...], syscall: str, dest: str | None
) -> None:
    with pytest.raises(HostError) as caught:
        primitives[primitive](*arguments)
    found = caught.value.properties
    assert (found["errno"], found["code"], found["syscall"]) == (-errno.ENOENT, "ENOENT", syscall)
    assert (found["path"], found.get("dest")) == ("/nowhere", dest)


def test_access_tells_why_it_is_refused(primitives: Primitives, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch(mode=0o644)
    with pytest.raises(HostError) as caught:
        primitives["access"](str(file), os.X_OK)
    assert caught.value.properties["code"] == "EACCES"


def test_times_keep_their_microseconds(primitives: Primitives, tmp_path: Path) -> None:
    primitives["utimes"](str(tmp_path), 1700000000.25, -1.5)
    status = tmp_path.stat()
    assert (status.st_atime_ns, status.st_mtime_ns) == (1700000000250000000, -1500000000)


def test_the_loader_is_told_files_from_directories(primitives: Primitives, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    asked = [str(tmp_path / "file"), str(tmp_path), str(tmp_path / "none"), "with\0nul"]
    assert [primitives["internalModuleStat"](path) for path in asked] == [0, 1, -2, -2]
