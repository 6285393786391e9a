# SPDX-License-Identifier: Apache-2.0
"""Installing: from a folder with a package.json to a folder with node_modules and a lock file.

The order makes every failure harmless: the tree is worked out, everything is fetched and staged,
node_modules changes by renames, and package.json and the lock file are written last.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from typing import Any

from . import actual, flags, jsonfile
from .bundles import unpack_bundle
from .client import RegistryClient
from .config import Config
from .errors import RegistryError, os_error
from .explain import render
from .ideal import IdealTree
from .lockfile import HIDDEN, LockFile, fill_tree, lock_text
from .packagefile import SAVE_KEYS, PackageFile, saved_range
from .place import Policy
from .platforms import Platform
from .reify import Plan, Reifier
from .reporter import Reporter
from .result import InstallResult
from .spec import Spec, parse, require_registry
from .store import Store
from .tarballs import Tarballs
from .transport import Transport
from .tree import Node

__all__ = ["Project"]

_REFUSED = ("workspaces", "overrides")


class Project:
    """A folder to install into.

    `cwd` is the folder itself; finding it from a deeper folder is the caller's business.
    `config.node_version` is the Node to satisfy `engines` with; `transport` replaces HTTP in tests.
    """

    def __init__(
        self,
        cwd: str,
        config: Config | None = None,
        *,
        reporter: Reporter | None = None,
        transport: Transport | None = None,
    ) -> None:
        self.path = os.path.realpath(cwd)
        self.config = config or Config.load(self.path)
        self.reporter = reporter or Reporter()
        self.store = Store(self.config.cache)
        self._transport = transport
        self._platform = Platform(self.config.os, self.config.cpu, self.config.libc)

    def install(
        self,
        specs: Sequence[str] = (),
        *,
        save: bool = True,
        save_type: str | None = None,
        dry_run: bool = False,
        lock_only: bool = False,
    ) -> InstallResult:
        """Adds `specs` (command-line arguments), if any, and installs everything.

        `save_type` is prod, dev, optional, peer or None (where the dependency already is). Raises
        RegistryError; the project is then as it was, or in a state that the next install completes.
        """
        if save_type is not None and save_type not in SAVE_KEYS:
            raise ValueError(f"save_type must be one of {', '.join(SAVE_KEYS)}")
        started = time.monotonic()
        requests = [require_registry(parse(arg)) for arg in specs]
        with self._guard(), self._client(full=lock_only) as client:
            run = _Run(self, client)
            run.load()
            run.build(requests, save, save_type)
            result = run.apply(requests, save=save, save_type=save_type, dry_run=dry_run, lock_only=lock_only)
        result.seconds = time.monotonic() - started
        return result

    def ci(self, *, dry_run: bool = False, keep_modules: bool = False) -> InstallResult:
        """Installs exactly what the lock file says, into an emptied node_modules (``npm ci``).

        With `keep_modules` what is there already and right is kept (``--frozen-lockfile``).
        Raises RegistryError EUSAGE when there is no lock file or it does not fit package.json.
        """
        started = time.monotonic()
        with self._guard(), self._client(full=False) as client:
            run = _Run(self, client)
            run.load()
            run.check_lock_exists()
            before = {location: (node.name, node.version) for location, node in run.root.inventory.items()}
            run.build([], False, None)
            run.check_lock_fits(before)
            if not dry_run and not keep_modules:
                run.empty_modules()
            result = run.apply([], save=False, save_type=None, dry_run=dry_run, lock_only=False)
        result.seconds = time.monotonic() - started
        return result

    def _client(self, *, full: bool) -> RegistryClient:
        return RegistryClient(
            self.config,
            transport=self._transport,
            reporter=self.reporter,
            full_metadata=full,
        )

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        """One install at a time in this project; a second one waits for the first."""
        from filelock import FileLock

        name = hashlib.sha256(self.path.encode()).hexdigest()[:32]
        folder = os.path.join(self.config.cache, "locks")
        try:
            os.makedirs(folder, exist_ok=True)
            lock = FileLock(os.path.join(folder, f"{name}.lock"))
            lock.acquire()
        except OSError as error:
            raise os_error(error, "open", folder) from error
        try:
            yield
        finally:
            lock.release()

    def direct(self, root: Node) -> dict[str, str]:
        """Name and version of each installed dependency of the project itself."""
        return {
            name: edge.to.version
            for name, edge in sorted(root.edges_out.items())
            if edge.to is not None and not edge.to.inert
        }


class _Run:
    """One install under way: the state that its steps share."""

    def __init__(self, project: Project, client: RegistryClient) -> None:
        self.project = project
        self.client = client
        self.config = project.config
        self.tarballs = Tarballs(client, project.store, project.reporter)
        self.warnings: list[str] = []

    def load(self) -> None:
        """Reads package.json, the lock file and node_modules into `root` and `actual`."""
        path = self.project.path
        self.file = PackageFile.load(path)
        for key in _REFUSED:
            if self.file.original.get(key):
                raise RegistryError(
                    "ENOTSUPPORTED", f"`{key}` in package.json is not supported yet", {"path": self.file.path}
                )
        self.lock = (
            LockFile.load(path)
            if self.config.package_lock
            else LockFile(os.path.join(path, "package-lock.json"), None, None)
        )
        self.actual = actual.load(path, self.lock.packages)
        self.root = Node(
            os.path.basename(path), self.file.package, project=True, legacy_peers=self.config.legacy_peer_deps
        )
        self.from_disk = self.lock.data is not None or bool(self.actual)
        fill_tree(self.root, self.lock.packages if self.lock.data is not None else self.actual)

    def build(self, requests: Sequence[Spec], save: bool, save_type: str | None) -> None:
        """Completes the tree, asking the registry, with tarballs already on their way."""
        config, project = self.config, self.project
        for spec in requests:
            raw = spec.raw
            if spec.type == "tag":  # npm turns a tag into the version behind it before anything else
                raw = str(self.client.manifest(spec)["version"])
            self.file.add(spec.name, raw, save_type)
        if requests:
            self.root.set_package(self.file.package)
        policy = Policy(
            force=config.force,
            strict_peers=config.strict_peer_deps,
            prefer_dedupe=config.prefer_dedupe,
            legacy_peers=config.legacy_peer_deps,
            warn=self._peer_given_up,
        )
        builder = IdealTree(
            self.root,
            self.client,
            policy,
            explicit=frozenset(spec.name for spec in requests),
            save=save,
            reporter=project.reporter,
            placed=self._fetch_early,
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
        import shutil

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

    def apply(
        self, requests: Sequence[Spec], *, save: bool, save_type: str | None, dry_run: bool, lock_only: bool
    ) -> InstallResult:
        """Changes the disk: node_modules first, then package.json and the lock file."""
        config, project = self.config, self.project
        wanted = {
            location: node
            for location, node in self.root.inventory.items()
            if location and not node.inert and not flags.should_omit(node, config.omit)
        }
        plan = Plan(wanted, self.actual)
        if not dry_run and not lock_only:
            self._reify(plan, wanted)
        if save and not dry_run:
            self._save(requests, save_type)
        project.reporter.finish()
        return InstallResult(
            plan,
            project.direct(self.root),
            [spec.name for spec in requests],
            self.warnings,
            _with_scripts(plan),
        )

    def _reify(self, plan: Plan, wanted: dict[str, Node]) -> None:
        project, config = self.project, self.config
        project.reporter.planned(len(plan.added) + len(plan.changed))
        if plan.empty and not wanted:
            return
        if plan.empty:
            self._write_hidden(set(wanted.values()))
            return
        for change in (*plan.added, *plan.changed):
            if change.node is not None:
                self.tarballs.start(change.node)
        reifier = Reifier(
            project.path, wanted, project.store, self.tarballs, project.reporter, bin_links=config.bin_links
        )
        installed = reifier.run(plan)
        plan.added = [change for change in plan.added if change.node in installed]
        self._write_hidden(installed)

    def _write_hidden(self, installed: set[Node]) -> None:
        """The hidden lock file; its time must not be before that of any folder it speaks of."""
        hidden = os.path.join(self.project.path, HIDDEN)
        text = lock_text(
            self.root,
            self.project.path,
            self._style(),
            hidden=True,
            installed=installed,
            omit_resolved=self.config.omit_lockfile_registry_resolved,
        )
        if jsonfile.write(hidden, text):
            os.utime(hidden)

    def _style(self) -> jsonfile.Style:
        if self.file.exists and self.file.style.indent:
            return self.file.style
        return self.lock.style or jsonfile.Style()

    def _save(self, requests: Sequence[Spec], save_type: str | None) -> None:
        config = self.config
        prefix = "" if config.save_exact else config.save_prefix
        for spec in requests:
            edge = self.root.edges_out.get(spec.name)
            if edge is None or edge.to is None:
                continue
            requested = spec if edge.spec == spec.raw else parse(f"{spec.name}@{edge.spec}")
            self.file.save_spec(spec.name, saved_range(requested, edge.to.version, prefix), save_type)
        if requests:
            self.root.set_package(self.file.package)
        lock = None
        if config.package_lock:
            lock = lock_text(
                self.root,
                self.project.path,
                self._style(),
                omit_resolved=config.omit_lockfile_registry_resolved,
            )
        if requests:
            self.file.save()
        if lock is not None:
            jsonfile.write(self.lock.path, lock)


def _with_scripts(plan: Plan) -> list[str]:
    """The packages just put in whose install scripts were not run."""
    return [
        change.node.pkgid
        for change in (*plan.added, *plan.changed)
        if change.node is not None and change.node.package.get("hasInstallScript")
    ]
