# SPDX-License-Identifier: Apache-2.0
"""Errors that cross between Python and JavaScript."""

from __future__ import annotations

import errno

__all__ = [
    "HostError",
    "JSError",
    "JSMemoryError",
    "JSModuleNotFound",
    "JSRangeError",
    "JSReferenceError",
    "JSSyntaxError",
    "JSTimeout",
    "JSTypeError",
    "ProcessExit",
    "make_js_error",
    "properties_of",
    "system_error",
]


class JSError(Exception):
    """A JavaScript exception, raised in Python.

    Attributes:
        name: the error's `name`, such as "TypeError"; "" when what was thrown is not an Error.
        message: its `message`, or the thrown value as text.
        stack: the JavaScript stack as Node prints it, or None.
        code: Node's error code, such as "MODULE_NOT_FOUND", or None.
        js: what was thrown: a reference to the Error object, or a plain value.
    """

    def __init__(self, name: str, message: str, stack: str | None, code: str | None, js: object) -> None:
        super().__init__(f"{name}: {message}" if name and message else name or message)
        self.name = name
        self.message = message
        self.stack = stack
        self.code = code
        self.js = js


class JSSyntaxError(JSError, SyntaxError):
    """A SyntaxError: the source does not parse."""


class JSTypeError(JSError, TypeError):
    """A TypeError."""


class JSRangeError(JSError, ValueError):
    """A RangeError: a value out of range, or a stack that is full."""


class JSReferenceError(JSError, NameError):  # type: ignore[misc]
    """A ReferenceError: a name that is not defined."""


class JSModuleNotFound(JSError, ImportError):  # type: ignore[misc]
    """A module or package that cannot be found: codes MODULE_NOT_FOUND and ERR_MODULE_NOT_FOUND."""


class JSMemoryError(JSError, MemoryError):
    """The runtime's memory limit is reached."""


class JSTimeout(JSError, TimeoutError):
    """The runtime's time limit is reached. JavaScript was stopped; the runtime stays usable."""


_BY_NAME: dict[str, type[JSError]] = {
    "SyntaxError": JSSyntaxError,
    "TypeError": JSTypeError,
    "RangeError": JSRangeError,
    "ReferenceError": JSReferenceError,
}


def make_js_error(name: str, message: str, stack: str | None, code: str | None, js: object) -> JSError:
    """The JSError, of the fitting class, for what JavaScript threw; its frames show in tracebacks."""
    kind = _BY_NAME.get(name, JSError)
    if code in ("MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND"):
        kind = JSModuleNotFound
    elif name == "InternalError" and message == "out of memory":
        kind = JSMemoryError
    error = kind(name, message, stack, code, js)
    if stack and hasattr(error, "add_note"):  # Python 3.11
        error.add_note("JavaScript stack:\n" + stack)
    return error


class ProcessExit(Exception):
    """The isolate has ended: `process.exit()` was called or nobody caught an error.

    Attributes:
        code: the exit code, 0 to 255.
    """

    def __init__(self, code: int) -> None:
        super().__init__(f"the runtime has exited with code {code}")
        self.code = code


class HostError(Exception):
    """An error that a Python primitive raises into JavaScript.

    `name` chooses the class there ("Error", "TypeError", "RangeError", …), `code` is Node's, and further
    keywords become properties of the error, in their order.
    """

    def __init__(
        self, message: str, *, name: str = "Error", code: str | None = None, **properties: object
    ) -> None:
        super().__init__(message)
        self.properties: dict[str, object] = {"name": name, "message": message}
        if code is not None:
            self.properties["code"] = code
        self.properties.update(properties)


def _uv_error(number: int) -> tuple[str, str]:
    """libuv's name and message of an errno, which are Node's."""
    from edgejs.engine.ffi import ffi, lib

    return ffi.string(lib.ej_error_name(number)).decode(), ffi.string(lib.ej_error_message(number)).decode()


def system_error(
    error: OSError | int, syscall: str | None = None, path: object = None, dest: object = None
) -> HostError:
    """`error` as Node reports it: `ENOENT: no such file or directory, open '/x'`, with its properties."""
    number = error if isinstance(error, int) else error.errno or errno.EIO
    code, text = _uv_error(number)
    message = f"{code}: {text}"
    if syscall is not None:
        message += f", {syscall}"
    properties: dict[str, object] = {"errno": -number, "code": code}
    if syscall is not None:
        properties["syscall"] = syscall
    for key, value in (("path", path), ("dest", dest)):
        if value is not None:
            text = value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else str(value)
            message += f" '{text}'" if key == "path" else f" -> '{text}'"
            properties[key] = text
    made = HostError(message)
    made.properties.update(properties)
    return made


def properties_of(error: BaseException) -> dict[str, object]:
    """The properties of the JavaScript error that stands for `error`; `name` and `message` come first."""
    if isinstance(error, HostError):
        return error.properties
    if isinstance(error, OSError) and error.errno is not None:
        return system_error(error, path=error.filename, dest=error.filename2).properties
    builtin = {"TypeError": "TypeError", "RecursionError": "RangeError", "OverflowError": "RangeError"}
    kind = type(error).__name__
    return {"name": builtin.get(kind, kind), "message": str(error)}
