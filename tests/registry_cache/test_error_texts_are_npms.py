# SPDX-License-Identifier: Apache-2.0
"""What a failing install prints is what npm prints, with our name in place of npm's."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from registry_fixture import need_npm, run_edgejs, run_npm, write_json

_OURS_ONLY = re.compile(r"edgejs error notarget The package exists; its versions are: .*\n")
_LOG = re.compile(r"(npm|edgejs) error A complete log of this run can be found in: .*\n")
_STACK = re.compile(r"npm error     at .*\n")


def _unknown(registry: Any, _project: Path) -> list[str]:
    return ["install", "nope"]


def _unknown_dependency(registry: Any, _project: Path) -> list[str]:
    registry.publish({"name": "a", "version": "1.0.0", "dependencies": {"@s/nope": "^2.0.0"}})
    return ["install", "a"]


def _impossible_range(registry: Any, _project: Path) -> list[str]:
    registry.publish({"name": "a", "version": "1.0.0"})
    return ["install", "a@9"]


def _other_system(registry: Any, _project: Path) -> list[str]:
    registry.publish({"name": "a", "version": "1.0.0", "os": ["win32"], "cpu": ["arm", "mips"]})
    return ["install", "a"]


def _forbidden(registry: Any, _project: Path) -> list[str]:
    registry.fail("/a", 403, 403)
    return ["install", "a"]


def _bad_token(registry: Any, _project: Path) -> list[str]:
    registry.publish({"name": "a", "version": "1.0.0"})
    registry.token = "secret"
    return ["install", "a"]


def _peer_conflict(registry: Any, project: Path) -> list[str]:
    registry.publish({"name": "p", "version": "1.0.0"})
    registry.publish({"name": "p", "version": "2.0.0"})
    registry.publish({"name": "a", "version": "1.0.0", "peerDependencies": {"p": "^1.0.0"}})
    write_json(
        project / "package.json",
        {"name": "project", "version": "1.0.0", "dependencies": {"a": "^1.0.0", "p": "^2.0.0"}},
    )
    return ["install"]


def _peer_of_a_new_package(registry: Any, project: Path) -> list[str]:
    _peer_conflict(registry, project)
    write_json(
        project / "package.json", {"name": "project", "version": "1.0.0", "dependencies": {"p": "^2.0.0"}}
    )
    return ["install", "a"]


def _bad_name(_registry: Any, _project: Path) -> list[str]:
    return ["install", ".hidden@1"]


def _wrong_integrity(registry: Any, _project: Path) -> list[str]:
    registry.publish({"name": "a", "version": "1.0.0"}, integrity="sha512-" + "A" * 86 + "==")
    return ["install", "a"]


def _nothing_cached(registry: Any, _project: Path) -> list[str]:
    registry.publish({"name": "a", "version": "1.0.0"})
    return ["install", "a", "--offline"]


def _other_engine(registry: Any, _project: Path) -> list[str]:
    registry.publish({"name": "a", "version": "1.0.0", "engines": {"node": ">=99"}})
    return ["install", "a", "--engine-strict", "--node-version=24.0.0"]


def _broken_server(registry: Any, _project: Path) -> list[str]:
    registry.fail("/a", 500, 500, 500, 500, 500, 500)
    return ["install", "a", "--fetch-retries=1"]


def _busy_server(registry: Any, _project: Path) -> list[str]:
    registry.fail("/a", 429, 429, 429, 429, 429, 429)
    return ["install", "a", "--fetch-retries=1"]


def _no_json(_registry: Any, project: Path) -> list[str]:
    (project / "package.json").write_text('{"name": "project",')
    return ["install"]


def _no_lock(_registry: Any, _project: Path) -> list[str]:
    return ["ci"]


def _lock_that_does_not_fit(registry: Any, project: Path) -> list[str]:
    registry.publish({"name": "a", "version": "1.0.0"})
    write_json(
        project / "package.json", {"name": "project", "version": "1.0.0", "dependencies": {"a": "^1.0.0"}}
    )
    lock = {"name": "project", "version": "1.0.0", "lockfileVersion": 3, "requires": True, "packages": {}}
    write_json(project / "package-lock.json", lock)
    return ["ci"]


def _no_folder(_registry: Any, _project: Path) -> list[str]:
    return ["install", "./nowhere"]


def _bad_tag(_registry: Any, _project: Path) -> list[str]:
    return ["install", "a@ü tag"]


def _bad_protocol(_registry: Any, _project: Path) -> list[str]:
    return ["install", "a@ftp://127.0.0.1/a.tgz"]


def _alias_of_an_alias(_registry: Any, _project: Path) -> list[str]:
    return ["install", "b@npm:c@npm:d"]


def _alias_of_a_folder(_registry: Any, _project: Path) -> list[str]:
    return ["install", "b@npm:./c"]


def _no_workspaces(_registry: Any, _project: Path) -> list[str]:
    return ["install", "-w", "nope"]


def _same_workspaces(_registry: Any, project: Path) -> list[str]:
    write_json(project / "package.json", {"name": "project", "version": "1.0.0", "workspaces": ["w/*"]})
    for folder in ("one", "two"):
        (project / "w" / folder).mkdir(parents=True)
        write_json(project / "w" / folder / "package.json", {"name": "same", "version": "1.0.0"})
    return ["install"]


def _override_of_a_dependency(registry: Any, project: Path) -> list[str]:
    registry.publish({"name": "a", "version": "1.0.0"})
    package = {
        "name": "project",
        "version": "1.0.0",
        "dependencies": {"a": "1.0.0"},
        "overrides": {"a": "2.0.0"},
    }
    write_json(project / "package.json", package)
    return ["install"]


def _junk(registry: Any, _project: Path) -> list[str]:
    registry.publish({"name": "a", "version": "1.0.0"}, tarball=b"this is no archive")
    return ["install", "a"]


def _no_script(_registry: Any, _project: Path) -> list[str]:
    return ["run", "nope"]


def _failing_script(_registry: Any, project: Path) -> list[str]:
    write_json(project / "package.json", {"name": "project", "version": "1.0.0", "scripts": {"x": "exit 3"}})
    return ["run", "x"]


def _missing_package(_registry: Any, project: Path) -> list[str]:
    write_json(project / "package.json", {"name": "project", "version": "1.0.0", "dependencies": {"a": "1"}})
    return ["ls"]


def _nothing_to_explain(_registry: Any, _project: Path) -> list[str]:
    return ["explain", "nope"]


def _name_and_version_to_update(_registry: Any, _project: Path) -> list[str]:
    return ["update", "a@1"]


def _nothing_to_remove(_registry: Any, _project: Path) -> list[str]:
    return ["uninstall"]


def _no_audit(registry: Any, project: Path) -> list[str]:
    write_json(project / "package.json", {"name": "project", "version": "1.0.0"})
    return ["audit"]


CASES: dict[str, Callable[[Any, Path], list[str]]] = {
    "E404": _unknown,
    "E404-dependency": _unknown_dependency,
    "ETARGET": _impossible_range,
    "EBADPLATFORM": _other_system,
    "E403": _forbidden,
    "E401": _bad_token,
    "ERESOLVE": _peer_conflict,
    "ERESOLVE-added": _peer_of_a_new_package,
    "EINVALIDPACKAGENAME": _bad_name,
    "EINTEGRITY": _wrong_integrity,
    "ENOTCACHED": _nothing_cached,
    "EBADENGINE": _other_engine,
    "E500": _broken_server,
    "E429": _busy_server,
    "EJSONPARSE": _no_json,
    "EUSAGE-ci": _no_lock,
    "EUSAGE-ci-unfit": _lock_that_does_not_fit,
    "EUSAGE-uninstall": _nothing_to_remove,
    "ENOENT": _no_folder,
    "EINVALIDTAGNAME": _bad_tag,
    "EUNSUPPORTEDPROTOCOL": _bad_protocol,
    "EALIASNESTED": _alias_of_an_alias,
    "EALIASTYPE": _alias_of_a_folder,
    "ENOWORKSPACES": _no_workspaces,
    "EDUPLICATEWORKSPACE": _same_workspaces,
    "EOVERRIDE": _override_of_a_dependency,
    "TAR_BAD_ARCHIVE": _junk,
    "EMISSINGSCRIPT": _no_script,
    "ELSPROBLEMS": _missing_package,
    "EUPDATEARGS": _name_and_version_to_update,
    "ENOLOCK": _no_audit,
    "ENOMATCH": _nothing_to_explain,
}


UNLOGGED = ("EMISSINGSCRIPT",)
"""Commands that need no settings, and therefore know no place for a log."""


def _lines(text: str, name: str, project: Path) -> list[str]:
    text = _STACK.sub("", _OURS_ONLY.sub("", _LOG.sub("", text))).replace(str(project), "PROJECT")
    kept = [line[len(name) + 7 :].rstrip() for line in text.splitlines() if line.startswith(f"{name} error")]
    return [line.replace("edgejs ", "npm ") for line in kept]


def _said(lines: list[str]) -> list[str]:
    """Without what is ours or npm's alone.

    npm writes the full conflict report to a file and says where (ours is bounded and complete), repeats the help
    of a command that was used wrongly, has V8's words for bad JSON, and names no code for some errors.
    """
    found: list[str] = []
    for line in lines:
        if line in ("Clean install a project", "Remove a package") or "for more info" in line:
            break
        line = re.sub(r"(JSONParseError: ).*", r"\1...", line)
        if line and not line.startswith(("code ", "path ")) and "eresolve-report" not in line:
            found.append(line)
    theirs = ("For a full report see:", "Original error: loadVirtual", 'notsup Actual:   {"node"')
    return [line for line in found if not any(text in line for text in theirs)]


@pytest.mark.parametrize("case", CASES)
def test_error_texts_are_npms(case: str, project: Path, registry: Any) -> None:
    need_npm()
    command = CASES[case](registry, project)
    other = project.parent / "npm" / "project"
    shutil.copytree(project, other)
    theirs = run_npm(other, *command)
    ours = run_edgejs(project, *command)
    our_lines, their_lines = _lines(ours.stderr, "edgejs", project), _lines(theirs.stderr, "npm", other)
    assert _said(our_lines) == _said(their_lines)
    assert ours.returncode == theirs.returncode != 0
    assert our_lines[0] == f"code {case.partition('-')[0]}"
    assert their_lines[0] in (our_lines[0], _said(their_lines)[0])
    assert case in UNLOGGED or "A complete log of this run can be found in: " in ours.stderr.splitlines()[-1]
