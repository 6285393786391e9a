# SPDX-License-Identifier: Apache-2.0
"""docs/node-api.md tells what is implemented; `python napi/generate.py docs` writes it."""

from __future__ import annotations


def test_it_is_up_to_date(generate):
    root = generate.HERE.parent
    definitions = generate.find_definitions(generate.default_sources(root))
    page = generate.render_docs(generate.read_symbols(), definitions, root)
    assert (root / "docs" / "node-api.md").read_text(encoding="utf-8") == page
