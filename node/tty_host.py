# SPDX-License-Identifier: Apache-2.0
"""Raw mode of terminals, behind the JavaScript module `tty`."""

from __future__ import annotations

import atexit
import termios
from collections.abc import Callable
from typing import Any

from ..engine.errors import system_error

__all__ = ["binding"]

# What descriptors were set to before raw mode, to be put back at the latest when the process ends.
_saved: dict[int, list[Any]] = {}

_IFLAG, _OFLAG, _CFLAG, _LFLAG, _CC = 0, 1, 2, 3, 6


def _raw(attributes: list[Any]) -> list[Any]:
    """libuv's raw mode: every key at once and unechoed, output newlines still translated."""
    changed = [*attributes]
    changed[_IFLAG] &= ~(termios.BRKINT | termios.ICRNL | termios.INPCK | termios.ISTRIP | termios.IXON)
    changed[_OFLAG] |= termios.ONLCR
    changed[_CFLAG] |= termios.CS8
    changed[_LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    changed[_CC] = [*attributes[_CC]]
    changed[_CC][termios.VMIN], changed[_CC][termios.VTIME] = 1, 0
    return changed


def _restore(descriptor: int) -> None:
    if descriptor in _saved:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, _saved.pop(descriptor))


def _restore_all() -> None:
    for descriptor in list(_saved):
        _restore(descriptor)


def _set_raw_mode(descriptor: int, raw: bool) -> None:
    try:
        if not raw:
            _restore(descriptor)
        elif descriptor not in _saved:
            attributes = termios.tcgetattr(descriptor)
            termios.tcsetattr(descriptor, termios.TCSADRAIN, _raw(attributes))
            if not _saved:
                atexit.register(_restore_all)
            _saved[descriptor] = attributes
    except termios.error as err:
        raise system_error(OSError(*err.args), "uv_tty_set_mode") from None


def binding(_isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('tty_host')`."""
    return {"setRawMode": _set_raw_mode}
