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
    return ["nope"]


def _unknown_dependency(registry: Any, _project: Path) -> list[str]:
    registry.publish({"name": "a", "version": "1.0.0", "dependencies": {"@s/nope": "^2.0.0"}})
    return ["a"]


def _impossible_range(registry: Any, _project: Path) -> list[str]:
    registry.publish({"name": "a", "version": "1.0.0"})
    return ["a@9"]


def _other_system(registry: Any, _project: Path) -> list[str]:
    registry.publish({"name": "a", "version": "1.0.0", "os": ["win32"], "cpu": ["arm", "mips"]})
    return ["a"]


def _forbidden(registry: Any, _project: Path) -> list[str]:
    registry.fail("/a", 403, 403)
    return ["a"]


def _bad_token(registry: Any, _project: Path) -> list[str]:
    registry.publish({"name": "a", "version": "1.0.0"})
    registry.token = "secret"
    return ["a"]


def _peer_conflict(registry: Any, project: Path) -> list[str]:
    registry.publish({"name": "p", "version": "1.0.0"})
    registry.publish({"name": "p", "version": "2.0.0"})
    registry.publish({"name": "a", "version": "1.0.0", "peerDependencies": {"p": "^1.0.0"}})
    write_json(
        project / "package.json",
        {"name": "project", "version": "1.0.0", "dependencies": {"a": "^1.0.0", "p": "^2.0.0"}},
    )
    return []


def _peer_of_a_new_package(registry: Any, project: Path) -> list[str]:
    _peer_conflict(registry, project)
    write_json(
        project / "package.json", {"name": "project", "version": "1.0.0", "dependencies": {"p": "^2.0.0"}}
    )
    return ["a"]


def _bad_name(_registry: Any, _project: Path) -> list[str]:
    return [".hidden@1"]


def _wrong_integrity(registry: Any, _project: Path) -> list[str]:
    registry.publish({"name": "a", "version": "1.0.0"}, integrity="sha512-" + "A" * 86 + "==")
    return ["a"]


def _nothing_cached(registry: Any, _project: Path) -> list[str]:
    registry.publish({"name": "a", "version": "1.0.0"})
    return ["a", "--offline"]


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
}


def _lines(text: str, name: str) -> str:
    text = _STACK.sub("", _OURS_ONLY.sub("", _LOG.sub("", text)))
    kept = [line.rstrip() for line in text.splitlines() if line.startswith(f"{name} error")]
    return "\n".join(kept).replace(f"{name} error", "X error")


def _without_report(text: str) -> str:
    """npm writes the full conflict report to a file and says where; ours is bounded and complete."""
    kept = [
        line
        for line in text.split("\n")
        if "eresolve-report" not in line and "For a full report see:" not in line
    ]
    while kept and kept[-1] == "X error":
        kept.pop()
    return "\n".join(kept)


@pytest.mark.parametrize("case", CASES)
def test_error_texts_are_npms(case: str, project: Path, registry: Any) -> None:
    need_npm()
    specs = CASES[case](registry, project)
    other = project.parent / "npm" / "project"
    shutil.copytree(project, other)
    theirs = run_npm(other, "install", *specs)
    ours = run_edgejs(project, "install", *specs)
    assert (ours.returncode, theirs.returncode) == (1, 1)
    assert _without_report(_lines(ours.stderr, "edgejs")) == _without_report(_lines(theirs.stderr, "npm"))
    assert "A complete log of this run can be found in: " in ours.stderr.splitlines()[-1]
