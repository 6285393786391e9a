# SPDX-License-Identifier: Apache-2.0
"""`edgejs run SCRIPT`: the scripts of package.json, run as npm runs them.

Source: https://docs.npmjs.com/cli/v11/commands/npm-run
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from edgejs.configuration import command_path

__all__ = ["run_script"]


def run_script(name: str, arguments: list[str]) -> int:
    """Run script `name` with its pre and post scripts; the first exit code that is not 0, else 0."""
    start = Path.cwd()
    folder = next((p for p in (start, *start.parents) if (p / "package.json").is_file()), None)
    if folder is None:
        return _fail("ENOENT", f"Could not read package.json: no such file in {start} or above it")
    try:
        manifest = json.loads((folder / "package.json").read_text("utf-8"))
    except ValueError as error:
        return _fail("EJSONPARSE", f"Invalid package.json: {error} in {folder / 'package.json'}")
    scripts = manifest.get("scripts") or {}
    if name not in scripts:
        return _missing(name, scripts)
    with tempfile.TemporaryDirectory(prefix="edgejs-") as shims:
        os.symlink(command_path(), os.path.join(shims, "node"))
        for event in (f"pre{name}", name, f"post{name}"):
            if event in scripts:
                command = scripts[event]
                if event == name and arguments:
                    command = " ".join([command, *map(shlex.quote, arguments)])
                code = _run_event(manifest, folder, event, command, shims)
                if code != 0:
                    return code
    return 0


def _run_event(manifest: dict[str, object], folder: Path, event: str, command: str, shims: str) -> int:
    title = f"{manifest['name']}@{manifest.get('version', '')} " if "name" in manifest else ""
    print(f"\n> {title}{event}\n> {command}\n", flush=True)
    environment = os.environ | {
        "PATH": os.pathsep.join([*_bin_folders(folder), shims, os.environ.get("PATH", os.defpath)]),
        "INIT_CWD": os.getcwd(),
        "npm_lifecycle_event": event,
        "npm_lifecycle_script": command,
        "npm_package_json": str(folder / "package.json"),
        "npm_package_name": str(manifest.get("name", "")),
        "npm_package_version": str(manifest.get("version", "")),
        "npm_node_execpath": command_path(),
    }
    code = subprocess.call(["sh", "-c", command], cwd=folder, env=environment)
    return code if code >= 0 else 128 - code  # killed by a signal, as a shell reports it


def _bin_folders(folder: Path) -> list[str]:
    """Every `node_modules/.bin` from `folder` up, nearest first."""
    return [str(parent / "node_modules" / ".bin") for parent in (folder, *folder.parents)]


def _missing(name: str, scripts: dict[str, str]) -> int:
    import difflib

    print(f'edgejs error Missing script: "{name}"', file=sys.stderr)
    close = difflib.get_close_matches(name, scripts, 3)
    if close:
        print("edgejs error\nedgejs error Did you mean this?", file=sys.stderr)
        for candidate in close:
            print(f"edgejs error   edgejs run {candidate}", file=sys.stderr)
    if scripts:
        print(f"edgejs error\nedgejs error The scripts are: {', '.join(sorted(scripts))}", file=sys.stderr)
    return 1


def _fail(code: str, message: str) -> int:
    print(f"edgejs error code {code}\nedgejs error {message}", file=sys.stderr)
    return 1
