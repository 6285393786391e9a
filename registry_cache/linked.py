# SPDX-License-Identifier: Apache-2.0
"""The linked layout: packages lie unpacked in the store, once for all projects; node_modules links to them.

    links-v1/NAME@VERSION-KEY/node_modules/NAME     the package, made of links to the store's files
    links-v1/NAME@VERSION-KEY/node_modules/OTHER    a link to each package that it depends on
    links-v1/.projects/DIGEST                       the path of a project that has links into it

KEY is a digest of the package and of all that it depends on, so what it finds beside itself is what the lock
file says, in every project. A folder is made under another name and renamed when it is whole; then it is
never changed. Node resolves links before it looks for dependencies, so a package sees those it declares and
no others.

Packages whose install scripts run, and those that depend on them, get the same structure in the project, in
``node_modules/.store``: a script may change its package.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from . import jsonfile
from .bins import link_bins
from .circles import circles
from .errors import RegistryError, os_error
from .reify import link_package
from .reporter import Reporter
from .sets import optional_set
from .store import Store
from .tarballs import Tarballs
from .tree import Node

__all__ = ["Linker", "linked_packages", "store_folders", "sweep", "unlink_all"]

_FOLDER = "links-v1"
_PROJECTS = ".projects"
_STATE = os.path.join("node_modules", ".edgejs-linked.json")
_PRIVATE = ".store"


def linked_packages(project: str) -> dict[str, dict[str, Any]] | None:
    """What is linked into a project, in the form of a lock file's ``packages``; None in another layout."""
    try:
        found = jsonfile.read(os.path.join(project, _STATE))
    except RegistryError as error:
        if error.code != "EJSONPARSE":
            raise
        return {}  # torn: everything is linked anew
    if found is None:
        return None
    state = found[0]
    whole = all(_leads(project, link, target) for link, target in (state.get("links") or {}).items())
    return (state.get("packages") or {}) if whole else {}


def unlink_all(project: str) -> None:
    """Forgets the layout, once another one has taken the place of its links."""
    path = os.path.join(project, _STATE)
    if os.path.exists(path):
        os.unlink(path)
        shutil.rmtree(os.path.join(project, "node_modules", _PRIVATE), ignore_errors=True)


def _leads(project: str, link: str, target: str) -> bool:
    path = os.path.join(project, link)
    return os.path.islink(path) and os.readlink(path) == target and os.path.exists(path)


