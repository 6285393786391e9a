# SPDX-License-Identifier: Apache-2.0
"""One install under way: what the user wishes, the tree worked out of it, and the disk made so.

The order makes every failure harmless: the tree is worked out, everything is fetched and staged,
node_modules changes by renames, and package.json and the lock file are written last.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from . import actual, flags
from .bundles import unpack_bundle
from .client import RegistryClient
from .errors import RegistryError, os_error
from .explain import render
from .ideal import IdealTree
from .linked import Linker, linked_packages, unlink_all
from .lockfile import LockFile, fill_tree, relative
from .overrides import OverrideSet
from .packagefile import PackageFile
from .place import Policy
from .reify import Plan, Reifier
from .result import InstallResult
from .saving import save, write_hidden
from .sources import Sources, folder_manifest
from .spec import Spec, local_path
from .tarballs import Tarballs
from .tree import Node
from .workspaces import find_workspaces, select_workspaces

if TYPE_CHECKING:
    from .consent import Consent
    from .project import Project, Scripts

__all__ = ["Installation", "Wishes"]


@dataclass
class Wishes:
    """What a command wants done to the tree.

    `add` and `remove` change package.json; `update` are names to look up again wherever they are, and
    `update_all` forgets the tree there is. `save` writes package.json (`save_type` says where), `lock`
    the lock file. `workspaces` are those whose package.json is meant instead of the project's, by name or
    folder; with `include_root` the project's too.
    """

    add: Sequence[Spec] = ()
    remove: Sequence[str] = ()
    update: frozenset[str] = frozenset()
    update_all: bool = False
    prefer_dedupe: bool = False
    save: bool = True
    save_type: str | None = None
    lock: bool = True
    dry_run: bool = False
    lock_only: bool = False
    workspaces: list[str] = field(default_factory=list)
    include_root: bool = False


class _Owner(NamedTuple):
    """A package.json that is the user's own, its node, and what was asked for in it, by name."""

    file: PackageFile
    node: Node
    requested: dict[str, Spec]


