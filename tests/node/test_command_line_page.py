# SPDX-License-Identifier: Apache-2.0
"""docs/command-line.md says what the table of options says."""

from __future__ import annotations

from pathlib import Path

from edgejs.node.command_line_page import page


def test_the_page_is_the_table() -> None:
    written = Path(__file__).resolve().parents[2] / "docs" / "command-line.md"
    assert written.read_text(encoding="utf-8") == page()
