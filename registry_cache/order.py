# SPDX-License-Identifier: Apache-2.0
"""The order npm sorts names in: ``String.prototype.localeCompare`` with the locale ``en``.

Punctuation comes before digits, digits before letters; case decides only between equals, small first.
"""

from __future__ import annotations

import functools

__all__ = ["locale_key"]

_PUNCTUATION = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
_RANK = {char: index for index, char in enumerate(_PUNCTUATION)}


@functools.cache
def locale_key(text: str) -> tuple[tuple[tuple[int, str], ...], str]:
    """A sort key for ``a.localeCompare(b, 'en')`` on the characters that package names and paths use."""
    first = tuple(
        (0, chr(_RANK[char])) if char in _RANK else (1, char) if char.isdigit() else (2, char.lower())
        for char in text
    )
    return first, text.swapcase()
