# SPDX-License-Identifier: Apache-2.0
"""`python -m registry_cache.fetch`: one pinned package, checked, in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from edgejs.registry_cache import RegistryError, fetch_tarball
from edgejs.registry_cache.fetch import main


def test_fetch(project: Path, registry: Any, capsys: pytest.CaptureFixture[str]) -> None:
    integrity = registry.publish({"name": "@s/a", "version": "1.0.0"})
    dest = project / "vendor" / "a"
    assert main(["@s/a@1.0.0", "--integrity", integrity, "--dest", str(dest)]) == 0
    assert capsys.readouterr().out == f"{dest}\n"
    assert sorted(path.name for path in dest.iterdir()) == ["index.js", "package.json"]
    assert [path.name for path in dest.parent.iterdir()] == ["a"]
    assert fetch_tarball("@s/a", "1.0.0", integrity, str(dest)) == str(dest)
    assert len(registry.requests) == 1


def test_wrong_hash(project: Path, registry: Any, capsys: pytest.CaptureFixture[str]) -> None:
    registry.publish({"name": "a", "version": "1.0.0"})
    wrong = "sha512-" + "A" * 86 + "=="
    dest = project / "vendor" / "a"
    assert main(["a@1.0.0", "--integrity", wrong, "--dest", str(dest)]) == 1
    assert "edgejs error code EINTEGRITY" in capsys.readouterr().err
    assert list(dest.parent.iterdir()) == []


def test_unknown(project: Path, registry: Any) -> None:
    with pytest.raises(RegistryError, match=r"404 Not Found - GET .*/a/-/a-1\.0\.0\.tgz"):
        fetch_tarball("a", "1.0.0", "sha512-" + "A" * 86 + "==", str(project / "a"))
    assert not (project / "a").exists()
