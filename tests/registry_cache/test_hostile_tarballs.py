# SPDX-License-Identifier: Apache-2.0
"""Whatever a tarball holds, nothing is written outside its package, and nothing but plain files inside."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from edgejs.registry_cache import RegistryError
from edgejs.registry_cache.archive import Limits, members
from registry_fixture import snapshot

MANIFEST = '{"name": "evil", "version": "1.0.0"}'


def entry(name: str, kind: bytes = tarfile.REGTYPE, target: str = "", mode: int = 0o644) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode = kind, target, mode
    return info


HOSTILE = {
    "traversal": entry("package/../../../escaped.txt"),
    "traversal-at-once": entry("../escaped.txt"),
    "absolute": entry("/escaped/escaped.txt"),
    "symbolic-link": entry("package/link", tarfile.SYMTYPE, "/etc/passwd"),
    "hard-link": entry("package/link", tarfile.LNKTYPE, "package/../../../package.json"),
    "device": entry("package/null", tarfile.CHRTYPE),
    "fifo": entry("package/pipe", tarfile.FIFOTYPE),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_gets_out(
    kind: str,
    project: Path,
    registry: Any,
    make_tarball: Callable[..., bytes],
    run_install: Callable[..., Any],
) -> None:
    tarball = make_tarball({"package.json": MANIFEST, "ok.js": "1"}, extra=[HOSTILE[kind]])
    registry.publish({"name": "evil", "version": "1.0.0"}, tarball=tarball)
    run_install("evil")
    inside = snapshot(project / "node_modules" / "evil")
    assert (
        {"package.json", "ok.js"}
        <= set(inside)
        <= {"package.json", "ok.js", "escaped.txt", "escaped/escaped.txt"}
    )
    assert not any(str(value).startswith("->") for value in inside.values())
    found = {str(path.relative_to(project.parent)) for path in project.parent.rglob("escaped.txt")}
    assert all(name.startswith("project/node_modules/evil/") for name in found)


def test_a_link_cannot_redirect_a_later_file(
    project: Path, registry: Any, make_tarball: Callable[..., bytes], run_install: Callable[..., Any]
) -> None:
    outside = project.parent / "outside"
    outside.mkdir()
    extra = [entry("package/dir", tarfile.SYMTYPE, str(outside)), entry("package/dir/file.txt")]
    registry.publish(
        {"name": "evil", "version": "1.0.0"}, tarball=make_tarball({"package.json": MANIFEST}, extra=extra)
    )
    run_install("evil")
    assert list(outside.iterdir()) == []
    assert (project / "node_modules/evil/dir/file.txt").is_file()


def test_modes_come_down_to_executable_or_not(
    project: Path, registry: Any, make_tarball: Callable[..., bytes], run_install: Callable[..., Any]
) -> None:
    extra = [
        entry("package/suid", mode=0o6755),
        entry("package/secret", mode=0o000),
        entry("package/open", mode=0o666),
    ]
    registry.publish(
        {"name": "evil", "version": "1.0.0"}, tarball=make_tarball({"package.json": MANIFEST}, extra=extra)
    )
    run_install("evil")
    modes = {
        name: oct(os.stat(project / "node_modules/evil" / name).st_mode & 0o7777)
        for name in ("suid", "secret", "open")
    }
    assert modes == {"suid": "0o755", "secret": "0o644", "open": "0o644"}


def test_a_path_cannot_be_file_and_folder(
    project: Path, registry: Any, make_tarball: Callable[..., bytes], run_install: Callable[..., Any]
) -> None:
    registry.publish(
        {"name": "evil", "version": "1.0.0"},
        tarball=make_tarball({"package.json": MANIFEST, "a": "file", "a/b": "inside"}),
    )
    run_install("evil")
    assert (project / "node_modules/evil/a/b").read_text() == "inside"


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (Limits(total=1000), "unpacks to more than"),
        (Limits(files=2), "more than 2 files"),
        (Limits(ratio=10, ratio_from=1000), "unpacks to more than"),
    ],
)
def test_bombs_are_refused(limits: Limits, text: str, make_tarball: Callable[..., bytes]) -> None:
    bomb = make_tarball({"a": "0" * 200_000, "b": "", "c": ""})
    with pytest.raises(RegistryError, match=text) as caught:
        list(members(io.BytesIO(bomb), "bomb@1.0.0", lambda code, message: None, limits))
    assert caught.value.code == "EARCHIVELIMIT"
