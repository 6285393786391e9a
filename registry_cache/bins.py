# SPDX-License-Identifier: Apache-2.0
"""``node_modules/.bin``: a relative symbolic link for each command of each package, nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterable

from .order import locale_key
from .tree import Node

__all__ = ["link_bins"]


def link_bins(project: str, nodes: Iterable[Node]) -> None:
    """Makes every ``.bin`` folder hold exactly the links that `nodes` call for.

    When two packages offer one command, the first by place keeps it. Links to what does not exist are
    not made. Raises OSError.
    """
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
    for folder, links in wanted.items():
        _update(os.path.join(project, folder, ".bin"), links)
    top = os.path.join(project, "node_modules", ".bin")
    if "node_modules" not in wanted and os.path.isdir(top):
        _update(top, {})


def _make_executable(path: str) -> None:
    """What a link offers as a command is a file of the user's; those of the store are executable already."""
    if os.path.isfile(path) and not os.access(path, os.X_OK):
        os.chmod(path, os.stat(path).st_mode | 0o111)


def _update(folder: str, links: dict[str, str]) -> None:
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
        ours = current is not None and current.startswith("../") and not current.startswith("../../")
        if ours and command not in links:
            os.unlink(os.path.join(folder, command))
    if not links and os.path.isdir(folder) and not os.listdir(folder):
        os.rmdir(folder)
