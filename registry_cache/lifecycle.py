# SPDX-License-Identifier: Apache-2.0
"""Scripts of package.json, run with npm's environment: those of packages, and those a user runs by name.

Source: npm's documentation, "scripts", section "Environment".
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from .errors import RegistryError
from .platforms import DEFAULT_NODE_VERSION

__all__ = [
    "ScriptFailure",
    "bin_folders",
    "environment",
    "run_package_script",
    "run_user_script",
    "scripts_of",
    "shims",
]

_SHOWN = 200
"""How many of the last lines of a failed script's output are kept."""


class ScriptFailure(RegistryError):
    """A script that ended with another code than 0; `code` is that code, as npm has it."""


def scripts_of(package: Mapping[str, Any]) -> dict[str, str]:
    """The ``scripts`` of a package.json, texts only."""
    scripts = package.get("scripts")
    found = scripts.items() if isinstance(scripts, dict) else ()
    return {name: command for name, command in found if isinstance(command, str)}


def bin_folders(folder: str) -> list[str]:
    """Every ``node_modules/.bin`` from `folder` up, nearest first."""
    found = []
    while True:
        found.append(os.path.join(folder, "node_modules", ".bin"))
        above = os.path.dirname(folder)
        if above == folder:
            return found
        folder = above


@contextlib.contextmanager
def shims(node: str | None) -> Iterator[str | None]:
    """A folder whose ``node`` is the program `node`, or None when there is nothing to put there.

    Its ``node-gyp`` is that program's own: npm brings one along too, for packages that build an addon.
    """
    if node is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="edgejs-bin-") as folder:
        os.symlink(node, os.path.join(folder, "node"))
        gyp = os.path.join(folder, "node-gyp")
        with open(gyp, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\nexec {shlex.quote(node)} napi gyp "$@"\n')
        os.chmod(gyp, 0o755)
        yield folder


def environment(
    folder: str,
    package: Mapping[str, Any],
    event: str,
    command: str,
    *,
    node: str | None,
    shim_folder: str | None,
    cwd: str,
    settings: Mapping[str, Any] | None = None,
) -> dict[str, str]:
    """The variables of a script; `cwd` is where the user was, `settings` become ``npm_config_*``.

    Variables of an outer script about its own package do not reach the inner one.
    """
    kept = {key: value for key, value in os.environ.items() if not key.startswith("npm_package_")}
    version = DEFAULT_NODE_VERSION
    path = [*bin_folders(folder), *([shim_folder] if shim_folder else []), os.environ.get("PATH", os.defpath)]
    found = {
        **kept,
        "PATH": os.pathsep.join(path),
        "INIT_CWD": os.environ.get("INIT_CWD", cwd),
        "npm_lifecycle_event": event,
        "npm_lifecycle_script": command,
        "npm_command": "run-script",
        "npm_package_json": os.path.join(folder, "package.json"),
        "npm_package_name": str(package.get("name") or ""),
        "npm_package_version": str(package.get("version") or ""),
        "npm_config_user_agent": f"npm/11 node/{version} edgejs {sys.platform}",
    }
    program = node or shutil.which("node")
    if program:
        found["NODE"] = found["npm_node_execpath"] = program
        found["npm_execpath"] = program
    for key, value in (package.get("config") or {}).items():
        found[f"npm_package_config_{key}"] = str(value)
    for key, value in (settings or {}).items():
        if not key.startswith(("_", "/", "@")) and isinstance(value, (str, bool, int)):
            text = str(value).lower() if isinstance(value, bool) else str(value)
            found.setdefault(f"npm_config_{key.replace('-', '_')}", text)
    return found


def run_user_script(
    folder: str,
    package: Mapping[str, Any],
    event: str,
    arguments: Sequence[str] = (),
    *,
    node: str | None,
    silent: bool = False,
    settings: Mapping[str, Any] | None = None,
) -> int:
    """Runs script `event` with its pre and post scripts on this terminal; the first code that is not 0.

    `arguments` are quoted and put behind the command of the script itself.
    """
    scripts = scripts_of(package)
    with shims(node) as folder_of_node:
        for name in (f"pre{event}", event, f"post{event}"):
            if not scripts.get(name):
                continue
            command = str(scripts[name])
            if name == event and arguments:
                command = " ".join([command, *map(shlex.quote, arguments)])
            if not silent:
                title = f"{package['name']}@{package.get('version', '')} " if package.get("name") else ""
                print(f"\n> {title}{name}\n> {command}\n", flush=True)
            variables = environment(
                folder,
                package,
                name,
                command,
                node=node,
                shim_folder=folder_of_node,
                cwd=os.getcwd(),
                settings=settings,
            )
            code = _call(command, folder, variables)
            if code != 0:
                return code
    return 0


def _interruptible() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _call(command: str, folder: str, variables: Mapping[str, str]) -> int:
    """A shell's exit code, as a shell would report it; an interrupt is the script's to handle."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = subprocess.Popen(
            ["sh", "-c", command],
            cwd=folder,
            env=dict(variables),
            preexec_fn=_interruptible,
        )
        code = process.wait()
    finally:
        signal.signal(signal.SIGINT, before)
    return code if code >= 0 else 128 - code


def run_package_script(
    path: str,
    package: Mapping[str, Any],
    event: str,
    command: str,
    *,
    node: str | None,
    shim_folder: str | None,
    cwd: str,
    output: IO[bytes] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> None:
    """Runs an install script of a package, in its folder and without a terminal.

    Its output goes to `output` or is kept; raises ScriptFailure with npm's lines and the last of the
    output when it fails.
    """
    variables = environment(
        path, package, event, command, node=node, shim_folder=shim_folder, cwd=cwd, settings=settings
    )
    with tempfile.TemporaryFile() as spool:
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=path,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output or spool,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode == 0:
            return
        spool.seek(0)
        said = spool.read().decode("utf-8", "replace").splitlines()
    code = done.returncode
    ending = f"code {code}" if code > 0 else f"signal {signal.Signals(-code).name}"
    raise ScriptFailure(
        str(code) if code > 0 else "ELIFECYCLE",
        "\n".join(["command failed", f"command sh -c {command}", *said[-_SHOWN:]]),
        {
            "path": path,
            "pkgid": f"{package.get('name')}@{package.get('version')}",
            "event": event,
            "ending": ending,
            "exitCode": code if code > 0 else 1,
        },
    )
