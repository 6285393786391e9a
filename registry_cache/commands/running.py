# SPDX-License-Identifier: Apache-2.0
"""``run``, ``test``, ``start``, ``stop``, ``restart``, ``exec``: scripts and commands of packages."""

from __future__ import annotations

import json
import os
from typing import Any

import click

from .options import common
from .session import Session, run

__all__ = ["create", "exec_", "restart", "run_", "start", "stop", "test"]

_PASSES_ON = {"ignore_unknown_options": True, "allow_interspersed_args": False}
_RUN_BY_NAME = ("test", "start", "stop", "restart")


@click.command("run", context_settings=_PASSES_ON)
@click.argument("script", required=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option("--if-present", is_flag=True, help="Do nothing when there is no such script")
@common
def run_(script: str | None, arguments: tuple[str, ...], if_present: bool, **options: Any) -> None:
    """Run SCRIPT of package.json, or a command of node_modules/.bin; without a name, list the scripts."""
    run(options, "run", lambda session: _run(session, script, arguments, if_present))


def _run(session: Session, script: str | None, arguments: tuple[str, ...], if_present: bool = False) -> int:
    from ..errors import RegistryError
    from ..packagefile import PackageFile
    from ..workspaces import find_workspaces

    project = PackageFile.load(session.folder)
    if not project.exists:
        text = f"Could not read package.json: Error: ENOENT: no such file or directory, open '{project.path}'"
        raise RegistryError("ENOENT", text, {"syscall": "open", "path": project.path, "errno": -2})
    folders = [session.folder]
    chosen = session.workspaces()
    if chosen:
        known = find_workspaces(project.original, session.folder)
        folders = [*([session.folder] if session.include_root else []), *(known[name] for name in chosen)]
    worst = 0
    for folder in folders:
        code = _run_in(session, folder, script, arguments, if_present)
        worst = worst or code
    return worst


def _run_in(
    session: Session, folder: str, script: str | None, arguments: tuple[str, ...], if_present: bool
) -> int:
    from ..lifecycle import bin_folders, run_user_script, scripts_of
    from ..packagefile import PackageFile

    package = PackageFile.load(folder).original
    scripts = scripts_of(package)
    if script is None:
        _list(session, package, scripts)
        return 0
    if script == "start" and "start" not in scripts and os.path.exists(os.path.join(folder, "server.js")):
        scripts["start"] = "node server.js"
    if script == "restart" and "restart" not in scripts:
        code = _run_in(session, folder, "stop", (), True)
        return code or _run_in(session, folder, "start", arguments, if_present)
    if script in scripts:
        return run_user_script(
            folder,
            {**package, "scripts": scripts},
            script,
            arguments,
            node=session.node,
            silent=session.silent,
            settings=session.config.values,
        )
    command = _local_command(bin_folders(folder), script)
    if command is not None and script not in _RUN_BY_NAME:
        return _start(session, [command, *arguments], folder)
    if if_present:
        return 0
    raise _missing(script, scripts, folder)


def _list(session: Session, package: dict[str, Any], scripts: dict[str, str]) -> None:
    if session.wants_json:
        session.print_json(scripts)
        return
    title = f"{package.get('name', '')}@{package.get('version', '')}"
    own = {name: text for name, text in scripts.items() if name in _RUN_BY_NAME}
    other = {name: text for name, text in scripts.items() if name not in own}
    heading = "available via `edgejs run`:" if own else f"Scripts available in {title} via `edgejs run`:"
    for names, text in ((own, f"Lifecycle scripts included in {title}:"), (other, heading)):
        if names:
            session.print("\n".join([text, *(f"  {name}\n    {names[name]}" for name in names)]))
            session.print("")


def _local_command(folders: list[str], name: str) -> str | None:
    if os.sep in name:
        return None
    paths = [os.path.join(folder, name) for folder in folders]
    return next((path for path in paths if os.access(path, os.X_OK)), None)


def _missing(script: str, scripts: dict[str, str], folder: str) -> Exception:
    from ..errors import RegistryError
    from ..suggest import close_to

    text = f'Missing script: "{script}"'
    close = close_to(script, scripts)
    if close:
        choice = "this" if len(close) == 1 else "one of these"
        text += f"\n\nDid you mean {choice}?\n" + "\n".join(
            f'  edgejs run {name} # run the "{name}" package script' for name in close[:3]
        )
    text += "\n\nTo see a list of scripts, run:\n  edgejs run"
    return RegistryError("EMISSINGSCRIPT", text, {"path": folder})


def _start(session: Session, command: list[str], folder: str, extra: tuple[str, ...] = ()) -> int:
    """Runs a program with the environment of scripts; its exit code."""
    import subprocess

    from ..lifecycle import environment, shims
    from ..packagefile import PackageFile

    with shims(session.node) as folder_of_node:
        variables = environment(
            folder,
            PackageFile.load(folder).original,
            "npx",
            command[0],
            node=session.node,
            shim_folder=folder_of_node,
            cwd=os.getcwd(),
            settings=session.config.values,
        )
        variables["PATH"] = os.pathsep.join([*extra, variables["PATH"]])
        code = subprocess.call(command, env=variables)
    return code if code >= 0 else 128 - code


def _by_name(name: str, text: str) -> click.Command:
    @click.command(name, help=text, context_settings=_PASSES_ON)
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    @click.option("--if-present", is_flag=True, help="Do nothing when there is no such script")
    @common
    def command(arguments: tuple[str, ...], if_present: bool, **options: Any) -> None:
        run(options, name, lambda session: _run(session, name, arguments, if_present))

    return command


test = _by_name("test", "Run the script `test` of package.json.")
start = _by_name("start", "Run the script `start` of package.json, or `node server.js`.")
stop = _by_name("stop", "Run the script `stop` of package.json.")
restart = _by_name("restart", "Run the script `restart` of package.json, or `stop` and `start`.")


@click.command("exec", context_settings=_PASSES_ON)
@click.argument("command", nargs=-1, type=click.UNPROCESSED, metavar="COMMAND [ARGUMENT]...")
@click.option("-p", "--package", "packages", multiple=True, metavar="SPEC", help="Install this to run it")
@click.option("-c", "--call", metavar="TEXT", help="Run TEXT in a shell with the packages' commands")
@click.option("-y/-n", "--yes/--no", "yes", default=None, help="Install without asking, or never")
@common
def exec_(
    command: tuple[str, ...], packages: tuple[str, ...], call: str | None, yes: bool | None, **options: Any
) -> None:
    """Run a command of an installed package, or of one that is installed for this run only."""

    def work(session: Session) -> int:
        from ..errors import RegistryError

        words = list(command)
        if "--" in words[:2]:  # before the command or behind it: npm takes it as the end of its own flags
            words.remove("--")
        if not words and not call:
            raise RegistryError("EUSAGE", "edgejs exec expects a command")
        return _execute(session, words, list(packages), call, yes)

    run(options, "exec", work)


def _execute(
    session: Session, words: list[str], packages: list[str], call: str | None, yes: bool | None
) -> int:
    from ..lifecycle import bin_folders

    folders = bin_folders(session.folder)
    if words and not packages:
        local = _local_command(folders, words[0])
        if local is not None:
            return _start(session, [local, *words[1:]], session.folder)
    wanted = packages or words[:1]
    place = _temporary(session, wanted, yes) if wanted else session.folder
    bins = os.path.join(place, "node_modules", ".bin")
    if call:
        return _start(session, ["sh", "-c", call], session.folder, (bins,))
    name = words[0] if packages else _command_of(place)
    return _start(session, [_installed(bins, name), *words[1:]], session.folder, (bins,))


def _installed(bins: str, name: str) -> str:
    from ..errors import RegistryError

    path = os.path.join(bins, name)
    if not os.access(path, os.X_OK):
        raise RegistryError("ENOENT", f"sh: 1: {name}: not found", {"exitCode": 127})
    return path


def _temporary(session: Session, specs: list[str], yes: bool | None) -> str:
    """A folder of the store in which `specs` are installed, made now or by an earlier run."""
    import hashlib
    import sys

    from ..config import Config
    from ..errors import RegistryError
    from ..project import Project
    from .options import settings

    key = hashlib.sha256("\n".join(sorted(specs)).encode()).hexdigest()[:16]
    folder = os.path.join(session.config.cache, "_exec", key)
    fresh = not os.path.isdir(os.path.join(folder, "node_modules"))
    if fresh and (yes is False or (yes is None and sys.stdin.isatty())):
        question = "Need to install the following packages:\n" + "\n".join(specs) + "\nOk to proceed?"
        if yes is False or not click.confirm(question, default=True, err=True):
            raise RegistryError("ECANCELED", "edgejs exec canceled")
    os.makedirs(folder, exist_ok=True)
    config = Config.load(session.folder, overrides=settings(session.options))
    Project(folder, config, reporter=session.reporter).install(specs)
    session.reporter.finish()
    return folder


def _command_of(folder: str) -> str:
    """The one command of the package that was installed: its only one, or that of its own name."""
    from ..errors import RegistryError

    with open(os.path.join(folder, "package.json"), encoding="utf-8") as file:
        name = str(next(iter(json.load(file)["dependencies"])))
    with open(os.path.join(folder, "node_modules", name, "package.json"), encoding="utf-8") as file:
        package = json.load(file)
    from ..manifest import normalize_bin

    commands = normalize_bin(name, package.get("bin"))
    own = name.rpartition("/")[2]
    if len(set(commands.values())) == 1:
        return next(iter(commands)) if own not in commands else own
    if own in commands:
        return own
    raise RegistryError("ENOEXEC", "could not determine executable to run", {"pkgid": name})


def create(session: Session, words: list[str], *, yes: bool) -> int:
    """``init NAME``: the package create-NAME, run."""
    name, *rest = words
    if name.startswith("@") and "/" not in name:
        scope, at, version = name[1:].partition("@")
        spec = f"@{scope}/create{at}{version}"
    elif name.startswith("@"):
        scope, _, base = name.partition("/")
        spec = f"{scope}/create-{base}"
    else:
        spec = f"create-{name}"
    return _execute(session, [spec, *rest], [], None, yes or None)
