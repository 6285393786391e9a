# SPDX-License-Identifier: Apache-2.0
"""Node-API: the list of its functions, and the headers for those who write addons."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

__all__ = ["include_dir", "symbols"]


def include_dir() -> Path:
    """The folder with ``node_api.h``, to compile addons against (``gcc -I``).

    It holds the official headers of the node-api-headers package, versions 1 to 10. Raises `FileNotFoundError` when
    the installation lacks them.
    """
    folder = Path(str(resources.files(__name__) / "include"))
    if not (folder / "node_api.h").is_file():
        raise FileNotFoundError(f"the Node-API headers are not installed: {folder}")
    return folder


def symbols() -> list[dict[str, Any]]:
    """Every Node-API function, by name.

    Each has ``name``, ``since`` (1 to 10 or ``"experimental"``), ``header``, ``env`` (``"full"``, ``"basic"`` or
    ``"none"``: its first parameter), ``returns`` and ``params`` (a list of ``type`` and ``name``).
    """
    text = (resources.files(__name__) / "symbols.json").read_text(encoding="utf-8")
    listed: list[dict[str, Any]] = json.loads(text)["symbols"]
    return listed
