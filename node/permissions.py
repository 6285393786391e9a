# SPDX-License-Identifier: Apache-2.0
"""What each primitive needs before it may run, when its isolate is restricted.

A table by binding and function. A binding, or a function of a listed binding, that the table does not know is
refused: who adds a primitive says here what it needs.
"""

from __future__ import annotations

from concurrent.futures import Future

from ..engine.errors import HostError
from ..engine.permissions import Permissions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Check = Callable[..., None]
    Functions = dict[str, Callable[..., Any]]

__all__ = ["binding", "guard"]


def _needs(*wanted: tuple[str, int]) -> Callable[[Permissions], Check]:
    """A check that the arguments are allowed in their scopes. A descriptor was allowed when it was opened."""

    def make(permissions: Permissions) -> Check:
        def check(*args: Any) -> None:
            for scope, index in wanted:
                if not isinstance(args[index], int):
                    permissions.require(scope, _resource(args[index]))

        return check

    return make


def _resource(path: Any) -> str | bytes:
    return path if isinstance(path, str) else bytes(path)


def _links(permissions: Permissions) -> Check:
    """symlink(target, path): what a link leads to is not looked at later, so it needs everything."""

    def check(*_args: Any) -> None:
        if not (permissions.has("fs.read") and permissions.has("fs.write")):
            raise _refusal("fs.symlink API requires full fs.read and fs.write permissions.")

    return check


def _makes_temporary(permissions: Permissions) -> Check:
    """mkdtemp(prefix)"""

    def check(prefix: Any, *_rest: Any) -> None:
        name = _resource(prefix)
        permissions.require("fs.write", name + "XXXXXX" if isinstance(name, str) else name + b"XXXXXX")

    return check


def _disabled(name: str) -> Callable[[Permissions], Check]:
    """For what changes a file by its descriptor, which may be open for reading only."""

    def make(_permissions: Permissions) -> Check:
        def check(*_args: Any) -> None:
            raise _refusal(f"{name} API is disabled when Permission Model is enabled.")

        return check

    return make


def _thread(permissions: Permissions) -> Check:
    return lambda *_args: permissions.require("worker")


def _network(permissions: Permissions) -> Check:
    return lambda *_args: permissions.require("net")


def _refusal(message: str) -> HostError:
    return HostError(message, code="ERR_ACCESS_DENIED", permission="", resource="")


def _free(_permissions: Permissions) -> Check:
    return lambda *_args: None


_READ = _needs(("fs.read", 0))
_WRITE = _needs(("fs.write", 0))
_MOVE = _needs(("fs.read", 0), ("fs.write", 0), ("fs.write", 1))

# A binding that needs nothing stands with None.
_TABLE: dict[str, dict[str, Callable[[Permissions], Check]] | None] = {
    "crypto.certificates": None,
    "crypto.ciphers": None,
    "crypto.derivation": None,
    "crypto.exchange": None,
    "crypto.hashes": None,
    "crypto.key_host": None,
    "crypto.primes": None,
    "crypto.rsa_encryption": None,
    "crypto.signatures": None,
    "crypto.tls_host": None,
    "dotenv": None,
    "fs": {
        "chmod": _WRITE,
        "chown": _WRITE,
        "fchmod": _disabled("fchmod"),
        "fchown": _disabled("fchown"),
        "fdatasync": _disabled("fdatasync"),
        "fsync": _disabled("fsync"),
        "ftruncate": _free,
        "futimes": _disabled("futimes"),
        "lchown": _WRITE,
        "link": _MOVE,
        "lutimes": _WRITE,
        "readlink": _READ,
        "realpath": _READ,
        "realpathNative": _READ,
        "realpathNow": _free,
        "rename": _MOVE,
        "symlink": _links,
        "unlink": _WRITE,
        "utimes": _WRITE,
    },
    "fs_tree": {
        "copyFile": _needs(("fs.read", 0), ("fs.write", 1)),
        "mkdir": _WRITE,
        "mkdirRecursive": _WRITE,
        "mkdtemp": _makes_temporary,
        "opendir": _READ,
        "readdir": _READ,
        "readdirKinds": _READ,
        "removeTree": _WRITE,
        "rmdir": _WRITE,
    },
    "host_constants": None,
    "icu_host": None,
    "names_host": {"hosts": _network, "resolvConf": _free},
    "options": None,
    "os_host": None,
    "permissions": None,
    "pipes": None,
    "python_objects": None,
    "process_host": {
        "chdir": _READ,
        "execve": _needs(("child", 0)),
        "setVariable": _needs(("env", 0)),
        "unsetVariable": _needs(("env", 0)),
    },
    "random_host": None,
    "report_host": None,  # asks when it writes
    "sqlite_host": None,  # asks when it opens a file, and attaches none
    "tty_host": None,
    "url_host": None,
    "wasm_host": None,
    "web_storage_host": None,  # asks when it opens a file
    "workers": {"newThreadId": _thread, "start": _thread},
    "zlib_host": None,
}
# Of these, functions that the table leaves out need nothing.
_MOSTLY_FREE = ("process_host", "workers")
# With a callback these throw in Node, the others call it with the error.
_THROWING = ("chmod", "lutimes", "mkdir", "mkdirRecursive", "utimes")


def guard(name: str, functions: Functions, permissions: Permissions) -> Functions:
    """The functions of binding `name`, each behind its check."""
    if name not in _TABLE:
        raise _refusal(f"The binding {name} is disabled when Permission Model is enabled.")
    needs = _TABLE[name]
    if needs is None:
        return functions
    checks = {
        function: needs[function](permissions)
        if function in needs
        else _free(permissions)
        if name in _MOSTLY_FREE
        else _disabled(f"{name}.{function}")(permissions)
        for function in functions
    }
    guarded = {
        function: _behind(checks[function], call)
        for function, call in functions.items()
        if function != "submit"
    }
    if "submit" in functions:
        guarded["submit"] = _submit(checks, functions["submit"])
    return guarded


def _behind(check: Check, call: Callable[..., Any]) -> Callable[..., Any]:
    def checked(*args: Any) -> Any:
        check(*args)
        return call(*args)

    return checked


def _submit(checks: dict[str, Check], submit: Callable[..., Any]) -> Callable[..., Any]:
    """`submit(name, ...args)`: the promise rejects with what the check says."""

    def checked(name: str, *args: Any) -> Any:
        try:
            checks[name](*args)
        except HostError as error:
            if name in _THROWING:
                raise
            failed: Future[None] = Future()
            failed.set_exception(error)
            return failed
        return submit(name, *args)

    return checked


def binding(isolate: Any) -> Functions:
    """The functions of `internalBinding('permissions')`."""
    permissions: Permissions = isolate.permissions
    return {
        "has": lambda scope, path=None: permissions.has(scope, None if path is None else _resource(path)),
        "options": permissions.options,
        "require": lambda scope, path="": permissions.require(scope, _resource(path)),
    }
