# SPDX-License-Identifier: Apache-2.0
"""Random bytes from the system, behind the JavaScript module `crypto`."""

from __future__ import annotations

import os

__all__ = ["binding"]

TYPE_CHECKING = False  # typing costs more to import than what this module needs
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def _fill(view: Any, offset: int, size: int) -> None:
    memoryview(view).cast("B")[offset : offset + size] = os.urandom(size)


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('random_host')`."""
    return {
        "bytes": os.urandom,
        "bytesLater": lambda size: isolate.submit(os.urandom, size),
        "fill": _fill,
    }
