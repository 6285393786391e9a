# SPDX-License-Identifier: Apache-2.0
"""What a runtime is told about the process it runs in: the raw material of Node's `process` object."""

from __future__ import annotations

import os
import sys

from edgejs import __version__
from edgejs.engine.ffi import ffi, lib

__all__ = ["command_path", "configuration"]

_ARCHITECTURES = {"x86_64": "x64", "aarch64": "arm64", "i686": "ia32", "armv7l": "arm", "AMD64": "x64"}

# The ABI number of no V8 that addons ship prebuilt binaries for: loaders that look for one fall back to
# Node-API.
_MODULES = "141"


def configuration(
    argv: list[str], exec_argv: list[str], cwd: str | None = None, *, embedded: bool
) -> dict[str, object]:
    """The config of `internal/bootstrap`'s prepare(). `argv[0]` is the name the program was started by."""
    machine = os.uname().machine
    return {
        "argv": argv,
        "execArgv": exec_argv,
        "execPath": command_path() if embedded else _program_path(argv[0]),
        "cwd": _working_directory() if cwd is None else os.path.abspath(cwd),
        "title": "edgejs",
        "platform": sys.platform,
        "arch": _ARCHITECTURES.get(machine, machine),
        "pid": os.getpid(),
        "ppid": os.getppid(),
        "versions": {
            "node": _text(lib.ej_version_node()),
            "edgejs": __version__,
            "quickjs": _text(lib.ej_version_quickjs()),
            "uv": _text(lib.ej_version_uv()),
            "modules": _MODULES,
            "napi": "10",
        },
        "embedded": embedded,
    }


def _working_directory() -> str | None:
    """None when it was removed: `process.cwd()` is to say so, to who calls it."""
    try:
        return os.getcwd()
    except FileNotFoundError:
        return None


def _program_path(started: str) -> str:
    """The command that runs, which may be a copy; `command_path` when it was started as a Python module."""
    path = os.path.realpath(started)
    is_command = os.access(path, os.X_OK) and os.path.isfile(path) and not path.endswith(".py")
    return path if is_command else command_path()


def command_path() -> str:
    """The `edgejs` command: what child processes are to be started with."""
    beside = os.path.join(os.path.dirname(sys.executable), "edgejs")
    return beside if os.path.exists(beside) else sys.executable


def _text(pointer: object) -> str:
    return str(ffi.string(pointer).decode())
