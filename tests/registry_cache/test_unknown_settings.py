# SPDX-License-Identifier: Apache-2.0
"""A setting that npm does not know is named, once, and stops nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from registry_fixture import run_edgejs

KNOWN = """\
registry-not = no
@scope:registry = http://127.0.0.1/
//127.0.0.1/:_authToken = secret
save-exact = true
omit[] = dev
"""


def test_in_the_projects_file(project: Path) -> None:
    (project / ".npmrc").write_text(KNOWN)
    result = run_edgejs(project, "install")
    assert result.returncode == 0
    assert result.stderr == 'edgejs warn config Unknown project config "registry-not", which has no effect\n'


@pytest.mark.parametrize("flag", ["--silent", "--quiet"])
def test_not_when_warnings_are_off(flag: str, project: Path) -> None:
    (project / ".npmrc").write_text(KNOWN)
    assert run_edgejs(project, "install", flag).stderr == ""
