# SPDX-License-Identifier: Apache-2.0
"""The last step of an install: package.json, the lock file and the hidden lock file are written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from . import jsonfile, semver
from .config import Config
from .edge import Edge
from .gitspec import GitSpec
from .lockfile import HIDDEN, lock_text
from .packagefile import saved_range
from .spec import REGISTRY_TYPES, resolve
from .tree import Node

if TYPE_CHECKING:
    from .installation import Installation, Wishes

__all__ = ["save", "write_hidden"]


def write_hidden(run: Installation, installed: set[Node]) -> None:
    """The hidden lock file; its time must not be before that of any folder it speaks of."""
    hidden = os.path.join(run.project.path, HIDDEN)
    text = lock_text(
        run.root,
        run.project.path,
        _style(run),
        hidden=True,
        installed=installed,
        omit_resolved=run.config.omit_lockfile_registry_resolved,
    )
    if jsonfile.write(hidden, text):
        os.utime(hidden)


def _style(run: Installation) -> jsonfile.Style:
    if run.file.exists and run.file.style.indent:
        return run.file.style
    return run.lock.style or jsonfile.Style()


def save(run: Installation, wishes: Wishes) -> None:
    """package.json, where specs were asked for, and the lock file."""
    config = run.config
    changed = []
    for owner in run.owners if wishes.save else ():
        names = list(owner.requested)
        if wishes.update or wishes.update_all:
            names += _updated(owner.node, run.root, wishes)
        for name in names:
            edge = owner.node.edges_out.get(name)
            if edge is not None and edge.to is not None:
                owner.file.save_spec(name, _saved(edge, config), wishes.save_type)
        if names or wishes.remove:
            owner.node.set_package(owner.file.package)
            changed.append(owner.file)
    lock = None
    if config.package_lock and wishes.lock:
        lock = lock_text(
            run.root,
            run.project.path,
            _style(run),
            omit_resolved=config.omit_lockfile_registry_resolved,
        )
    for file in changed:
        file.save()
    if lock is not None:
        jsonfile.write(run.lock.path, lock)


def _saved(edge: Edge, config: Config) -> str:
    """The text for package.json once it is known what `edge` got."""
    prefix = "" if config.save_exact else config.save_prefix
    assert edge.to is not None
    spec = resolve(edge.name, edge.spec)
    if edge.type == "workspace":
        return prefix + edge.to.version if edge.to.version else "*"
    if spec.type in REGISTRY_TYPES:
        return saved_range(spec, edge.to.version, prefix)
    return GitSpec.parse(spec.fetch_spec).saved if spec.type == "git" else spec.raw


def _updated(node: Node, root: Node, wishes: Wishes) -> list[str]:
    """Dependencies of `node` whose range moves with ``update --save``: none with an exact version."""
    return [
        name
        for name, edge in node.edges_out.items()
        if edge.to is not None
        and edge.to.parent is root
        and (wishes.update_all or name in wishes.update)
        and not any(semver.subset(one.spec, edge.to.version) for one in edge.to.edges_in)
    ]