class Installation:
    """One install under way: the state that its steps share."""

    def __init__(self, project: Project, client: RegistryClient) -> None:
        self.project = project
        self.client = client
        self.config = project.config
        self.sources = Sources(client, project.store, project.reporter)
        self.tarballs = Tarballs(client, project.store, project.reporter, self.sources.entry)
        self.warnings: list[str] = []

    def load(self, *, fresh: bool = False) -> None:
        """Reads package.json, the lock file and node_modules into `root` and `actual`.

        With `fresh` the tree starts from package.json alone, as for ``npm update``.
        """
        self._read(with_lock=self.config.package_lock)
        self.actual = self._what_is_there()
        self.root = self._project_node(self.config.legacy_peer_deps)
        self.from_disk = not fresh and (self.lock.data is not None or bool(self.actual))
        if fresh:
            return
        fill_tree(self.root, self.lock.packages if self.lock.data is not None else self.actual)
        if self.lock.old:
            from .old_lock import inflate

            name = os.path.basename(self.lock.path)
            inflate(self.root, name, self.client, self.sources, self.project.reporter)

    def _read(self, *, with_lock: bool) -> None:
        """package.json and the lock file. Global packages have neither: each that is there is asked for."""
        path = self.project.path
        if self.project.is_global:
            self.file = PackageFile.of_folder(path)
        else:
            self.file = PackageFile.load(path)
        if with_lock and not self.project.is_global:
            self.lock = LockFile.load(path)
        else:
            self.lock = LockFile(os.path.join(path, "package-lock.json"), None, None)

    def _what_is_there(self) -> dict[str, dict[str, Any]]:
        """The content of node_modules as far as it has the layout that is wanted."""
        if self.config.install_strategy == "linked":
            return linked_packages(self.project.path) or {}
        return actual.load(self.project.path, self.lock.packages)

    def _project_node(self, legacy_peers: bool) -> Node:
        path, package = self.project.path, self.file.package
        overrides = package.get("overrides")
        node = Node(
            os.path.basename(path),
            package,
            project=True,
            folder=path,
            legacy_peers=legacy_peers,
            overrides=OverrideSet(overrides) if overrides else None,
            workspaces=find_workspaces(package, path),
        )
        node.holds_global = self.project.is_global
        return node

    def look(self, *, locked: bool) -> Node:
        """The tree that is there (or in the lock file), for reading; what nothing asks for is extraneous."""
        self._read(with_lock=True)
        self.root = self._project_node(False)
        fill_tree(self.root, self.lock.packages if locked else self._installed())
        flags.reset(self.root.inventory.values())
        flags.calculate(self.root)
        return self.root

    def _installed(self) -> dict[str, dict[str, Any]]:
        """The content of node_modules, whatever its layout."""
        locked, linked = self.lock.packages, linked_packages(self.project.path)
        if linked is None:
            return actual.load(self.project.path, locked)
        return {location: {**locked.get(location, {}), **entry} for location, entry in linked.items()}

    def build(self, wishes: Wishes) -> None:
        """Completes the tree, asking the registry, with tarballs already on their way."""
        config, project = self.config, self.project
        self.owners = self._owners(wishes)
        for owner in self.owners if wishes.add or wishes.remove else ():
            for spec in wishes.add:
                self._request(spec, owner, wishes.save_type)
            for name in wishes.remove:
                owner.file.remove(name)
            owner.node.set_package(owner.file.package)
        policy = Policy(
            force=config.force,
            strict_peers=config.strict_peer_deps,
            prefer_dedupe=config.prefer_dedupe or wishes.prefer_dedupe,
            legacy_peers=self.config.legacy_peer_deps,
            strategy="shallow" if project.is_global else config.install_strategy,
            update=wishes.update,
            warn=self._peer_given_up,
        )
        builder = IdealTree(
            self.root,
            self.client,
            policy,
            self.sources,
            explicit=frozenset((owner.node, name) for owner in self.owners for name in owner.requested),
            changing=bool(wishes.add or wishes.remove or wishes.update or wishes.update_all),
            save=wishes.save,
            reporter=project.reporter,
            placed=(lambda node: None) if wishes.dry_run or wishes.lock_only else self._fetch_early,
            unpack_bundle=lambda node: unpack_bundle(node, self.tarballs, project.store),
        )
        builder.build()
        builder.finish(
            from_disk=self.from_disk,
            platform=project._platform,
            omit=config.omit,
            force=config.force,
            engine_strict=config.engine_strict,
        )

    def _owners(self, wishes: Wishes) -> list[_Owner]:
        """Whose package.json the command is about: the project's, or that of chosen workspaces."""
        mine = _Owner(self.file, self.root, {})
        if not wishes.workspaces:
            return [mine]
        chosen = select_workspaces(dict(self.root.workspaces), wishes.workspaces, self.project.path)
        owners = []
        for path in chosen.values():
            file = PackageFile.load(path)
            node = self.root.add_target(Node.at(path, file.package, legacy_peers=self.root.legacy_peers))
            owners.append(_Owner(file, node, {}))
        return [*owners, mine] if wishes.include_root else owners

    def _request(self, spec: Spec, owner: _Owner, save_type: str | None) -> None:
        """Enters one argument into a package.json: a tag as the version behind it, a path as relative."""
        name, raw, here = spec.name, spec.raw, owner.node.path
        if spec.type == "tag":
            raw = str(self.client.manifest(spec)["version"])
        elif spec.type == "directory":
            path = os.path.realpath(local_path(raw, os.getcwd()))
            if not os.path.isfile(os.path.join(path, "package.json")):
                raise RegistryError(
                    "ENOENT",
                    "Could not read package.json: Error: ENOENT: no such file or directory, "
                    f"open '{os.path.join(path, 'package.json')}'",
                    {"syscall": "open", "path": os.path.join(path, "package.json"), "errno": -2},
                )
            name = name or str(folder_manifest(path).get("name") or os.path.basename(path))
            raw = f"file:{relative(path, here)}"
        elif spec.type in ("file", "remote", "git"):
            name = name or str(self.sources.manifest(spec, os.getcwd()).get("name"))
            if spec.type == "file":
                raw = f"file:{relative(local_path(raw, os.getcwd()), here)}"
        owner.file.add(name, raw, save_type)
        owner.requested[name] = spec

    def _peer_given_up(self, why: dict[str, Any]) -> None:
        text = "overriding peer dependency\n" + render(why)
        if text not in self.warnings:
            self.warnings.append(text)
            self.project.reporter.warn("ERESOLVE", text)

    def _fetch_early(self, node: Node) -> None:
        if node.error is None and node.version and self.project._platform.fits(node.package):
            entry = self.actual.get(node.location)
            if entry is None or entry.get("version") != node.version:
                self.tarballs.start(node)

    def check_lock_exists(self) -> None:
        if self.lock.data is None:
            raise RegistryError(
                "EUSAGE",
                "The `edgejs ci` command can only install with an existing package-lock.json or\n"
                "npm-shrinkwrap.json with lockfileVersion >= 1. Run an install with npm@5 or\n"
                "later to generate a package-lock.json file, then try again.",
            )

    def check_lock_fits(self, before: dict[str, tuple[str, str]]) -> None:
        problems = []
        for location, node in self.root.inventory.items():
            name, version = before.get(location, (None, None))
            if name is None:
                problems.append(f"Missing: {node.name}@{node.version} from lock file")
            elif version != node.version:
                problems.append(
                    f"Invalid: lock file's {name}@{version} does not satisfy {node.name}@{node.version}"
                )
        if problems:
            raise RegistryError(
                "EUSAGE",
                "`edgejs ci` can only install packages when your package.json and package-lock.json or "
                "npm-shrinkwrap.json are in sync. Please update your lock file with `edgejs install` before "
                "continuing.\n\n" + "\n".join(problems),
            )

    def empty_modules(self) -> None:
        """Removes what is in node_modules; everything that follows comes from the lock file."""
        modules = os.path.join(self.project.path, "node_modules")
        try:
            for name in os.listdir(modules) if os.path.isdir(modules) else ():
                path = os.path.join(modules, name)
                if os.path.isdir(path) and not os.path.islink(path):
                    shutil.rmtree(path)
                else:
                    os.unlink(path)
        except OSError as error:
            raise os_error(error, "rm") from error
        self.actual = {}

    def apply(self, wishes: Wishes) -> InstallResult:
        """Changes the disk: node_modules first, then package.json and the lock file."""
        config, project = self.config, self.project
        wanted = {
            location: node
            for location, node in self.root.inventory.items()
            if location and not node.inert and not flags.should_omit(node, config.omit)
        }
        # with the lock file alone nothing is put in or taken out, and npm reports no change
        plan = Plan(wanted, self.actual) if not wishes.lock_only else Plan({}, {})
        real = not wishes.dry_run and not wishes.lock_only
        installed = self._reify(plan, wanted) if real else set()
        not_run = self._run_scripts(plan, real)
        if not wishes.dry_run and (wishes.save or wishes.lock):
            save(self, wishes)
        hides = config.install_strategy != "linked" and not project.is_global
        if real and hides and (wanted or not plan.empty):
            write_hidden(self, installed)
        project.reporter.finish()
        return InstallResult(
            plan,
            project.direct(self.root),
            [name for owner in self.owners for name in owner.requested],
            self.warnings,
            not_run,
        )

    def _reify(self, plan: Plan, wanted: dict[str, Node]) -> set[Node]:
        """Makes node_modules so, and gives the nodes that are in it then."""
        project, config = self.project, self.config
        project.reporter.planned(len(plan.added) + len(plan.changed))
        linked = config.install_strategy == "linked" and not project.is_global
        if plan.empty and not linked:  # there, links may change although no package does
            return set(wanted.values())
        for change in (*plan.added, *plan.changed):
            if change.node is not None:
                self.tarballs.start(change.node)
        if linked:
            installed = Linker(
                self.root,
                wanted,
                project.store,
                self.tarballs,
                project.reporter,
                private=self._allowed_scripts(wanted.values()),
                bin_links=config.bin_links,
            ).run()
        else:
            installed = Reifier(
                project.path,
                wanted,
                project.store,
                self.tarballs,
                project.reporter,
                bin_links=config.bin_links,
                commands=os.path.join(config.prefix, "bin") if project.is_global else None,
                force=config.force,
            ).run(plan)
            unlink_all(project.path)
        plan.added = [change for change in plan.added if change.node in installed]
        return installed

    def _consent(self, scripts: Scripts) -> Consent:
        from .consent import Consent

        return Consent(self.root.package, scripts.allowed, everything=scripts.everything)

    def _allowed_scripts(self, nodes: Iterable[Node]) -> list[Node]:
        """Those of `nodes` whose install scripts will run."""
        scripts = self.project.scripts
        if scripts is None or self.config.ignore_scripts:
            return []
        consent = self._consent(scripts)
        return [node for node in nodes if node.package.get("hasInstallScript") and consent.decision(node)]

    def _run_scripts(self, plan: Plan, real: bool) -> list[str]:
        """Runs what may run of the packages just put in; gives those that nobody has decided about.

        When one fails, those with scripts are taken out again, so that the next install runs them anew.
        """
        nodes = [
            change.node
            for change in (*plan.added, *plan.changed)
            if change.node is not None and change.node.package.get("hasInstallScript")
        ]
        scripts, config = self.project.scripts, self.config
        if scripts is None or not real or config.ignore_scripts or not nodes:
            return [node.pkgid for node in nodes]
        from .rebuild import run_scripts

        try:
            undecided = run_scripts(
                nodes,
                self._consent(scripts),
                node_program=scripts.node,
                reporter=self.project.reporter,
                foreground=scripts.foreground,
                settings=config.values,
            )
        except RegistryError:
            for node in nodes:
                shutil.rmtree(node.path, ignore_errors=True)
            raise
        order = [node.pkgid for node in nodes]
        return sorted((node.pkgid for node in undecided), key=order.index)
