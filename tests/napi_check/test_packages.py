# SPDX-License-Identifier: Apache-2.0
"""Folders and installed packages: which files are looked at, and when they pass."""

from __future__ import annotations

import json

import pytest
from edgejs.napi.check import NotInstalled, check_folder, check_package, passes

REFUSED = "int missing(void); int use(void) { return missing(); }"


@pytest.fixture
def package(tmp_path):
    def make(name, **fields):
        folder = tmp_path / "node_modules" / name
        folder.mkdir(parents=True)
        (folder / "package.json").write_text(json.dumps({"name": name, **fields}))
        return folder

    return make


def verdicts(checks):
    return [check.verdict for check in checks]


def test_one_variant_that_works_is_enough(build, host, package, tmp_path):
    package("addon")
    build("", name="node_modules/addon/a.node")
    build(REFUSED, name="node_modules/addon/b.node")
    checks = check_package("addon", tmp_path, host)
    assert verdicts(checks) == ["ok", "refused"]
    assert passes(checks)


def test_each_package_of_a_folder_must_have_one(build, host, package, tmp_path):
    for name, source in (("good", ""), ("bad", REFUSED)):
        package(name)
        build(source, name=f"node_modules/{name}/addon.node")
    checks = check_folder(tmp_path, host)
    assert verdicts(checks) == ["refused", "ok"]
    assert not passes(checks)


def test_files_for_other_platforms_do_not_count(build, host, package, tmp_path):
    package("here")
    build("", name="node_modules/here/addon.node")
    (package("elsewhere") / "addon.node").write_bytes(b"MZ")
    assert passes(check_folder(tmp_path, host))
    assert not passes(check_package("elsewhere", tmp_path, host))


def test_platform_packages_are_followed(build, host, package, tmp_path):
    optional = {"@scope/here": "1", "@scope/not-installed": "1"}
    package("outer", optionalDependencies=optional)
    package("@scope/here", optionalDependencies={"outer": "1"})
    path = build("", name="node_modules/@scope/here/addon.node")
    below = tmp_path / "src" / "deep"
    below.mkdir(parents=True)
    assert [check.path for check in check_package("outer", below, host)] == [str(path)]


@pytest.mark.parametrize(
    ("name", "message"), [("absent", "absent is not a file"), ("plain", "plain has no .node file")]
)
def test_nothing_to_check(host, package, tmp_path, name, message):
    package("plain")
    with pytest.raises(NotInstalled, match=message):
        check_package(name, tmp_path, host)
