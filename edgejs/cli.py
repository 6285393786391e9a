# SPDX-License-Identifier: Apache-2.0
"""The command line: Node's way of running a file (program.py), npm's way of installing.

Start-up time is every program's: what only a package command needs is imported by that command.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

__all__ = ["main"]


def main(argv: list[str]) -> int:
    """Run the command line `argv` (without the program's name) and return the exit code, Node's or npm's."""
    command = argv[0] if argv else ""
    if _is_package_command(command):
        from edgejs.configuration import command_path
        from edgejs.registry_cache.command import main as package_command

        _end(package_command(argv, command_path()))
    if command == "napi":
        from edgejs.configuration import command_path
        from edgejs.napi.command import main as napi_command

        return napi_command(argv[1:], command_path())
    if command == "matrix":
        from edgejs.configuration import command_path
        from edgejs.napi.matrix.command import main as matrix_command

        return matrix_command(argv[1:], command_path())
    if command == "run":
        return _run(argv[1:])
    if command == "serve":
        from edgejs.serve import main as serve_command

        return serve_command(argv[1:])
    from edgejs.program import node

    return node(argv)


def _end(code: int) -> NoReturn:
    """The end of the process, at once.

    Python would first free, one by one, the millions of objects that the documents of a registry are, which
    takes as long as reading them.
    """
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = code or 1  # who read our output has seen enough
    sys.stderr.flush()
    os._exit(code)


def _is_package_command(word: str) -> bool:
    """Is this npm's name for a command, or a slip of the pen: a bare word that names nothing to run?

    A file or a script that has the name of a command is reached through `edgejs run`.
    """
    other = ("matrix", "napi", "run", "serve")
    if not word.replace("-", "").isalnum() or word.startswith("-") or word in other:
        return False
    from edgejs.registry_cache.commands import NAMES

    return word in NAMES or not any(os.path.exists(word + end) for end in ("", ".js", ".json", ".node"))


def _run(argv: list[str]) -> int:
    """`edgejs run FILE|SCRIPT`: a file if there is one of that name, else a script of package.json."""
    if argv and os.path.isfile(argv[0]):
        from edgejs.program import node

        return node(["--", *argv])
    from edgejs.scripts import run_script

    return run_script(argv)
