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
    "JSError",
    "JSFunction",
    "JSMemoryError",
    "JSModuleNotFound",
    "JSPromise",
    "JSProxy",
    "JSRangeError",
    "JSReferenceError",
    "JSSyntaxError",
    "JSTimeout",
    "JSTypeError",
    "ProcessExit",
    "Runtime",
    "__version__",
    "null",
    "require",
]

_ERRORS = (
    "JSError",
    "JSMemoryError",
    "JSModuleNotFound",
    "JSRangeError",
    "JSReferenceError",
    "JSSyntaxError",
    "JSTimeout",
    "JSTypeError",
    "ProcessExit",
)
_HOMES = {
    **dict.fromkeys(_ERRORS, "edgejs.engine.errors"),
    **dict.fromkeys(("JSBigInt", "null"), "edgejs.engine.values"),
    **dict.fromkeys(("JSArray", "JSFunction", "JSPromise", "JSProxy"), "edgejs.proxy"),
    **dict.fromkeys(("Runtime", "require"), "edgejs.runtime"),
}

TYPE_CHECKING = False
if TYPE_CHECKING:
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
    from edgejs.engine.values import JSBigInt, null
    from edgejs.proxy import JSArray, JSFunction, JSPromise, JSProxy
    from edgejs.runtime import Runtime, require


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'edgejs' has no attribute {name!r}")
    import sys

    __import__(home)
    value = globals()[name] = getattr(sys.modules[home], name)
    return value


def __dir__() -> list[str]:
    return __all__
