# SPDX-License-Identifier: Apache-2.0
"""Making node_modules what the ideal tree says, in two steps: stage everything, then rename.

New packages are linked from the store into a folder of node_modules whose name starts with a dot.
Only when all are there do they move to their places, old ones moving out of the way; should a rename
fail, those done are undone. A process that dies while staging leaves node_modules as it was, and one
that dies while renaming leaves whole packages; the next install clears the staging folder.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .bins import check_bins, link_bins
from .errors import RegistryError, os_error
from .integrity import matches
from .lockfile import relative
from .order import locale_key
from .reporter import Reporter
from .sets import optional_set
from .store import Store
from .tarballs import Tarballs
from .tree import Node

__all__ = ["Change", "Plan", "Reifier", "link_package"]

_STAGING = ".edgejs-"
_LINKERS = max(2, min(4, os.cpu_count() or 2))


class Change:
    """One package put in (`old` is None), taken out (`node` is None) or replaced."""

    __slots__ = ("location", "name", "new", "node", "old")

    def __init__(self, location: str, node: Node | None, old: dict[str, Any] | None) -> None:
        self.location = location
        self.node = node
        self.name = location.rpartition("node_modules/")[2]
        self.new: str | None = node.version if node else None
        self.old: str | None = old.get("version") if old is not None else None


class Plan:
    """The difference between the tree (`wanted`, by location) and what is there (`actual`)."""

    def __init__(self, wanted: dict[str, Node], actual: dict[str, dict[str, Any]]) -> None:
        self.added: list[Change] = []
        self.changed: list[Change] = []
        self.removed: list[Change] = []
        for location, node in wanted.items():
            if "node_modules/" not in location:
                continue  # a link's target, which nobody installs
            entry = actual.get(location)
            if node.from_bundle:
                continue  # comes and goes with the tarball it is in
            if entry is None:
                self.added.append(Change(location, node, None))
            elif _differs(node, entry):
                self.changed.append(Change(location, node, entry))
        for location, entry in actual.items():
            if "node_modules/" not in location or location.startswith("../"):
                continue
            if location not in wanted and not entry.get("inBundle"):
                self.removed.append(Change(location, None, entry))
        for group in (self.added, self.changed, self.removed):
            group.sort(key=lambda change: locale_key(change.location))

    @property
    def empty(self) -> bool:
        return not (self.added or self.changed or self.removed)


def _differs(node: Node, entry: dict[str, Any]) -> bool:
    """npm's test whether what is there must be replaced (diff.js)."""
    if node.target is not None:
        return not entry.get("link") or entry.get("resolved") != relative(node.target.path, node.project_path)
    if entry.get("link"):
        return True
    if node.version != (entry.get("version") or ""):
        return True
    ours, theirs = node.integrity, entry.get("integrity")
    if not ours and not theirs:
        there = entry.get("resolved")
        if there and there.startswith("file:"):
            there = f"file:{os.path.normpath(os.path.join(node.project_path, there[5:]))}"
        return bool(node.resolved and there and node.resolved != there)
    return not ours or not theirs or not matches(ours, theirs)


def _outermost(locations: Iterable[str]) -> list[str]:
    """Those locations that are not inside another."""
    found: list[str] = []
    for location in sorted(locations, key=lambda one: one.split("/")):  # so that a/... comes before a-b
        if not found or not location.startswith(found[-1] + "/node_modules/"):
            found.append(location)
    return found


def link_package(node: Node, folder: str, store: Store, tarballs: Tarballs, reporter: Reporter) -> bool:
    """Makes `folder` the package of `node`, of links to the store's files; False when it is left out.

    Only an optional one is, when it cannot be had. A file that the store has lost or that was altered is
    fetched once more. Raises RegistryError.
    """
    try:
        entry = tarballs.start(node).result()
        if not store.link(entry, folder):
            reporter.warn(
                "tarball",
                f"cached data for {node.pkgid} ({node.integrity}) seems to be corrupted. Refreshing cache.",
            )
            shutil.rmtree(folder, ignore_errors=True)
            entry = tarballs.again(node).result()
            if not store.link(entry, folder):
                raise RegistryError(
                    "EINTEGRITY", f"the store keeps losing files of {node.pkgid}", {"pkgid": node.pkgid}
                )
    except RegistryError:
        if not node.optional:
            raise
        shutil.rmtree(folder, ignore_errors=True)
        return False
    for key in ("license", "funding"):
        if key in entry.package and key not in node.package:
            node.package = {**node.package, key: entry.package[key]}
    reporter.linked(node.pkgid)
    return True


