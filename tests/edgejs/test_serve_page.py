# SPDX-License-Identifier: Apache-2.0
"""examples/mountains: a page of React's with an image of sharp's, installed, served, and opened in Chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import requests
from edgejs.registry_cache import install
from serving import serving

CHROMIUM = shutil.which("chromium")
EXAMPLE = Path(__file__).parents[2] / "examples" / "mountains"
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


def text_of(page: str) -> list[str]:
    """What a reader sees, without numbers that differ from time to time."""
    body = re.sub(r"<(script|template)\b.*?</\1>", "", page[page.index("<body") :], flags=re.DOTALL)
    words = [text.strip() for text in re.split(r"<[^>]*>", body)]
    return [re.sub(r"[\d.]+ (ms|MiB)", r"N \1", word) for word in words if word]


@pytest.mark.network
def test_the_page_and_its_image(tmp_path: Path) -> None:
    project = shutil.copytree(EXAMPLE, tmp_path / "mountains", ignore=shutil.ignore_patterns("node_modules"))
    install([], str(project))
    with serving(project, "handler.js", "--workers", "2") as server:
        image = requests.get(f"{server.address}image?width=320", timeout=60)
        assert (image.headers["content-type"], image.content[8:12]) == ("image/webp", b"WEBP")
        assert int.from_bytes(image.content[26:28], "little") == 320  # width in the VP8 frame
        assert requests.get(f"{server.address}image?width=9", timeout=60).status_code == 400
        html = requests.get(server.address, timeout=60).text
        assert "<dd>edgejs " in html
        assert html.index("</footer>") < html.index("#37345e")  # the colours came after the frame
        if CHROMIUM is None:
            pytest.skip("chromium is not installed")
        command = [CHROMIUM, *FLAGS.split(), f"--user-data-dir={tmp_path / 'profile'}"]
        dom = subprocess.run(
            [*command, "--virtual-time-budget=5000", "--dump-dom", server.address],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        ).stdout
        assert server.stop()[0] == 0
    seen = text_of(dom)
    assert seen[:5] == ["React", "streamed it", ", sharp", "painted it", "First light"]
    assert "…" not in seen
    for text in ("#37345e", "#343961", "160 \u00d7 68", "320 \u00d7 135", "640 \u00d7 270"):
        assert text in seen