class Linker:
    """Makes the linked layout of one project; `private` nodes are those whose scripts will run."""

    def __init__(
        self,
        root: Node,
        wanted: Mapping[str, Node],
        store: Store,
        tarballs: Tarballs,
        reporter: Reporter,
        *,
        private: Iterable[Node] = (),
        bin_links: bool = True,
    ) -> None:
        self._root = root
        self._project = root.path
        self._wanted = wanted
        self._store = store
        self._tarballs = tarballs
        self._reporter = reporter
        self._bin_links = bin_links
        self._private = _with_dependents(private)
        self._keys: dict[Node, str] = {}
        self._serial = 0

    def run(self) -> set[Node]:
        """Does it, and gives the nodes that are installed now.

        Raises RegistryError; node_modules is then as it was. A failing optional package is left out.
        """
        try:
            while not self._build():
                self._keys.clear()  # something was left out: what depends on it is another package now
            links = dict(self._project_links())
            self._register()
            self._apply(links)
            self._save(links)
        except OSError as error:
            raise os_error(error, "symlink") from error
        return {node for node in self._wanted.values() if not node.inert}

    # What is where.

    def _packages(self) -> list[Node]:
        """The nodes that are unpacked: no links, nothing that came inside another."""
        nodes = (node for node in self._wanted.values() if node.parent is not None and node.target is None)
        return [node for node in nodes if not node.from_bundle and not node.inert]

    def _dependencies(self, node: Node) -> Iterator[tuple[str, Node]]:
        """Names and nodes that `node` must find beside itself."""
        for name, edge in sorted(node.edges_out.items()):
            to = edge.to
            if to is None or to.inert or to is node or to.from_bundle:
                continue
            if self._wanted.get(to.location) is to:
                yield name, to

    def _folder(self, node: Node) -> str:
        """The folder whose node_modules holds the package and links to its dependencies."""
        label = f"{(node.package_name or node.name).replace('/', '+')}@{node.version}-{self._keys[node]}"
        above = os.path.join(self._project, "node_modules", _PRIVATE)
        return os.path.join(above if node in self._private else self._base, label)

    @property
    def _base(self) -> str:
        return os.path.join(self._store.root, _FOLDER)

    def _place(self, node: Node) -> str:
        return (
            node.target.path if node.target else os.path.join(self._folder(node), "node_modules", node.name)
        )

    # Making the store's part.

    def _build(self) -> bool:
        """Makes the folders that are not there; False when an optional package was found to be missing."""
        nodes = self._packages()
        self._keys = _keys(nodes, self._dependencies)
        missing = []
        for node in nodes:
            folder = self._folder(node)
            if node in self._private or not os.path.isdir(folder):
                self._tarballs.start(node)
                missing.append((node, folder))
            node.place = self._place(node)
        return all(self._make(node, folder) for node, folder in missing)

    def _make(self, node: Node, folder: str) -> bool:
        self._serial += 1
        temporary = f"{os.path.dirname(folder)}/.tmp-{os.getpid():x}-{self._serial:x}"
        inside = f"{temporary}/node_modules"
        try:
            if not link_package(node, f"{inside}/{node.name}", self._store, self._tarballs, self._reporter):
                for member in optional_set(node):
                    member.inert = True
                return False
            for name, to in self._dependencies(node):
                if name != node.name:
                    _symlink(self._place(to), f"{inside}/{name}")
            if node in self._private:
                shutil.rmtree(folder, ignore_errors=True)
            try:
                os.rename(temporary, folder)
            except OSError:
                if not os.path.isdir(folder):  # else another process was quicker
                    raise
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        return True

    # The project's part.

    def _project_links(self) -> Iterator[tuple[str, str]]:
        """(link, relative to the project; where it leads) for the project and each workspace."""
        mine = [self._root]
        mine += [node for node in self._wanted.values() if node.parent is None and not node.is_outside]
        for node in dict.fromkeys(mine):
            above = f"{node.location}/" if node.location else ""
            for name, to in self._dependencies(node):
                link = f"{above}node_modules/{name}"
                target = self._place(to)
                if to.target is not None or to in self._private:
                    here = os.path.join(self._project, os.path.dirname(link))
                    target = os.path.relpath(target, here)
                yield link, target

    def _register(self) -> None:
        name = hashlib.sha256(self._project.encode()).hexdigest()[:32]
        folder = os.path.join(self._base, _PROJECTS)
        os.makedirs(folder, exist_ok=True)
        jsonfile.write(os.path.join(folder, name), json.dumps(self._project))

    def _apply(self, links: Mapping[str, str]) -> None:
        """Makes the links, and takes away what a node_modules of ours has besides them."""
        folders = {link.rpartition("node_modules/")[0] + "node_modules" for link in links} | {"node_modules"}
        for folder in folders:
            os.makedirs(os.path.join(self._project, folder), exist_ok=True)
            for location in _entries(self._project, folder):
                if location not in links:
                    _remove(os.path.join(self._project, location))
        for link, target in links.items():
            path = os.path.join(self._project, link)
            if not (os.path.islink(path) and os.readlink(path) == target):
                if os.path.isdir(path) and not os.path.islink(path):
                    shutil.rmtree(path)
                _symlink(target, path)
        if self._bin_links:
            tops = [self._wanted[link] for link in links if link in self._wanted]
            link_bins(self._project, [node for node in tops if not node.inert])

    def _save(self, links: Mapping[str, str]) -> None:
        packages = {
            location: _known(node, self._project)
            for location, node in self._wanted.items()
            if not node.inert and "node_modules/" in location
        }
        hidden = os.path.join(self._project, "node_modules", ".package-lock.json")
        if os.path.exists(hidden):
            os.unlink(hidden)  # it speaks of the other layout
        text = json.dumps({"links": links, "packages": packages}, indent=2, sort_keys=True)
        jsonfile.write(os.path.join(self._project, _STATE), text + "\n")


def _with_dependents(nodes: Iterable[Node]) -> set[Node]:
    found: set[Node] = set()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += [edge.source for edge in node.edges_in if edge.source.parent is not None]
    return found


