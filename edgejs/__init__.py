# SPDX-License-Identifier: Apache-2.0
"""Run npm packages, native addons included, without Node.js.

    import edgejs

    with edgejs.Runtime(cwd="my-project") as js:
        lodash = js.require("lodash")
        print(lodash.chunk([1, 2, 3], 2).to_py())

`edgejs.require("lodash")` does the same in a default runtime that lives until the program ends.
Names load on first use: starting a script through the command line imports none that it does not need.
"""

__version__ = "0.1.0"

__all__ = [
    "JSArray",
    "JSBigInt",
    "JSBuffer",
    "JSError",
    "JSFunction",
    "JSMap",
    "JSMemoryError",
    "JSModuleNotFound",
    "JSPromise",
    "JSProxy",
    "JSRangeError",
    "JSReferenceError",
    "JSSet",
    "JSSyntaxError",
    "JSTimeout",
    "JSTypeError",
    "Permissions",
    "Pool",
    "ProcessExit",
    "Runtime",
    "__version__",
    "aeval",
    "aimport",
    "default_runtime",
    "eval",
    "import_",
    "install",
    "null",
    "proxy",
    "require",
]

_HOMES = {
    "edgejs.collections": ("JSArray", "JSBuffer", "JSMap", "JSSet"),
    "edgejs.default": ("aeval", "aimport", "default_runtime", "eval", "import_", "install", "require"),
    "edgejs.engine.errors": (
        "JSError",
        "JSMemoryError",
        "JSModuleNotFound",
        "JSRangeError",
        "JSReferenceError",
        "JSSyntaxError",
        "JSTimeout",
        "JSTypeError",
        "ProcessExit",
    ),
    "edgejs.engine.permissions": ("Permissions",),
    "edgejs.engine.values": ("JSBigInt", "null"),
    "edgejs.pool": ("Pool",),
    "edgejs.proxies": ("JSFunction", "JSPromise", "JSProxy", "proxy"),
    "edgejs.runtime": ("Runtime",),
}

TYPE_CHECKING = False
if TYPE_CHECKING:
    from edgejs.collections import JSArray, JSBuffer, JSMap, JSSet
    from edgejs.default import aeval, aimport, default_runtime, eval, import_, install, require
    from edgejs.engine.errors import (
        JSError,
        JSMemoryError,
        JSModuleNotFound,
        JSRangeError,
        JSReferenceError,
        JSSyntaxError,
        JSTimeout,
        JSTypeError,
        ProcessExit,
    )
    from edgejs.engine.permissions import Permissions
    from edgejs.engine.values import JSBigInt, null
    from edgejs.pool import Pool
    from edgejs.proxies import JSFunction, JSPromise, JSProxy, proxy
    from edgejs.runtime import Runtime


def __getattr__(name: str) -> object:
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module 'edgejs' has no attribute {name!r}")
    import sys

    __import__(home)
    value = globals()[name] = getattr(sys.modules[home], name)
    return value


def __dir__() -> list[str]:
    return __all__
