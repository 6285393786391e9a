# SPDX-License-Identifier: Apache-2.0
"""The environment of the process, behind `process.env`: Python's own, so that both languages see one."""

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


def _set(name: str, value: str) -> None:
    """Like libuv, leaves the environment as it is when the name is empty or has a `=`."""
    if name and "=" not in name and "\0" not in name:
        os.environb[_bytes(name)] = _bytes(value.partition("\0")[0])


def _unset(name: str) -> None:
    if name and "=" not in name and "\0" not in name:
        os.environb.pop(_bytes(name), None)


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """get, list, set and unset: names and values are text."""
    return {"get": _get, "list": _list, "set": _set, "unset": _unset}
