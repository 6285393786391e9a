# SPDX-License-Identifier: Apache-2.0
"""Which functions of Node-API the installed edgejs has: its own list against its own compiled core."""

from __future__ import annotations

import importlib.util
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from . import symbols
from .elf import SharedObject, read

__all__ = ["Function", "core", "functions"]


@dataclass(frozen=True)
class Function:
    """``since`` is the version that brought it; ``status`` is ``implemented``, ``refuses`` or ``absent``."""

    name: str
    since: int | str
    header: str
    env: str
    status: str

    def as_json(self) -> dict[str, Any]:
        """Plain data for ``json.dumps``."""
        return asdict(self)


def core(*, constants: bool = False) -> SharedObject:
    """The compiled core, read and not loaded.

    Raises `FileNotFoundError` if edgejs is not installed completely.
    """
    spec = importlib.util.find_spec("edgejs.engine._core")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("edgejs is not installed completely: edgejs.engine._core is missing")
    return read(Path(spec.origin), constants=constants)


def functions() -> list[Function]:
    """All functions of the official headers, by name."""
    built = core(constants=True)

    def status(name: str) -> str:
        if name not in built.exports:
            return "absent"
        # The text of the error that a generated stub throws (generate.py).
        return "refuses" if f"\0{name} is not implemented\0".encode() in built.constants else "implemented"

    return [
        Function(each["name"], each["since"], each["header"], each["env"], status(each["name"]))
        for each in symbols()
    ]