class Reifier:
    """Carries a plan out in the folder `project`."""

    def __init__(
        self,
        project: str,
        wanted: dict[str, Node],
        store: Store,
        tarballs: Tarballs,
        reporter: Reporter,
        *,
        bin_links: bool = True,
        commands: str | None = None,
        force: bool = False,
    ) -> None:
        """`commands` is the folder for the commands of global packages; `force` replaces what is there."""
        self._commands = commands
        self._force = force
        self._project = project
        self._wanted = wanted
        self._store = store
        self._tarballs = tarballs
        self._reporter = reporter
        self._bin_links = bin_links
        self._modules = os.path.join(project, "node_modules")
        self._staging = os.path.join(self._modules, f"{_STAGING}{os.getpid():x}")
        self._undo: list[tuple[str, str]] = []

    def run(self, plan: Plan) -> set[Node]:
        """Does it, and gives the nodes that are installed now.

        Raises RegistryError; node_modules is then as it was. A failing optional package is left out.
        """
        fresh = _outermost(change.location for change in (*plan.added, *plan.changed))
        gone = _outermost(change.location for change in plan.removed)
        try:
            os.makedirs(self._modules, exist_ok=True)
            self._clear_old_staging()
            staged = self._stage_all(fresh)
            if self._commands and self._bin_links and not self._force:
                check_bins(self._project, self._wanted.values(), self._commands)
            self._commit([pair for pair in staged if not self._wanted[pair[0]].inert], gone)
            self._finish(plan)
        except OSError as error:
            self._roll_back()
            raise os_error(error, "rename") from error
        except BaseException:
            self._roll_back()
            raise
        finally:
            shutil.rmtree(self._staging, ignore_errors=True)
        return {node for node in self._wanted.values() if not node.inert}

    def _clear_old_staging(self) -> None:
        for name in os.listdir(self._modules):
            if name.startswith(_STAGING):
                shutil.rmtree(os.path.join(self._modules, name), ignore_errors=True)

    def _stage_all(self, locations: list[str]) -> list[tuple[str, str]]:
        """Several at once: linking files is work of the file system, which does it in parallel."""
        with ThreadPoolExecutor(_LINKERS, thread_name_prefix="edgejs-link") as pool:
            work = [pool.submit(self._stage, location, index) for index, location in enumerate(locations)]
            try:
                return list(zip(locations, [one.result() for one in work], strict=True))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def _stage(self, location: str, index: int) -> str:
        """Links the package at `location`, with all that belongs below it, into the staging folder."""
        base = f"{self._staging}/{index}"
        top = self._wanted[location]
        for node in top.subtree():
            if node.from_bundle or node.inert or self._wanted.get(node.location) is not node:
                continue
            if not self._link(node, base + node.location[len(location) :]) and node is top:
                break
        return base

    def _link(self, node: Node, folder: str) -> bool:
        """False when the package is optional and cannot be had; it is inert then, with what only it needs."""
        if node.target is not None:
            os.makedirs(os.path.dirname(folder), exist_ok=True)
            os.symlink(os.path.relpath(node.target.path, os.path.dirname(node.path)), folder)
            self._reporter.linked(node.pkgid)
            return True
        if not link_package(node, folder, self._store, self._tarballs, self._reporter):
            for member in optional_set(node):
                member.inert = True
            return False
        return True

    def _commit(self, staged: list[tuple[str, str]], gone: list[str]) -> None:
        retired = f"{self._staging}/old"
        os.makedirs(retired, exist_ok=True)
        for number, location in enumerate([*gone, *(location for location, _folder in staged)]):
            path = os.path.join(self._project, location)
            if os.path.lexists(path):
                self._move(path, f"{retired}/{number}")
        for location, folder in staged:
            path = os.path.join(self._project, location)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            self._move(folder, path)

    def _move(self, source: str, target: str) -> None:
        os.rename(source, target)
        self._undo.append((source, target))

    def _roll_back(self) -> None:
        for source, target in reversed(self._undo):
            os.rename(target, source)
        self._undo.clear()

    def _finish(self, plan: Plan) -> None:
        """Bin links, and folders that nothing is left in."""
        for change in plan.removed:
            scope = os.path.dirname(os.path.join(self._project, change.location))
            while os.path.basename(scope).startswith("@") or os.path.basename(scope) == "node_modules":
                if scope == self._modules or not os.path.isdir(scope) or os.listdir(scope):
                    break
                os.rmdir(scope)
                scope = os.path.dirname(scope)
        if self._bin_links:
            link_bins(
                self._project, [node for node in self._wanted.values() if not node.inert], self._commands
            )
        self._undo.clear()
