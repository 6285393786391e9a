# SPDX-License-Identifier: Apache-2.0
"""jsonwebtoken, jose and bcryptjs from the default registry give what they give under Node."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from registry_fixture import write_json

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(find_spec("cryptography") is None, reason="cryptography is not installed"),
]

PACKAGES = ["jsonwebtoken@9", "jose@6", "bcryptjs@3"]
FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "packages"


def test_the_output_is_nodes(tmp_path: Path) -> None:
    write_json(tmp_path / "package.json", {"name": "cryptography", "version": "1.0.0"})
    shutil.copy(FIXTURES / "cryptography.mjs", tmp_path)
    program = str(Path(sys.executable).with_name("edgejs"))
    for command in ([program, "install", *PACKAGES], [program, "cryptography.mjs"]):
        outcome = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=110)
        assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout == (FIXTURES / "cryptography.txt").read_text(encoding="utf-8")
