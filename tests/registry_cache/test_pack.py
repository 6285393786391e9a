# SPDX-License-Identifier: Apache-2.0
"""`pack` puts into a tarball what npm puts into it."""

from __future__ import annotations

import json
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest
from registry_fixture import run_edgejs, run_npm, write_json

FILES = (
    "index.js",
    "lib/a.js",
    "lib/b.test.js",
    "lib/deep/c.js",
    "lib/deep/keep.orig",
    "test/x.js",
    "README.md",
    "docs/README.md",
    "License",
    "CHANGELOG.md",
    "bin/run",
    ".npmrc",
    ".hidden/y",
    "build/config.gypi",
    "build/out.js",
    "package-lock.json",
    ".DS_Store",
    "lib/.git/HEAD",
    "node_modules/dep/index.js",
    "npm-debug.log",
)

CASES: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "everything": ({}, {}),
    "files": ({"files": ["lib"]}, {}),
    "files-pattern": ({"files": ["lib/**/*.js", "!lib/*.test.js", "./docs"]}, {}),
    "files-one": ({"files": ["lib/a.js", "/test/x.js", "build/*"]}, {}),
    "gitignore": ({}, {".gitignore": "lib\n*.md\n"}),
    "npmignore-wins": ({}, {".gitignore": "lib\n", ".npmignore": "test\n/build\n!build/out.js\n"}),
    "nested-ignore": ({}, {"lib/.npmignore": "deep\n*.test.js\n"}),
    "nested-ignore-below-files": ({"files": ["lib"]}, {"lib/.npmignore": "*.test.js\n"}),
    "main-and-bin": (
        {"files": ["docs"], "main": "lib/a.js", "bin": {"run": "bin/run"}},
        {".npmignore": "lib\nbin\n"},
    ),
    "comments": ({}, {".npmignore": "# no\n\ntest/  \n\\#x\n"}),
}


def package(folder: Path, fields: dict[str, Any], ignores: dict[str, str]) -> None:
    for name in FILES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text({".json": "{}", "": ""}.get(path.suffix, f"// {name}\n"))
    (folder / "bin/run").chmod(0o755)
    for name, text in ignores.items():
        (folder / name).write_text(text)
    write_json(folder / "package.json", {"name": "@demo/packed", "version": "1.2.3", **fields})


def comparable(output: str) -> Any:
    """The description without what depends on the compressor."""
    (described,) = json.loads(output)
    return {key: value for key, value in described.items() if key not in ("size", "shasum", "integrity")}


@pytest.mark.parametrize("case", CASES)
def test_the_same_files(case: str, project: Path) -> None:
    package(project, *CASES[case])
    theirs = run_npm(project, "pack", "--dry-run", "--json")
    ours = run_edgejs(project, "pack", "--dry-run", "--json")
    assert ours.returncode == theirs.returncode == 0, ours.stderr
    assert comparable(ours.stdout) == comparable(theirs.stdout)


def test_bundled_packages(project: Path, registry: Any) -> None:
    registry.publish({"name": "a", "version": "1.0.0", "dependencies": {"b": "1"}})
    registry.publish({"name": "b", "version": "1.0.0"})
    registry.publish({"name": "c", "version": "1.0.0"})
    fields = {"dependencies": {"a": "1", "c": "1"}, "bundleDependencies": ["a"]}
    write_json(project / "package.json", {"name": "project", "version": "1.0.0", **fields})
    assert run_edgejs(project, "install").returncode == 0
    theirs, ours = (run(project, "pack", "--dry-run", "--json") for run in (run_npm, run_edgejs))
    assert comparable(ours.stdout)["bundled"] == ["a", "b"]
    assert comparable(ours.stdout) == comparable(theirs.stdout)


def test_the_tarball_installs(project: Path, tmp_path: Path) -> None:
    package(project, *CASES["main-and-bin"])
    os.chmod(project / "bin/run", 0o644)
    result = run_edgejs(project, "pack", "--pack-destination", str(tmp_path))
    assert result.stdout == "demo-packed-1.2.3.tgz\n", result.stderr
    with tarfile.open(tmp_path / "demo-packed-1.2.3.tgz") as archive:
        modes = {member.name: member.mode for member in archive}
    assert modes["package/bin/run"] == 0o755
    assert modes["package/lib/a.js"] == 0o644
    other = tmp_path / "other"
    other.mkdir()
    write_json(other / "package.json", {"name": "other", "version": "1.0.0"})
    assert run_npm(other, "install", "../demo-packed-1.2.3.tgz").returncode == 0
    assert (other / "node_modules/@demo/packed/lib/a.js").read_text() == "// lib/a.js\n"


def test_the_notice_is_npms(project: Path) -> None:
    package(project, *CASES["files"])
    theirs = run_npm(project, "pack", "--dry-run").stderr.replace("npm notice", "edgejs notice")
    ours = run_edgejs(project, "pack", "--dry-run").stderr

    def stable(text: str) -> list[str]:
        lines = [line.rstrip() for line in text.splitlines()]
        return [line for line in lines if not any(word in line for word in ("size:", "shasum", "integrity"))]

    assert stable(ours) == stable(theirs)


@pytest.mark.parametrize("fields", [{}, {"name": "x"}, {"version": "1.0.0"}])
def test_a_package_without_name_or_version(project: Path, fields: dict[str, str]) -> None:
    write_json(project / "package.json", fields)
    result = run_edgejs(project, "pack")
    assert result.returncode == 1
    assert "Invalid package, must have name and version" in result.stderr
    assert list(project.glob("*.tgz")) == []


def test_its_scripts_run(project: Path) -> None:
    scripts = {"prepack": "echo made > made.js", "postpack": "rm made.js"}
    write_json(project / "package.json", {"name": "x", "version": "1.0.0", "scripts": scripts})
    output = run_edgejs(project, "pack", "--json").stdout
    described = json.loads(output[output.index("\n[") :])
    assert [file["path"] for file in described[0]["files"]] == ["made.js", "package.json"]
    assert not (project / "made.js").exists()
