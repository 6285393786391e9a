# SPDX-License-Identifier: Apache-2.0
"""Install scripts: which packages have some, whose may run, and running them, dependencies first."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from .consent import Consent
from .errors import os_error
from .lifecycle import ScriptFailure, run_package_script, scripts_of, shims
from .packagefile import PackageFile
from .reporter import Reporter
from .tree import Node

__all__ = ["install_scripts", "run_project_scripts", "run_scripts", "with_scripts"]

_EVENTS = ("preinstall", "install", "postinstall")


def with_scripts(nodes: Iterable[Node]) -> list[Node]:
    """Those of `nodes` that come with install scripts; the user's own packages do not count."""
    return [node for node in nodes if node.package.get("hasInstallScript") and node.target is None]


def install_scripts(folder: str) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The package.json in `folder`, and (event, command) of its install scripts in their order."""
    package = PackageFile.load(folder).original
    scripts = scripts_of(package)
    found = [(event, scripts[event]) for event in _EVENTS if scripts.get(event)]
    gyp = os.path.exists(os.path.join(folder, "binding.gyp")) and package.get("gypfile") is not False
    if gyp and not any(event in ("preinstall", "install") for event, _command in found):
        found.insert(0, ("install", "node-gyp rebuild"))
    return package, found


def _dependencies_first(nodes: list[Node]) -> list[Node]:
    chosen, done = set(nodes), dict[Node, None]()
    seen: set[Node] = set()
    stack = [(node, False) for node in reversed(nodes)]
    while stack:
        node, finished = stack.pop()
        if finished:
            if node in chosen:
                done[node] = None
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack += [(edge.to, False) for edge in node.edges_out.values() if edge.to is not None]
    return list(done)


def _own_files(folder: str) -> None:
    """Gives a package files of its own: until now they are the store's, which a script must not change."""
    try:
        for above, folders, names in os.walk(folder):
            folders[:] = [name for name in folders if name != "node_modules"]
            for name in names:
                path = os.path.join(above, name)
                if not os.path.islink(path) and os.stat(path).st_nlink > 1:
                    shutil.copy2(path, f"{path}.edgejs-tmp")
                    os.replace(f"{path}.edgejs-tmp", path)
    except OSError as error:
        raise os_error(error, "copyfile") from error


def run_scripts(
    nodes: Iterable[Node],
    consent: Consent,
    *,
    node_program: str | None,
    reporter: Reporter,
    foreground: bool = False,
    settings: Mapping[str, Any] | None = None,
) -> list[Node]:
    """Runs the install scripts of those of `nodes` that may, and gives those nobody has decided about.

    The first failure raises ScriptFailure, unless the package is optional: then it is taken away again.
    """
    undecided = []
    with shims(node_program) as folder_of_node:
        for node in _dependencies_first(with_scripts(nodes)):
            allowed = consent.decision(node)
            if not allowed:
                if allowed is None:
                    undecided.append(node)
                continue
            package, scripts = install_scripts(node.path)
            if scripts:
                _own_files(node.path)
            try:
                for event, command in scripts:
                    reporter.running(node.pkgid, event)
                    run_package_script(
                        node.path,
                        package,
                        event,
                        command,
                        node=node_program,
                        shim_folder=folder_of_node,
                        cwd=os.getcwd(),
                        output=sys.stdout.buffer if foreground else None,
                        settings=settings,
                    )
            except ScriptFailure as failure:
                if not node.optional:
                    raise
                text = f"{node.pkgid} was left out: its {event} script failed\n{failure.message}"
                reporter.warn("optional", text)
                shutil.rmtree(node.path, ignore_errors=True)
    return undecided


def run_project_scripts(
    folder: str, events: Iterable[str], *, node_program: str | None, settings: Mapping[str, Any] | None = None
) -> None:
    """Runs the project's own lifecycle scripts, which need nobody's leave. Raises ScriptFailure."""
    from .lifecycle import run_user_script

    package = PackageFile.load(folder).original
    scripts = scripts_of(package)
    for event in events:
        if not scripts.get(event):
            continue
        own = {**package, "scripts": {event: scripts[event]}}
        code = run_user_script(folder, own, event, node=node_program, settings=settings)
        if code:
            raise ScriptFailure(
                str(code),
                f"command failed\ncommand sh -c {scripts[event]}",
                {"path": folder, "exitCode": code},
            )
