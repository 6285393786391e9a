# SPDX-License-Identifier: Apache-2.0
"""The npm packages that are compiled in: how they are laid out, and what stops the build."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "node" / "dependencies.py"


@pytest.fixture(scope="module")
def dependencies() -> ModuleType:
    """The build script, which is not installed."""
    spec = importlib.util.spec_from_file_location("build_dependencies", SOURCE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def entry(**changed: object) -> dict[str, object]:
    pinned = {"name": "one", "version": "1.0.0", "integrity": "sha512-x", "licence": "MIT"}
    return {**pinned, "folder": "js/one", "files": ["lib/*.js"], **changed}


def fetch(dependency: dict[str, object], package: Path) -> None:
    (package / "lib").mkdir(parents=True)
    (package / "lib" / "a.js").write_text("a\n")
    (package / "test.js").write_text("unused")
    (package / "LICENSE.md").write_text("the licence")


def test_used_files_and_the_licence_are_laid_out(dependencies: ModuleType, tmp_path: Path) -> None:
    dependencies.lay_out([entry()], tmp_path / "out", fetch)
    found = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert found == ["out/js/one/lib/a.js", "out/licences/one/LICENSE"]


def test_a_package_without_a_wanted_file_stops_and_leaves_the_old_tree(
    dependencies: ModuleType, tmp_path: Path
) -> None:
    dependencies.lay_out([entry()], tmp_path / "out", fetch)
    with pytest.raises(dependencies.DependencyError, match=r"one 1\.0\.0 has no file 'main\.js' any more"):
        dependencies.lay_out([entry(files=["main.js"])], tmp_path / "out", fetch)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "js" / "one" / "lib" / "a.js").is_file()


def test_a_package_without_a_licence_stops(dependencies: ModuleType, tmp_path: Path) -> None:
    def fetch_unlicensed(dependency: dict[str, object], package: Path) -> None:
        fetch(dependency, package)
        (package / "LICENSE.md").unlink()

    with pytest.raises(dependencies.DependencyError, match="no licence file"):
        dependencies.lay_out([entry()], tmp_path / "out", fetch_unlicensed)


def test_edits_are_applied(dependencies: ModuleType, tmp_path: Path) -> None:
    edits = tmp_path / "one.edits"
    edits.write_text("# lib/a.js: because\n-a\n+b\n")
    dependencies.lay_out([entry(edits=str(edits))], tmp_path / "out", fetch)
    assert (tmp_path / "out/js/one/lib/a.js").read_text().strip() == "b"


def test_an_edit_that_does_not_fit_stops(dependencies: ModuleType, tmp_path: Path) -> None:
    edits = tmp_path / "one.edits"
    edits.write_text("# lib/a.js: because\n-z\n+b\n")
    with pytest.raises(dependencies.DependencyError, match=r"one\.edits does not fit"):
        dependencies.lay_out([entry(edits=str(edits))], tmp_path / "out", fetch)
    assert not (tmp_path / "out").exists()


def test_data_becomes_a_module(dependencies: ModuleType, tmp_path: Path) -> None:
    def fetch_data(dependency: dict[str, object], package: Path) -> None:
        fetch(dependency, package)
        (package / "data.json").write_text('{"x": 1}')

    dependencies.lay_out([entry(files=["data.json"])], tmp_path / "out", fetch_data)
    assert (tmp_path / "out/js/one/data.js").read_text() == 'module.exports = {"x": 1}'


def test_every_package_is_pinned(dependencies: ModuleType) -> None:
    entries = dependencies.read_list(SOURCE.with_name("dependencies.json"))
    assert [one["name"] for one in entries] == sorted(one["name"] for one in entries)
    for one in entries:
        assert one["integrity"].startswith("sha512-") and len(one["integrity"]) == 95
        assert one["licence"] and one["files"]
