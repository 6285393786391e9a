# SPDX-License-Identifier: Apache-2.0
"""package.json, both lock files and node_modules are byte for byte what npm makes of the same project."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from registry_fixture import need_npm, run_edgejs, run_npm, snapshot, write_json

Scenario = tuple[list[dict[str, Any]], dict[str, Any], list[list[str]]]


def version(name: str, number: str = "1.0.0", **more: Any) -> dict[str, Any]:
    return {"name": name, "version": number, **more}


SCENARIOS: dict[str, Scenario] = {
    "a-chain": (
        [version("a", dependencies={"b": "^1.0.0"}), version("b", dependencies={"c": "*"}), version("c")],
        {},
        [["a"]],
    ),
    "a-cycle": ([version("a", dependencies={"b": "1"}), version("b", dependencies={"a": "1"})], {}, [["a"]]),
    "a-conflict-nests": (
        [
            version("a", dependencies={"c": "^2.0.0"}),
            version("b", dependencies={"c": "^1.0.0"}),
            version("c", "1.5.0"),
            version("c", "2.0.0"),
        ],
        {},
        [["a", "b"]],
    ),
    "nested-beside-a-longer-name": (
        [
            version("a", dependencies={"c": "^2.0.0"}),
            version("a-b", dependencies={"c": "^2.0.0"}),
            version("c"),
            version("c", "2.0.0"),
        ],
        {"dependencies": {"a": "1", "a-b": "1", "c": "1"}},
        [[]],
    ),
    "a-range-reuses-the-ancestor": (
        [version("a", dependencies={"c": ">=1"}), version("c"), version("c", "2.0.0")],
        {"dependencies": {"a": "1", "c": "1"}},
        [[]],
    ),
    "deprecated-is-avoided": (
        [version("a"), version("a", "1.1.0", deprecated="no")],
        {"dependencies": {"a": "^1.0.0"}},
        [[]],
    ),
    "engines-are-preferred": (
        [version("a"), version("a", "1.1.0", engines={"node": ">=999"})],
        {"dependencies": {"a": "^1.0.0"}},
        [[]],
    ),
    "optional-for-another-system": (
        [
            version("a", optionalDependencies={"d": "1", "l": "1", "n": "1"}),
            version("d", os=["darwin"]),
            version("l", os=["linux", "darwin"]),
            version("n", os=["!linux"], cpu=["!arm"]),
        ],
        {},
        [["a"]],
    ),
    "optional-that-is-missing": ([version("a", optionalDependencies={"gone": "^1.0.0"})], {}, [["a"]]),
    "peers-are-installed": (
        [version("a", peerDependencies={"p": "^1.0.0"}), version("p"), version("p", "2.0.0")],
        {},
        [["a"]],
    ),
    "optional-peers-are-not": (
        [
            version("a", peerDependencies={"p": "1"}, peerDependenciesMeta={"p": {"optional": True}}),
            version("p"),
        ],
        {},
        [["a"]],
    ),
    "peers-of-peers": (
        [version("a", peerDependencies={"b": "1"}), version("b", peerDependencies={"c": "1"}), version("c")],
        {},
        [["a"]],
    ),
    "aliases": ([version("a", bin={"tool": "index.js"})], {}, [["other@npm:a@^1.0.0"]]),
    "scopes-and-commands": (
        [version("@s/a", bin="cli.js"), version("b", bin={"x": "./bin/x.js", "y": "missing.js"})],
        {},
        [["@s/a", "b"]],
    ),
    "kinds-of-saving": (
        [version(name) for name in "abcd"],
        {},
        [["a"], ["-D", "b"], ["-E", "c"], ["-O", "d"]],
    ),
    "from-dependency-to-development": (
        [version("a", dependencies={"b": "1"}), version("b")],
        {"dependencies": {"a": "^1.0.0"}},
        [[], ["-D", "a"]],
    ),
    "an-update": (
        [
            version("a", dependencies={"b": "1"}),
            version("a", "2.0.0", dependencies={"c": "1"}),
            version("b"),
            version("c"),
        ],
        {},
        [["a@1"], ["a@2"]],
    ),
    "dev-and-optional-flags": (
        [version("a", dependencies={"c": "1"}), version("b", dependencies={"c": "1"}), version("c")],
        {"devDependencies": {"a": "1"}, "optionalDependencies": {"b": "1"}},
        [[]],
    ),
    "license-funding-and-scripts": (
        [
            version(
                "a",
                license={"type": "MIT", "url": "x"},
                funding="https://example.invalid",
                scripts={"postinstall": "node x"},
                engines={"node": ">=4"},
                dependencies={"b": "1"},
            ),
            version(
                "b", funding=["https://example.invalid", {"type": "x", "url": "https://example.invalid"}]
            ),
        ],
        {},
        [["a"]],
    ),
    "bundled-dependencies": (
        [version("a", dependencies={"b": "1", "c": "1"}, bundleDependencies=["b"]), version("c")],
        {},
        [["a"]],
    ),
    "prerelease-and-tags": ([version("a"), version("a", "2.0.0-beta.1")], {}, [["a@beta"]]),
}


def _publish(registry: Any, packages: list[dict[str, Any]]) -> None:
    for manifest in packages:
        files = {}
        if manifest.get("bundleDependencies"):
            files = {"node_modules/b/package.json": '{"name":"b","version":"1.0.7","license":"ISC"}'}
        if isinstance(manifest.get("bin"), str):
            files[manifest["bin"]] = "#!/usr/bin/env node\r\nok\r\n"
        if manifest["name"] == "b" and isinstance(manifest.get("bin"), dict):
            files["bin/x.js"] = "#!/usr/bin/env node\n"
        tag = "beta" if "beta" in manifest["version"] else "latest"
        registry.publish(manifest, files, tag=tag)


@pytest.mark.parametrize("abbreviated", [True, False], ids=["abbreviated", "full"])
@pytest.mark.parametrize("name", SCENARIOS)
def test_npm_writes_the_same(name: str, abbreviated: bool, project: Path, registry: Any) -> None:
    need_npm()
    packages, package, steps = SCENARIOS[name]
    registry.abbreviated = abbreviated
    _publish(registry, packages)
    write_json(project / "package.json", {"name": "project", "version": "1.0.0", **package})
    other = project.parent / "npm" / "project"
    shutil.copytree(project, other)
    for step in steps:
        theirs = run_npm(other, "install", "--ignore-scripts", *step)
        ours = run_edgejs(project, "install", *step)
        assert theirs.returncode == 0, theirs.stderr
        assert ours.returncode == 0, ours.stderr
        assert ours.stdout.split(" in ")[0] == theirs.stdout.split(" in ")[0]
        assert snapshot(project) == snapshot(other)
