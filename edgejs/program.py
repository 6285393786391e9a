# SPDX-License-Identifier: Apache-2.0
"""Node's command line: options, then a program and its arguments."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from edgejs.engine.isolate import Isolate
    from edgejs.engine.permissions import Permissions

__all__ = ["load_variables", "node", "run_program"]

HELP = """\
Usage: edgejs [options] FILE [arguments]     run a JavaScript file
       edgejs [options] -e CODE [arguments]  run CODE; -p prints its value
       edgejs [options] - [arguments]        run what standard input holds
       edgejs run FILE|SCRIPT [arguments]    run a file, or a script of package.json
       edgejs install [SPEC...]              install packages into node_modules
       edgejs COMMAND ...                    npm's other commands: remove, update, ls, why, view, exec ...
       edgejs serve FILE                     serve HTTP with the fetch handler that FILE exports
       edgejs napi check|symbols|trace|gyp   what native addons need and find here; building them
       edgejs matrix run|report|diff ...     which native packages work in which runtime
"""

# Environment variables that are options. Without one, and without an option, the table of them is not read.
_VARIABLES = (
    "NODE_OPTIONS",
    "NODE_PENDING_DEPRECATION",
    "NODE_PRESERVE_SYMLINKS",
    "NODE_PRESERVE_SYMLINKS_MAIN",
    "NODE_REDIRECT_WARNINGS",
)
_WATCHED = "WATCH_REPORT_DEPENDENCIES"  # set for the program that is run under --watch
_MIB = 2**20
_HEAP_FULL = "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory"


def node(argv: list[str]) -> int:
    """Run the program that `argv`, without the program's own name, tells; the exit code."""
    values: dict[str, Any] = {}
    count = 0
    if argv[:1] == ["--"]:
        count = 1
    elif (argv and argv[0].startswith("-")) or any(name in os.environ for name in _VARIABLES):
        from edgejs.node.options import parse

        parsed = parse(argv, {})
        if parsed.environment_files and not load_variables(parsed.environment_files):
            return parsed.code
        parsed = parse(argv, os.environ)
        for error in parsed.errors:
            print(f"{sys.argv[0]}: {error}", file=sys.stderr)
        if parsed.errors:
            return parsed.code
        values, count = parsed.values, parsed.count
    return _act(values, argv[:count], argv[count:])


def load_variables(files: list[tuple[str, bool]]) -> bool:
    """Set variables from .env files that were not set before; later files win. False after a message."""
    from edgejs.node.dotenv import parse

    found: dict[str, str] = {}
    for path, is_required in files:
        try:
            with open(path, encoding="utf-8", errors="replace", newline="") as file:
                found.update(parse(file.read()))
        except OSError:
            if is_required:
                print(f"{sys.argv[0]}: {path}: not found", file=sys.stderr)
                return False
            print(f"{path} not found. Continuing without it.", file=sys.stderr)
    for name, value in found.items():
        if name and name not in os.environ:
            os.environ[name] = value
    return True


def _act(values: dict[str, Any], options: list[str], rest: list[str]) -> int:
    """What the options say is to be done."""
    if values.get("--version"):
        from edgejs import __version__

        print(f"v{__version__}")
        return 0
    if values.get("--help") or values.get("--v8-options"):
        _print_options("V8 " if values.get("--v8-options") else "")
        return 0
    if values.get("--completion-bash"):
        return 0
    if "--run" in values:
        from edgejs.scripts import node_run

        return node_run(values["--run"], rest if options[-1] == "--" else [])
    if values.get("--watch") and _WATCHED not in os.environ:
        return run_program(values, options, rest, "watch")
    if values.get("--test"):
        for other in ("--check", "--interactive", "--eval", "--print"):
            if other in values:
                print(f"{sys.argv[0]}: either --test or {other} can be used, not both", file=sys.stderr)
                return 9
        return run_program(values, options, rest, "runTests")
    if values.get("--interactive") and not rest:
        return run_program(values, options, rest, "startRepl", *filter(None, [values.get("--eval")]))
    if "--eval" in values or values.get("--print"):
        source = values.get("--eval", "undefined")
        script = {"print": bool(values.get("--print")), "isProgram": True}
        return run_program(values, options, rest, "evalScript", source, script)
    if rest and rest[0] not in ("", "-"):
        return run_program(
            values, options, rest, "checkFile" if values.get("--check") else "runMain", rest[0]
        )
    if not rest and sys.stdin.isatty():
        return run_program(values, options, rest, "startRepl")
    return run_program(values, options, rest, "runInput", sys.stdin.read())


