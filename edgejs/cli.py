# SPDX-License-Identifier: Apache-2.0
"""The command line: Node's way of running a file, npm's way of installing.

Start-up time is every program's: what only a package command needs is imported by that command.
"""

from __future__ import annotations

import os
import sys

__all__ = ["main"]

HELP = """\
Usage: edgejs [options] FILE [arguments]     run a JavaScript file
       edgejs [options] -e CODE [arguments]  run CODE; -p prints its value
       edgejs [options] - [arguments]        run what standard input holds
       edgejs run FILE|SCRIPT [arguments]    run a file, or a script of package.json
       edgejs install [SPEC...]              install packages into node_modules
       edgejs COMMAND ...                    npm's other commands: remove, update, ls, why, view, exec ...
       edgejs napi check|symbols|gyp         what native addons need and find here; building them

Options:
  -e, --eval CODE    run CODE
  -p, --print CODE   run CODE and print its value
  -v, --version      print the version
  -h, --help         print this

`edgejs install --help` tells more about installing.
"""

# Options of Node that take effect here. JavaScript reads them from process.execArgv (internal/options).
SWITCHES = {
    "--addons",
    "--deprecation",
    "--entry-url",
    "--experimental-addon-modules",
    "--experimental-detect-module",
    "--experimental-import-meta-resolve",
    "--experimental-import-text",
    "--experimental-print-required-tla",
    "--experimental-require-module",
    "--experimental-strip-types",
    "--experimental-vm-modules",
    "--expose-gc",
    "--force-node-api-uncaught-exceptions-policy",
    "--pending-deprecation",
    "--preserve-symlinks",
    "--preserve-symlinks-main",
    "--require-module",
    "--strip-types",
    "--test",
    "--test-force-exit",
    "--test-only",
    "--test-randomize",
    "--test-update-snapshots",
    "--throw-deprecation",
    "--trace-deprecation",
    "--trace-warnings",
    "--warnings",
}
# Without effect: in Node too, or settings of V8's collector, of which there is nothing here to set.
IGNORED = {"--concurrent-array-buffer-sweeping", "--gc-global", "--gc-interval", "--napi-modules"}
VALUED = {
    "-C": "--conditions",
    "-e": "--eval",
    "-p": "--print",
    "-pe": "--print",
    "-r": "--require",
    "--loader": "--experimental-loader",
    **{
        name: name
        for name in (
            "--conditions",
            "--disable-warning",
            "--eval",
            "--experimental-loader",
            "--import",
            "--input-type",
            "--print",
            "--require",
            "--stack-trace-limit",
            "--trace-require-module",
            "--test-concurrency",
            "--test-global-setup",
            "--test-isolation",
            "--test-name-pattern",
            "--test-random-seed",
            "--test-reporter",
            "--test-reporter-destination",
            "--test-rerun-failures",
            "--test-shard",
            "--test-skip-pattern",
            "--test-timeout",
            "--unhandled-rejections",
        )
    },
}


def main(argv: list[str]) -> int:
    """Run the command line `argv` (without the program's name) and return the exit code, Node's or npm's."""
    command = argv[0] if argv else ""
    if _is_package_command(command):
        from edgejs.configuration import command_path
        from edgejs.registry_cache.command import main as package_command

        return package_command(argv, command_path())
    if command == "napi":
        from edgejs.configuration import command_path
        from edgejs.napi.command import main as napi_command

        return napi_command(argv[1:], command_path())
    if command == "run":
        return _run(argv[1:])
    return _node(argv)


def _is_package_command(word: str) -> bool:
    """Is this npm's name for a command, or a slip of the pen: a bare word that names nothing to run?

    A file or a script that has the name of a command is reached through `edgejs run`.
    """
    if not word.replace("-", "").isalnum() or word.startswith("-") or word in ("napi", "run"):
        return False
    from edgejs.registry_cache.commands import NAMES

    return word in NAMES or not any(os.path.exists(word + end) for end in ("", ".js", ".json", ".node"))


def _node(argv: list[str]) -> int:
    """Node's own command line: options, then a program and its arguments."""
    given: dict[str, str] = {}
    at = 0
    while at < len(argv) and argv[at].startswith("-") and argv[at] != "-":
        option, equals, value = argv[at].partition("=")
        at += 1
        if option == "--":
            break
        if option in ("-v", "--version"):
            from edgejs import __version__

            print(f"v{__version__}")
            return 0
        if option in ("-h", "--help"):
            print(HELP, end="")
            return 0
        name = VALUED.get(option)
        if name is None:
            if option.replace("_", "-").replace("--no-", "--") not in SWITCHES | IGNORED:
                return _usage_error(f"bad option: {argv[at - 1]}")
            continue
        if not equals:
            if at == len(argv):
                return _usage_error(f"{option} requires an argument")
            value = argv[at]
            at += 1
        given[name] = value
    options, rest = argv[:at], argv[at:]
    if "--print" in given or "--eval" in given:
        source = given.get("--print", given.get("--eval"))
        return _program(options, rest, source=source, show="--print" in given)
    if rest and rest[0] != "-":
        return _program(options, rest)
    if not rest and sys.stdin.isatty():
        return _usage_error("the interactive prompt is not implemented; give FILE, -e CODE or -")
    return _program(options, rest, source=sys.stdin.read(), filename="[stdin]")


def _usage_error(message: str) -> int:
    print(f"{sys.argv[0]}: {message}", file=sys.stderr)
    return 9


def _program(
    options: list[str],
    rest: list[str],
    *,
    source: str | None = None,
    show: bool = False,
    filename: str = "[eval]",
) -> int:
    """Run a file (`rest[0]`) or `source` until its event loop is empty; the exit code."""
    import _signal as signal  # type: ignore[import-not-found]  # the module `signal` itself brings enum and re along: 3 ms

    from edgejs.configuration import configuration
    from edgejs.engine.errors import ProcessExit
    from edgejs.engine.isolate import Isolate

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # as in Node: the signal ends the process
    isolate = Isolate(configuration([sys.argv[0], *rest], options, embedded=False))
    host = isolate.host
    try:
        if source is None:
            isolate.run(isolate.get(host, "runMain"), rest[0])
        else:
            isolate.run(isolate.get(host, "evalScript"), source, {"print": show, "filename": filename})
        code = isolate.finish()
    except ProcessExit as exit:
        # As in Node, this is the end: nothing waits for blocked threads, no cleanup hook runs.
        sys.stdout.flush()
        os._exit(exit.code)
    isolate.close()
    return code


def _run(argv: list[str]) -> int:
    """`edgejs run FILE|SCRIPT`: a file if there is one of that name, else a script of package.json."""
    if argv and os.path.isfile(argv[0]):
        return _program([], argv)
    from edgejs.scripts import run_script

    return run_script(argv)
