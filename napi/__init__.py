# SPDX-License-Identifier: Apache-2.0
"""Node-API: the list of its functions, and the headers for those who write addons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["include_dir", "symbols"]


def _installed(name: str) -> Path:
    """A file of this package. In an editable install what was built lies apart."""
    for folder in __path__:
        path = Path(folder) / name
        if path.exists():
            return path
    raise FileNotFoundError(f"edgejs is not installed completely: edgejs/napi/{name} is missing")


def include_dir() -> Path:
    """The folder with ``node_api.h``, to compile addons against (``gcc -I``).

    It holds the official headers of the node-api-headers package, for the versions 1 to 10, and libuv's.
    Raises `FileNotFoundError` when the installation lacks them.
    """
    return _installed("include/node_api.h").parent


def symbols() -> list[dict[str, Any]]:
    """Every Node-API function, by name.

    Each has ``name``, ``since`` (1 to 10 or ``"experimental"``), ``header``, ``env`` (``"full"``, ``"basic"``
    or ``"none"``: its first parameter), ``returns`` and ``params`` (a list of ``type`` and ``name``).
    """
    text = _installed("symbols.json").read_text(encoding="utf-8")
    listed: list[dict[str, Any]] = json.loads(text)["symbols"]
    return listed
