# SPDX-License-Identifier: Apache-2.0
"""A download that is not what was promised is tried once more, then refused; nothing of it is kept."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from edgejs.registry_cache import RegistryError
from registry_fixture import snapshot

TARBALL = "/a/-/a-1.0.0.tgz"


def _failure(run_install: Callable[..., Any], project: Path) -> RegistryError:
    before = snapshot(project)
    with pytest.raises(RegistryError) as caught:
        run_install("a")
    assert snapshot(project) == before
    return caught.value


def test_wrong_integrity(project: Path, registry: Any, run_install: Callable[..., Any]) -> None:
    wrong = "sha512-" + "A" * 86 + "=="
    registry.publish({"name": "a", "version": "1.0.0"}, integrity=wrong)
    error = _failure(run_install, project)
    assert error.code == "EINTEGRITY"
    assert error.message.startswith(
        f"{wrong} integrity checksum failed when using sha512: wanted {wrong} but got sha512-"
    )
    assert registry.count(TARBALL) == 2
    assert not list((project.parent / "store").rglob("content-v1/*/*/*"))


def test_the_connection_breaks_in_the_middle(
    project: Path, registry: Any, run_install: Callable[..., Any]
) -> None:
    registry.publish({"name": "a", "version": "1.0.0"})
    registry.break_tarball("a", "1.0.0")
    assert _failure(run_install, project).code == "ECONNRESET"
    registry.mend_tarball("a", "1.0.0")
    assert run_install("a").summary().startswith("added 1 package ")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"this is no archive", "TAR_BAD_ARCHIVE"),
        (b"", "TAR_BAD_ARCHIVE"),
        (gzip.compress(b"neither is this"), "TAR_BAD_ARCHIVE"),
        (gzip.compress(b"x" * 5000)[:20], "Z_BUF_ERROR"),
        (b"\x1f\x8b\x08\x00broken gzip", "Z_DATA_ERROR"),
    ],
    ids=["text", "empty", "no-tar", "cut", "no-gzip"],
)
def test_published_so(
    data: bytes, code: str, project: Path, registry: Any, run_install: Callable[..., Any]
) -> None:
    registry.publish({"name": "a", "version": "1.0.0"}, tarball=data)
    assert _failure(run_install, project).code == code


def test_cut_inside_the_tar(
    project: Path, registry: Any, make_tarball: Callable[..., bytes], run_install: Callable[..., Any]
) -> None:
    whole = gzip.decompress(make_tarball({"package.json": "{}", "big.js": "x" * 5000}))
    registry.publish({"name": "a", "version": "1.0.0"}, tarball=gzip.compress(whole[:3000]))
    error = _failure(run_install, project)
    assert (error.code, error.details["pkgid"]) == ("TAR_BAD_ARCHIVE", "a@1.0.0")


def test_an_optional_package_may_be_broken(
    project: Path, registry: Any, run_install: Callable[..., Any]
) -> None:
    registry.publish({"name": "a", "version": "1.0.0", "optionalDependencies": {"b": "1"}})
    registry.publish({"name": "b", "version": "1.0.0"}, tarball=b"junk")
    assert [change.name for change in run_install("a").added] == ["a"]
    assert not (project / "node_modules/b").exists()
