# SPDX-License-Identifier: Apache-2.0
"""Reading the environment of the process, behind `process.env`."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["binding"]


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


def _get(name: str) -> str | None:
    value = os.environb.get(_bytes(name))
    return None if value is None else _text(value)


def _list() -> list[str]:
    return [_text(name) for name in os.environb]


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """get(name) and list(): names and values are text."""
    return {"get": _get, "list": _list}
