# SPDX-License-Identifier: Apache-2.0
"""The default runtime: one for each thread that asks for it, in the folder that was current then."""

from __future__ import annotations

import atexit
import threading
from weakref import WeakSet

from edgejs.runtime import Runtime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from edgejs.registry_cache import InstallResult

__all__ = ["aeval", "aimport", "default_runtime", "eval", "import_", "install", "require"]


class _Local(threading.local):
    holder: _Holder | None = None


class _Holder:
    """Belongs to the thread's own data, and so ends with the thread."""

    def __init__(self) -> None:
        self.runtime = Runtime()

    def __del__(self) -> None:
        self.runtime.close()


_local = _Local()
_all: WeakSet[_Holder] = WeakSet()


def default_runtime() -> Runtime:
    """The runtime behind `edgejs.require` and its like on this thread. Closed when the program ends."""
    holder = _local.holder
    if holder is None or holder.runtime.closed:
        holder = _local.holder = _Holder()
        _all.add(holder)
    return holder.runtime


@atexit.register
def _close_all() -> None:
    for holder in list(_all):
        holder.runtime.close()


def require(specifier: str) -> Any:
    """`Runtime.require` of the default runtime."""
    return default_runtime().require(specifier)


def import_(specifier: str) -> Any:
    """`Runtime.import_` of the default runtime."""
    return default_runtime().import_(specifier)


async def aimport(specifier: str) -> Any:
    """`Runtime.aimport` of the default runtime."""
    return await default_runtime().aimport(specifier)


def eval(source: str, **variables: object) -> Any:
    """`Runtime.eval` of the default runtime."""
    return default_runtime().eval(source, **variables)


async def aeval(source: str, **variables: object) -> Any:
    """`Runtime.aeval` of the default runtime."""
    return await default_runtime().aeval(source, **variables)


def install(*specs: str, **settings: Any) -> InstallResult:
    """`Runtime.install` into the current folder."""
    return default_runtime().install(*specs, **settings)
