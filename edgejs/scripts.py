# SPDX-License-Identifier: Apache-2.0
"""Scripts of package.json: `edgejs run SCRIPT` runs them as npm does, `edgejs --run SCRIPT` as Node does."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from edgejs.configuration import command_path

__all__ = ["node_run", "run_script"]


def run_script(arguments: list[str]) -> int:
    """Run the script that `arguments` name, and its pre and post scripts; the first code that is not 0, or 0.

    Flags of `run` come before the name, what follows it is the script's. When package.json has no such
    script, a command of that name in node_modules/.bin is run; without a name the scripts are listed.
    """
    from edgejs.registry_cache.command import main

    return main(["run", *arguments], command_path())


def node_run(name: str, arguments: list[str]) -> int:
    """Run script `name` of the nearest package.json as `node --run` does: nothing before, nothing after.

    Source: https://nodejs.org/api/cli.html#--run
    """
    folder = Path.cwd()
    found = next(
        (at / "package.json" for at in (folder, *folder.parents) if (at / "package.json").is_file()), None
    )
    if found is None:
        return _fail(f"Can't find package.json for directory {folder}")
    try:
        content = json.loads(found.read_bytes())
    except ValueError:
        return _fail(f"Can't parse {found}")
    scripts = content.get("scripts") if isinstance(content, dict) else None
    if not isinstance(scripts, dict):
        return _fail(f'Can\'t find "scripts" field in {found}')
    command = scripts.get(name)
    if not isinstance(command, str):
        lines = [f"  {each}: {text}" for each, text in scripts.items()]
        return _fail("\n".join([f'Missing script: "{name}" for {found}\n', "Available scripts are:", *lines]))
    return _shell(command, arguments, name, found)


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


def _shell(command: str, arguments: list[str], name: str, package: Path) -> int:
    from shlex import quote

    bins = [str(at / "node_modules" / ".bin") for at in package.parents]
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([*bins, os.environ.get("PATH", "")]),
        "NODE_RUN_SCRIPT_NAME": name,
        "NODE_RUN_PACKAGE_JSON_PATH": str(package),
    }
    line = " ".join([command, *map(quote, arguments)])
    return 0 if os.spawnve(os.P_WAIT, "/bin/sh", ["sh", "-c", line], environment) == 0 else 1
