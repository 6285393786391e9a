# SPDX-License-Identifier: Apache-2.0
"""Files are stored and linked in bulk, in C where edgejs is installed and in Python where it is being built."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from edgejs.registry_cache import disk

LOOPS = ["edgejs.registry_cache", "registry_cache"]


@pytest.fixture(autouse=True, params=LOOPS)
def _loops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "__package__", request.param)


def _names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_files_are_sealed_and_have_their_modes(tmp_path: Path) -> None:
    disk.write_files(
        str(tmp_path), "p", [("a/plain", b"1", False), ("a/b/c/command", memoryview(b"22"), True)]
    )
    found = [(tmp_path / name).stat() for name in ("a/plain", "a/b/c/command")]
    assert [(one.st_size, one.st_mode & 0o777, one.st_mtime_ns) for one in found] == [
        (1, 0o644, disk.SEAL),
        (2, 0o755, disk.SEAL),
    ]


def test_a_sealed_file_stays_as_it_is(tmp_path: Path) -> None:
    disk.write_files(str(tmp_path), "p", [("a/x", b"1", False)])
    inode = (tmp_path / "a/x").stat().st_ino
    disk.write_files(str(tmp_path), "q", [("a/x", b"1", False), ("a/y", b"", False)])
    assert (tmp_path / "a/x").stat().st_ino == inode
    assert _names(tmp_path) == ["a/x", "a/y"]


def test_half_a_file_is_replaced_without_touching_who_has_it_open(tmp_path: Path) -> None:
    half = tmp_path / "a/x"
    half.parent.mkdir()
    half.write_bytes(b"ha")
    with half.open("rb") as opened:
        disk.write_files(str(tmp_path), "p", [("a/x", b"half", False)])
        assert (opened.read(), half.read_bytes()) == (b"ha", b"half")
    assert disk.is_whole(str(half), 4)
    assert _names(tmp_path) == ["a/x"]


def test_a_failure_names_the_file_and_leaves_no_half(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"no folder")
    with pytest.raises(OSError) as caught:
        disk.write_files(str(tmp_path), "p", [("a", b"1", False), ("f/x", b"1", False)])
    assert caught.value.errno in (errno.ENOTDIR, errno.EEXIST)
    assert str(caught.value.filename).startswith(str(tmp_path / "f"))
    assert _names(tmp_path) == ["a", "f"]


def test_links_are_made_with_their_folders(tmp_path: Path) -> None:
    store, target = str(tmp_path / "store"), tmp_path / "target"
    disk.write_files(store, "p", [("aa/x", b"1", False), ("bb/y", b"22", False)])
    target.mkdir()
    files = [("package.json", "aa/x", 1), ("lib/deep/y.js", "bb/y", 2), ("lib/z.js", "bb/y", 2)]
    assert disk.link_files(store, str(target), files) == 3
    assert _names(target) == ["lib/deep/y.js", "lib/z.js", "package.json"]
    assert os.path.samefile(target / "lib/z.js", tmp_path / "store/bb/y")


@pytest.mark.parametrize("damage", ["missing", "longer", "touched"])
def test_linking_stops_at_a_file_that_is_not_whole(damage: str, tmp_path: Path) -> None:
    store, target = str(tmp_path / "store"), tmp_path / "target"
    disk.write_files(store, "p", [("aa/x", b"1", False), ("bb/y", b"22", False)])
    damaged = tmp_path / "store/bb/y"
    if damage == "missing":
        damaged.unlink()
    elif damage == "longer":
        damaged.write_bytes(b"longer")
        os.utime(damaged, ns=(disk.SEAL, disk.SEAL))
    else:
        os.utime(damaged)
    target.mkdir()
    assert disk.link_files(store, str(target), [("x", "aa/x", 1), ("y", "bb/y", 2), ("z", "aa/x", 1)]) == 1
    assert _names(target) == ["x"]


def test_a_link_is_not_made_over_a_file(tmp_path: Path) -> None:
    store, target = str(tmp_path / "store"), tmp_path / "target"
    disk.write_files(store, "p", [("aa/x", b"1", False)])
    target.mkdir()
    (target / "x").write_bytes(b"mine")
    with pytest.raises(FileExistsError) as caught:
        disk.link_files(store, str(target), [("x", "aa/x", 1)])
    assert str(target / "x") in (caught.value.filename, caught.value.filename2)
    assert (target / "x").read_bytes() == b"mine"
