# SPDX-License-Identifier: Apache-2.0
"""The system's files about names, for the JavaScript module `dns`."""

from __future__ import annotations

__all__ = ["binding"]

TYPE_CHECKING = False  # typing costs more to import than what this module needs
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def _text(path: str) -> str:
    """What the file says; nothing when there is none, as for every resolver."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def binding(_isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('names_host')`."""
    return {"hosts": lambda: _text("/etc/hosts"), "resolvConf": lambda: _text("/etc/resolv.conf")}
