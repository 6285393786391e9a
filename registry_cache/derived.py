# SPDX-License-Identifier: Apache-2.0
"""What lies beside the store and can be made anew: trees of packages (`farm`) and compiled code."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

from .farm import is_current

__all__ = ["tidy_code", "tidy_trees"]

CODE_DAYS = 60
CODE_BYTES = 1 << 29


def tidy_trees(root: str, limit: float) -> int:
    """Removes trees that no lock file asks for any more, and unfinished ones older than `limit`; how many."""
    removed = 0
    for item in _entries(os.path.join(root, "trees-v1")):
        unfinished = ".tmp-" in item.name
        if item.stat().st_mtime <= limit if unfinished else not is_current(item.path):
            shutil.rmtree(item.path)
            removed += 1
    return removed


def tidy_code(root: str, now: float, limit: float) -> int:
    """Removes compiled code that is `CODE_DAYS` old, then the oldest beyond `CODE_BYTES`; how many files."""
    removed = 0
    kept = []
    for build in _entries(os.path.join(root, "code-v1")):
        if not build.is_dir(follow_symlinks=False):
            continue  # the key
        for item in _entries(build.path):
            state = item.stat()
            if state.st_mtime <= (limit if item.name.startswith(".tmp-") else now - CODE_DAYS * 86_400):
                os.unlink(item.path)
                removed += 1
            else:
                kept.append((state.st_mtime, state.st_size, item.path))
    total = sum(size for _time, size, _path in kept)
    for _time, size, path in sorted(kept):
        if total <= CODE_BYTES:
            break
        os.unlink(path)
        total -= size
        removed += 1
    for build in _entries(os.path.join(root, "code-v1")):
        if build.is_dir(follow_symlinks=False) and not os.listdir(build.path):
            os.rmdir(build.path)
    return removed


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    if os.path.isdir(folder):
        with os.scandir(folder) as found:
            yield from list(found)
