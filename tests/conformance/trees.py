# SPDX-License-Identifier: Apache-2.0
"""Compare lock files with npm's: ``python -m tests.conformance.trees`` for the projects of ``trees.toml``.

Each project is resolved twice against the default registry, by npm and by edgejs; the lock files must be equal, byte for byte,
and what one refuses the other must refuse with the same code. Needs ``npm`` and its ``node`` on the PATH; engines are
judged by that node's version in both.
"""

from __future__ import annotations

import argparse
import difflib
import functools
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECTS = Path(__file__).with_name("trees.toml")
OURS = [str(Path(sys.executable).with_name("edgejs"))]


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if every lock file is npm's, 1 if one differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.trees", description=__doc__)
    parser.add_argument("only", nargs="*", help="names of projects (default: all)")
    parser.add_argument("--keep", type=Path, help="keep the two projects of each comparison here")
    options = parser.parse_args(arguments)
    projects = tomllib.loads(PROJECTS.read_text(encoding="utf-8"))
    different = 0
    for name in options.only or projects:
        with tempfile.TemporaryDirectory() as scratch:
            said = compare(name, projects[name], (options.keep or Path(scratch)).resolve() / name)
        different += bool(said)
        print(f"{name}: {said or 'equal'}", flush=True)
    print(f"{len(options.only or projects) - different} equal, {different} different")
    return 1 if different else 0


def compare(name: str, project: Mapping[str, Any], folder: Path) -> str:
    """What differs, "" for nothing."""
    codes, locks = [], []
    environment = {**os.environ, "npm_config_node_version": _node_version()}
    for tool, program in (("npm", ["npm"]), ("edgejs", OURS)):
        # The folder's own name goes into the lock file.
        home = folder / tool / "project"
        write_project(project, home)
        command = [*program, "install", "--package-lock-only", "--ignore-scripts", *project.get("flags", ())]
        run = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True)
        found = re.search(r"error code (\S+)", run.stderr)
        codes.append(found[1] if found else run.returncode)
        lock = home / "package-lock.json"
        locks.append(lock.read_text(encoding="utf-8") if lock.exists() else "")
    if codes[0] != codes[1]:
        return f"npm ends with {codes[0]}, edgejs with {codes[1]}"
    if locks[0] == locks[1]:
        return ""
    lines = list(
        difflib.unified_diff(*(lock.splitlines() for lock in locks), "npm", "edgejs", lineterm="", n=0)
    )
    return f"{len(lines)} lines differ\n" + "\n".join(lines[:40])


@functools.cache
def _node_version() -> str:
    run = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    return run.stdout.strip().lstrip("v")


def write_project(project: Mapping[str, Any], home: Path) -> None:
    """Write the package.json of the project and of its workspaces."""
    home.mkdir(parents=True)
    fields = {key: value for key, value in project.items() if key not in ("packages", "workspaces", "flags")}
    manifest = {"name": "project", "version": "1.0.0", **fields}
    if "packages" in project:
        manifest["dependencies"] = dict.fromkeys(project["packages"], "latest")
    if "workspaces" in project:
        manifest["workspaces"] = list(project["workspaces"])
    (home / "package.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    for path, workspace in project.get("workspaces", {}).items():
        member = {"name": Path(path).name, "version": "1.0.0", **workspace}
        (home / path).mkdir(parents=True)
        (home / path / "package.json").write_text(json.dumps(member, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