def _known(node: Node, project: str) -> dict[str, Any]:
    if node.target is not None:
        return {"resolved": os.path.relpath(node.target.path, project), "link": True}
    source = ("integrity", node.integrity) if node.integrity else ("resolved", node.resolved)
    return {key: value for key, value in (("version", node.version), source) if value}


def _keys(nodes: list[Node], dependencies: Any) -> dict[Node, str]:
    """A digest for each node of it and all it depends on; a circle is digested as one."""
    keys: dict[Node, str] = {}
    for circle in circles(nodes, dependencies):
        inside = set(circle)
        parts = []
        for node in circle:
            needs = [
                (name, f"{to.name}@{to.version}" if to in inside else keys.get(to) or to.path)
                for name, to in dependencies(node)
            ]
            parts.append([node.name, node.package_name, node.version, node.integrity or node.resolved, needs])
        whole = json.dumps(sorted(parts, key=json.dumps))
        for node in circle:
            own = json.dumps([node.name, node.package_name, node.version, node.integrity or node.resolved])
            keys[node] = hashlib.sha256(f"{own}\n{whole}".encode()).hexdigest()[:32]
    return keys


def _symlink(target: str, link: str) -> None:
    """Makes `link`, or replaces it at one stroke."""
    os.makedirs(os.path.dirname(link), exist_ok=True)
    try:
        os.symlink(target, link)
    except FileExistsError:
        temporary = f"{link}.{os.getpid():x}"
        os.symlink(target, temporary)
        os.replace(temporary, link)


def _entries(project: str, folder: str) -> Iterator[str]:
    """What a node_modules has, packages of scopes one by one; no package's name begins with a dot."""
    for name in os.listdir(os.path.join(project, folder)):
        path = os.path.join(project, folder, name)
        if name.startswith("."):
            continue
        if name.startswith("@") and os.path.isdir(path) and not os.path.islink(path):
            yield from (f"{folder}/{name}/{inner}" for inner in os.listdir(path))
        else:
            yield f"{folder}/{name}"


def _remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    else:
        os.unlink(path)
    scope = os.path.dirname(path)
    if os.path.basename(scope).startswith("@") and not os.listdir(scope):
        os.rmdir(scope)


# Looking after it.


def store_folders(store: Store) -> list[str]:
    """The packages that lie unpacked in the store."""
    base = os.path.join(store.root, _FOLDER)
    if not os.path.isdir(base):
        return []
    return [os.path.join(base, name) for name in sorted(os.listdir(base)) if name != _PROJECTS]


def sweep(store: Store, limit: float) -> int:
    """Removes the folders that no project leads to and that were made before `limit`; says how many."""
    base = os.path.join(store.root, _FOLDER)
    waiting: list[str] = []
    for project in _projects(base):
        for target in (_state(project).get("links") or {}).values():
            waiting.append(target)
    used: set[str] = set()
    while waiting:
        path = os.path.normpath(waiting.pop())
        if not path.startswith(base + os.sep):
            continue
        folder = os.path.join(base, path[len(base) + 1 :].split(os.sep)[0])
        if folder not in used:
            used.add(folder)
            waiting += _links_of(os.path.join(folder, "node_modules"))
    removed = 0
    for folder in store_folders(store):
        if folder not in used and os.stat(folder).st_ctime <= limit:
            shutil.rmtree(folder)
            removed += 1
    return removed


def _projects(base: str) -> Iterator[str]:
    """The projects that lead into the store; those that are gone or changed their layout are struck off."""
    folder = os.path.join(base, _PROJECTS)
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        path = os.path.join(folder, name)
        with open(path, encoding="utf-8") as file:
            project = json.load(file)
        if os.path.exists(os.path.join(project, _STATE)):
            yield project
        else:
            os.unlink(path)


def _state(project: str) -> dict[str, Any]:
    found = jsonfile.read(os.path.join(project, _STATE))
    return found[0] if found else {}


def _links_of(folder: str) -> list[str]:
    found = []
    for above, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = os.path.join(above, name)
            if os.path.islink(path):
                found.append(os.readlink(path))
        folders[:] = [name for name in folders if name.startswith("@") and above == folder]
    return found
