# SPDX-License-Identifier: Apache-2.0
"""The door to the compiled core, and its only importer.

Python loads extension modules privately, but addons look for `napi_*` and `uv_*` among the process's global
symbols: opening the module once more, without loading it again, makes its exported names global.
"""

from __future__ import annotations

import os

from edgejs.engine import _core  # type: ignore[attr-defined]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    class FunctionCall:
        """What a function of JavaScript inherits: it can be called, and keywords become an object."""

        __slots__ = ()

        def __call__(self, *args: object, **options: object) -> Any: ...

    class MethodCall(FunctionCall):
        """The same with the `this` that the function was read from."""

        __slots__ = ()


ffi: Any = _core.ffi
lib: Any = _core.lib
_global_names = ffi.dlopen(_core.__file__, os.RTLD_NOW | os.RTLD_GLOBAL | os.RTLD_NOLOAD)

# What is called too often to go through cffi: engine/src/python.c defines these here.
perform: Callable[..., Any]
encode: Callable[[object, int, object], bytes]
configure: Callable[..., None]
own: Callable[[object, int], None]
enter: Callable[[object], int]
leave: Callable[[object], None]
is_forked: Callable[[object], bool]
to_bytes: Callable[[object, object], bytes]
boot: Callable[[object], Any]
lib.ej_python_install(id(globals()))

__all__ = [
    "FunctionCall",
    "MethodCall",
    "boot",
    "configure",
    "encode",
    "enter",
    "ffi",
    "is_forked",
    "leave",
    "lib",
    "own",
    "perform",
    "to_bytes",
]
