# SPDX-License-Identifier: Apache-2.0
"""The file primitives that are Python: times, and errors as Node reports them."""

from __future__ import annotations

import errno
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


@pytest.mark.parametrize(
    ("primitive", "arguments", "syscall", "dest"),
    [
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


def test_times_keep_their_microseconds(primitives: Primitives, tmp_path: Path) -> None:
    primitives["utimes"](str(tmp_path), 1700000000.25, -1.5)
    status = tmp_path.stat()
    assert (status.st_atime_ns, status.st_mtime_ns) == (1700000000250000000, -1500000000)
