# SPDX-License-Identifier: Apache-2.0
"""The programs of docs/tutorial/ run as they stand, on the real packages, and print what the pages say."""

import subprocess
import sys

import pytest
from edgejs.registry_cache import install
from tutorial_pages import PAGES, blocks, packages


@pytest.mark.network
@pytest.mark.parametrize("page", PAGES)
def test_the_page(page, tmp_path):
    if page == "thumbnails":
        pytest.importorskip("fastapi")
        pytest.importorskip("httpx")
    if packages(page):
        install(packages(page), str(tmp_path))
    for language, title, text in blocks(page):
        if language == "python":
            program = tmp_path / title
            program.write_text(text)
        elif language == "output":
            expected = text
    done = subprocess.run(
        [sys.executable, str(program)], cwd=tmp_path, capture_output=True, text=True, timeout=100
    )
    assert (done.stdout, done.returncode) == (expected, 0), done.stderr
