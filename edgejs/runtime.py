# SPDX-License-Identifier: Apache-2.0
"""JavaScript in a Python program."""

from __future__ import annotations

import os

from edgejs.configuration import configuration
from edgejs.engine.isolate import Isolate
from edgejs.proxy import make_proxy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any

__all__ = ["Runtime", "require"]


class Runtime:
    """A JavaScript heap with Node's globals, module loader and event loop.

    Use it as a context manager, or call close(). It belongs to one thread at a time.

    `cwd` is the folder whose `node_modules` packages are found in; the current one by default.
    """

    def __init__(self, cwd: str | os.PathLike[str] | None = None) -> None:
        self._directory = os.path.abspath(os.getcwd() if cwd is None else os.fspath(cwd))
        config = configuration(["edgejs"], [], self._directory, embedded=True)
        self._isolate = Isolate(config, make_proxy)

    def require(self, specifier: str) -> Any:
        """What `require(specifier)` gives in a CommonJS file of the runtime's folder.

        Raises JSError, with code "MODULE_NOT_FOUND" when there is no such package, and what the module
        itself throws. Source: https://nodejs.org/api/modules.html#requireid
        """
        isolate = self._isolate
        return isolate.call(isolate.get(isolate.host, "requireFrom"), None, self._directory, specifier)

    def eval(self, source: str) -> Any:
        """The value of `source`, run as a script. Raises JSError for what it throws."""
        isolate = self._isolate
        return isolate.call(isolate.get(isolate.host, "evalScript"), None, source)

    def run_until_idle(self) -> None:
        """Turn the event loop until no timer, callback or other work is left."""
        self._isolate.spin()

    def close(self) -> None:
        """Free the runtime: addons' cleanup runs, proxies become unusable. Idempotent."""
        self._isolate.close()

    def __enter__(self) -> Runtime:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<edgejs.Runtime {'closed' if self._isolate.closed else self._directory}>"


_default: Runtime | None = None


def require(specifier: str) -> Any:
    """`Runtime.require` of a default runtime, made on first use in the current folder and closed at exit."""
    global _default
    if _default is None:
        import atexit

        _default = Runtime()
        atexit.register(_default.close)
    return _default.require(specifier)