def _print_options(tuning: str) -> None:
    """The help, or the flags of V8 that are taken."""
    from edgejs.node.options import EFFECTIVE, rows

    if not tuning:
        print(HELP)
        print("Options:")
    for option in rows():
        if (tuning in option.fate) if tuning else (option.fate == EFFECTIVE):
            value = f"=<{option.value.lower()}>" if option.value else ""
            print(f"  {', '.join(option.names) + value:44} {option.text}")


def run_program(
    values: dict[str, Any], options: list[str], rest: list[str], function: str, *args: object
) -> int:
    """Call a function of the bootstrap and turn the event loop until it is empty; the exit code."""
    import _signal as signal  # type: ignore[import-not-found]  # `signal` itself brings enum and re along: 3 ms

    from edgejs.configuration import configuration
    from edgejs.engine.errors import ProcessExit
    from edgejs.engine.isolate import Isolate

    if options[-1:] == ["--"]:
        options = options[:-1]
    config = configuration([sys.argv[0], *rest], options, embedded=False)
    if values.get("--from-store") and not _use_store(config, rest[0] if function == "runMain" else ""):
        return 1
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # as in Node: the signal ends the process
    if "--trace-napi" in values and not _trace(values["--trace-napi"]):
        return 1
    permissions = _permissions(values, rest)
    isolate = Isolate({**config, "restricted": permissions is not None}, permissions=permissions)
    _limit(isolate, values)
    try:
        isolate.run(isolate.get(isolate.host, function), *args)
        code = isolate.finish()
    except ProcessExit as exit:
        # As in Node, this is the end: nothing waits for blocked threads, no cleanup hook runs.
        sys.stdout.flush()
        if isolate.out_of_memory:
            print(_HEAP_FULL, file=sys.stderr, flush=True)
            reports = sys.modules.get("edgejs.node.report_host")
            if reports is not None:
                reports.write_fatal(_HEAP_FULL, "OOMError")
            os.abort()
        os._exit(exit.code)
    isolate.close(process_ends=True)
    return code


def _trace(path: str) -> bool:
    """Record the calls of addons in a file; False after a message.

    A child that inherits the option writes beside its parent's file, with its process number.
    """
    from errno import EWOULDBLOCK

    from edgejs.engine.ffi import lib

    error = lib.ej_trace_start(os.fsencode(path))
    if error == EWOULDBLOCK:
        error = lib.ej_trace_start(os.fsencode(f"{path}.{os.getpid()}"))
    if error:
        print(f"{sys.argv[0]}: --trace-napi: {path}: {os.strerror(error)}", file=sys.stderr)
    return not error


def _permissions(values: dict[str, Any], rest: list[str]) -> Permissions | None:
    """What --permission and its --allow-... say; the program itself may be read."""
    if not values.get("--permission"):
        return None
    from edgejs.engine.permissions import SCOPES, Permissions

    permissions = Permissions()
    if "--allow-env" in values:
        permissions.forbid("env")
    for scope, (_name, option) in SCOPES.items():
        given = values.get(option)
        for resource in given if isinstance(given, list) else ["*"] if given else []:
            permissions.allow(scope, resource)
    for program in (*rest[:1], *values.get("--require", ()), *values.get("--import", ())):
        permissions.allow("fs.read", os.path.realpath(program), inherited=False)
    return permissions


def _use_store(config: dict[str, object], file: str) -> bool:
    """Find the packages of the program in the store; False after a message."""
    from edgejs.registry_cache.errors import RegistryError
    from edgejs.registry_cache.farm import tree_of

    try:
        config["farm"] = list(tree_of(os.path.dirname(os.path.realpath(file)) if file else os.getcwd()))
    except RegistryError as error:
        print(f"{sys.argv[0]}: {error.code}: {error.message}", file=sys.stderr)
        return False
    return True


def _limit(isolate: Isolate, values: dict[str, Any]) -> None:
    most = values.get("--max-heap-size") or values.get("--max-old-space-size")
    if most:
        isolate.limit(memory=most * _MIB)
        isolate.end_when_full()
