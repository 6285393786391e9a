# SPDX-License-Identifier: Apache-2.0
"""``node_modules/.bin``: a relative symbolic link for each command of each package, nothing else."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable

from .errors import RegistryError
from .order import locale_key
from .tree import Node

__all__ = ["check_bins", "link_bins"]


def link_bins(project: str, nodes: Iterable[Node], commands: str | None = None) -> None:
    """Makes every ``.bin`` folder hold exactly the links that `nodes` call for.

    The commands of the project's direct dependencies go into the folder `commands`, if there is one, where
    other files stay. When two packages offer one command, the first by place keeps it. Links to what does
    not exist are not made. Raises OSError.
    """
    wanted = _wanted(project, nodes)
    top = wanted.pop("node_modules", {})
    for folder, links in wanted.items():
        _update(os.path.join(project, folder, ".bin"), links, "../")
    if commands is None:
        _update(os.path.join(project, "node_modules", ".bin"), top, "../")
    else:
        packages = os.path.relpath(os.path.join(project, "node_modules"), commands) + "/"
        links = {command: packages + target[3:] for command, target in top.items()}
        _update(commands, links, packages)


def check_bins(project: str, nodes: Iterable[Node], commands: str) -> None:
    """Raises RegistryError EEXIST when a command would take the place of a file that is no package's."""
    packages = os.path.relpath(os.path.join(project, "node_modules"), commands) + "/"
    for command in _wanted(project, nodes).get("node_modules", ()):
        path = os.path.join(commands, command)
        if os.path.lexists(path) and not (os.path.islink(path) and os.readlink(path).startswith(packages)):
            details = {"path": path, "errno": -errno.EEXIST}
            text = f"File exists: {path}\nRemove the existing file and try again, or run edgejs\n"
            raise RegistryError("EEXIST", text + "with --force to overwrite files recklessly.", details)


def _wanted(project: str, nodes: Iterable[Node]) -> dict[str, dict[str, str]]:
    """The links of each node_modules folder: command to target, relative to ``.bin``."""
    wanted: dict[str, dict[str, str]] = {}
    for node in sorted(nodes, key=lambda one: locale_key(one.location)):
        commands = node.package.get("bin")
        if node.parent is None or not isinstance(commands, dict):
            continue
        above = f"{node.parent.location}/" if node.parent.location else ""
        links = wanted.setdefault(f"{above}node_modules", {})
        for command, target in commands.items():
            links.setdefault(command, f"../{node.name}/{target}")
            if node.target is not None:
                _make_executable(os.path.join(node.target.path, target))
    return wanted


def _make_executable(path: str) -> None:
    """What a link offers as a command is a file of the user's; those of the store are executable already."""
    if os.path.isfile(path) and not os.access(path, os.X_OK):
        os.chmod(path, os.stat(path).st_mode | 0o111)


def _update(folder: str, links: dict[str, str], packages: str) -> None:
    """`packages` is how links to this node_modules begin."""
    existing: dict[str, str | None] = {}
    if os.path.isdir(folder):
        with os.scandir(folder) as found:
            existing = {item.name: os.readlink(item.path) if item.is_symlink() else None for item in found}
    elif links:
        os.makedirs(folder)
    for command, target in links.items():
        if existing.get(command) == target or not os.path.exists(os.path.join(folder, target)):
            continue
        path = os.path.join(folder, command)
        if command in existing:
            os.unlink(path)
        os.symlink(target, path)
    for command, current in existing.items():
        # all packages of this node_modules are known, so a link into one that none of them wants is stale
        ours = current is not None and current.startswith(packages) and "/../" not in current[2:]
        if ours and command not in links:
            os.unlink(os.path.join(folder, command))
    if not links and os.path.isdir(folder) and not os.listdir(folder):
        os.rmdir(folder)
