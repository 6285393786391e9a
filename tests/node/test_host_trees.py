# SPDX-License-Identifier: Apache-2.0
"""The directory primitives: making, listing, copying and removing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from edgejs.engine.errors import HostError
from edgejs.node import fs_tree

Primitives = dict[str, Callable[..., Any]]


@pytest.fixture
def primitives() -> Primitives:
    return fs_tree.binding(None)


def test_removing_a_tree_does_not_follow_links(primitives: Primitives, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").touch()
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "link").symlink_to(tmp_path / "kept")
    primitives["removeTree"](str(tmp_path / "tree"))
    assert [path.name for path in tmp_path.rglob("*")] == ["kept", "file"]


def test_a_tree_deeper_than_the_stack_is_removed(primitives: Primitives, tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    primitives["removeTree"](str(tmp_path / "d"))
    assert list(tmp_path.iterdir()) == []


def test_names_come_in_the_order_of_their_bytes(primitives: Primitives, tmp_path: Path) -> None:
    for name in ["b", "a", "B", "é"]:
        (tmp_path / name).touch()
    assert primitives["readdir"](str(tmp_path)) == ["B", "a", "b", "é"]


def test_kinds_of_entries(primitives: Primitives, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "f").touch()
    (tmp_path / "l").symlink_to("nowhere")
    os.mkfifo(tmp_path / "p")
    assert primitives["readdirKinds"](str(tmp_path)) == [["d", "f", "l", "p"], [2, 1, 3, 4]]


def test_the_first_directory_made_is_told(primitives: Primitives, tmp_path: Path) -> None:
    assert primitives["mkdirRecursive"](str(tmp_path / "a" / "b" / "c"), 0o777) == str(tmp_path / "a")
    assert primitives["mkdirRecursive"](str(tmp_path / "a" / "b" / "c"), 0o777) is None
    (tmp_path / "file").touch()
    with pytest.raises(HostError, match=r"^ENOTDIR: not a directory, mkdir"):
        primitives["mkdirRecursive"](str(tmp_path / "file" / "x" / "y"), 0o777)


def test_a_copy_has_the_bytes_and_the_mode(primitives: Primitives, tmp_path: Path) -> None:
    (tmp_path / "from").write_bytes(b"new")
    (tmp_path / "from").chmod(0o750)
    (tmp_path / "to").write_bytes(b"older and longer")
    primitives["copyFile"](str(tmp_path / "from"), str(tmp_path / "to"), 0)
    assert (tmp_path / "to").read_bytes() == b"new"
    assert (tmp_path / "to").stat().st_mode & 0o777 == 0o750


def test_a_file_copied_onto_itself_is_unharmed(primitives: Primitives, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"text")
    os.link(tmp_path / "file", tmp_path / "same")
    primitives["copyFile"](str(tmp_path / "file"), str(tmp_path / "same"), 0)
    assert (tmp_path / "file").read_bytes() == b"text"


def test_temporary_directories_are_private(primitives: Primitives, tmp_path: Path) -> None:
    made = primitives["mkdtemp"](str(tmp_path / "x-"))
    assert len(Path(made).name) == len("x-") + 6
    assert Path(made).stat().st_mode & 0o777 == 0o700
