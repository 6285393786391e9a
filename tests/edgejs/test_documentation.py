# SPDX-License-Identifier: Apache-2.0
"""The documentation builds as a site, with a reference of every public name."""

import subprocess
import sys
from pathlib import Path

import pytest

import edgejs

ROOT = Path(__file__).parents[2]


def test_the_site_builds_and_names_everything(tmp_path):
    pytest.importorskip("mkdocs")
    pytest.importorskip("mkdocstrings")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict"]
    command += ["--config-file", str(ROOT / "mkdocs.yml"), "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "site" / "api" / "index.html").read_text()
    missing = [name for name in edgejs.__all__ if f">{name}<" not in page and f"{name}</" not in page]
    assert missing == ["__version__", "null"]
