# SPDX-License-Identifier: Apache-2.0
"""The pages of docs/tutorial/: programs, what they need, and what they print."""

import re
from pathlib import Path

TUTORIAL = Path(__file__).parents[1] / "docs" / "tutorial"
PAGES = sorted(page.stem for page in TUTORIAL.glob("*.md") if page.stem != "index")
_BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def blocks(page):
    """(language, title, text) of each fenced block."""
    return _BLOCK.findall((TUTORIAL / f"{page}.md").read_text())


def packages(page):
    """What the page has installed."""
    text = "".join(text for language, _, text in blocks(page) if language == "console")
    return [
        spec for line in re.findall(r"^\$ edgejs install (.+)$", text, re.MULTILINE) for spec in line.split()
    ]
