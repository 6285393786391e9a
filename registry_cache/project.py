# SPDX-License-Identifier: Apache-2.0
"""A project: a folder with a package.json, and what can be done to its node_modules and lock file."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from . import flags
from .client import RegistryClient
from .config import Config
from .errors import RegistryError, os_error
from .installation import Installation, Wishes
from .lockfile import LockFile
from .packagefile import SAVE_KEYS
from .platforms import Platform
from .reporter import Reporter
from .result import InstallResult
from .spec import parse
from .store import Store
from .transport import Transport
from .tree import Node

__all__ = ["Project", "Scripts"]

_AFTER = ("install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare")


class Scripts(NamedTuple):
    """Which install scripts run: those that package.json allows, `allowed` names more, or `everything`.

    `node` is the program that scripts find under that name (None: what PATH has). `own` runs the
    project's lifecycle scripts too, as ``npm install`` does.
    """

    node: str | None = None
    allowed: Sequence[str] = ()
    everything: bool = False
    foreground: bool = False
    own: bool = False


class Project:
    """A folder to install into.

    `cwd` is the folder itself; finding it from a deeper folder is the caller's business.
    `is_global` is for the folder of the global packages, which has no package.json.
    `config.node_version` is the Node to satisfy `engines` with; `transport` replaces HTTP in tests.
    """

    def __init__(
        self,
        cwd: str,
        config: Config | None = None,
        *,
        reporter: Reporter | None = None,
        transport: Transport | None = None,
        is_global: bool = False,
    ) -> None:
        self.is_global = is_global
        self.path = os.path.realpath(cwd)
        self.config = config or Config.load(self.path)
        self.reporter = reporter or Reporter()
        self.store = Store(self.config.cache)
        self._transport = transport
        self.scripts: Scripts | None = None
        """Set it to let scripts run; by default none does."""
        self._platform = Platform(self.config.os, self.config.cpu, self.config.libc)

    def install(
        self,
        specs: Sequence[str] = (),
        *,
        save: bool = True,
        save_type: str | None = None,
        dry_run: bool = False,
        lock_only: bool = False,
        workspaces: Sequence[str] = (),
        include_root: bool = False,
    ) -> InstallResult:
        """Adds `specs` (command-line arguments), if any, and installs everything.

        They are recorded in the package.json of `workspaces` (names or folders) when any is given.

        `save_type` is prod, dev, optional, peer or None (where the dependency already is). Raises
        RegistryError; the project is then as it was, or in a state that the next install completes.
        """
        if save_type is not None and save_type not in SAVE_KEYS:
            raise ValueError(f"save_type must be one of {', '.join(SAVE_KEYS)}")
        requests = [parse(arg) for arg in specs]
        return self._carry_out(
            Wishes(
                add=requests,
                save=save,
                lock=save,
                save_type=save_type,
                dry_run=dry_run,
                lock_only=lock_only,
                workspaces=list(workspaces),
                include_root=include_root,
            )
        )

    def uninstall(
        self,
        names: Sequence[str],
        *,
        save: bool = True,
        dry_run: bool = False,
        workspaces: Sequence[str] = (),
        include_root: bool = False,
    ) -> InstallResult:
        """Removes `names` from package.json, and from node_modules what nothing else needs.

        Raises RegistryError EUSAGE when no name is given.
        """
        if not names:
            raise RegistryError("EUSAGE", "Must provide a package name to remove")
        return self._carry_out(
            Wishes(
                remove=names,
                save=save,
                lock=save,
                dry_run=dry_run,
                workspaces=list(workspaces),
                include_root=include_root,
            )
        )

    def update(
        self, names: Sequence[str] = (), *, save: bool = False, dry_run: bool = False
    ) -> InstallResult:
        """Takes the newest versions that the ranges allow: of `names` wherever they are, or of everything.

        `save` moves the ranges of package.json on too. Raises RegistryError EUPDATEARGS for ``name@1``.
        """
        for name in names:
            if parse(name).name != name:
                text = "Update arguments must only contain package names, eg:\n"
                text += f"    edgejs update {parse(name).name}"
                raise RegistryError("EUPDATEARGS", text)
        wishes = Wishes(update=frozenset(names), update_all=not names, save=save, dry_run=dry_run)
        return self._carry_out(wishes)

    def prune(self, *, dry_run: bool = False) -> InstallResult:
        """Removes from node_modules what nothing asks for."""
        return self._carry_out(Wishes(dry_run=dry_run))

    def dedupe(self, *, dry_run: bool = False) -> InstallResult:
        """Looks again at every package that is there more than once, preferring copies that serve many."""

        def repeated(run: Installation, wishes: Wishes) -> None:
            names = [node.name for node in run.root.inventory.values()]
            wishes.update = frozenset(name for name in names if names.count(name) > 1)

        return self._carry_out(Wishes(prefer_dedupe=True, dry_run=dry_run), repeated)

    def audit(self, *, locked: bool = False) -> dict[str, Any]:
        """The registry's warnings about what is installed, or about the lock file: npm's JSON report.

        Raises RegistryError, E404 or E405 when the registry does not audit.
        """
        from . import audit

        if LockFile.load(self.path).data is None:
            text = "This command requires an existing lockfile.\n"
            text += "Try creating one first with: edgejs i --package-lock-only"
            raise RegistryError("ENOLOCK", text)
        with self.client(full=False) as client:
            root = Installation(self, client).look(locked=locked)
            return audit.report(root, audit.audit(root, client))

    def fix(self, *, dry_run: bool = False, lock_only: bool = False) -> InstallResult:
        """Replaces vulnerable packages by versions in range that are not (``npm audit fix``).

        With ``force`` also by versions that package.json does not allow, which it does then.
        """

        def vulnerable(run: Installation, wishes: Wishes) -> None:
            from .audit import audit

            flags.reset(run.root.inventory.values())
            flags.calculate(run.root)
            found = audit(run.root, run.client)
            run.client.avoid = {name: one.range for name, one in found.items()}
            wishes.update = frozenset(node.name for one in found.values() for node in one.nodes)
            fixes = [one.fix for one in found.values() if self.config.force and one.stuck]
            wishes.add = [parse(f"{fix['name']}@{fix['version']}") for fix in fixes if isinstance(fix, dict)]

        return self._carry_out(Wishes(dry_run=dry_run, lock_only=lock_only), vulnerable)

    def _carry_out(
        self, wishes: Wishes, prepare: Callable[[Installation, Wishes], None] | None = None
    ) -> InstallResult:
        """The common course: load, build, apply; `prepare` completes the wishes for the loaded tree."""
        started = time.monotonic()
        with self._guard(), self.client(full=wishes.lock_only) as client:
            run = Installation(self, client)
            own = not (wishes.dry_run or wishes.lock_only or wishes.add or self.is_global)
            if self.is_global:
                wishes.save = wishes.lock = False
            if own:
                self._run_own("preinstall")
            run.load(fresh=wishes.update_all)
            if prepare is not None:
                prepare(run, wishes)
            run.build(wishes)
            result = run.apply(wishes)
            if own:
                self._run_own(*_AFTER)
        result.seconds = time.monotonic() - started
        return result

    def ci(self, *, dry_run: bool = False, keep_modules: bool = False) -> InstallResult:
        """Installs exactly what the lock file says, into an emptied node_modules (``npm ci``).

        With `keep_modules` what is there already and right is kept (``--frozen-lockfile``).
        Raises RegistryError EUSAGE when there is no lock file or it does not fit package.json.
        """
        started = time.monotonic()
        wishes = Wishes(save=False, lock=False, dry_run=dry_run)
        with self._guard(), self.client(full=False) as client:
            run = Installation(self, client)
            if not dry_run:
                self._run_own("preinstall")
            run.load()
            run.check_lock_exists()
            before = {location: (node.name, node.version) for location, node in run.root.inventory.items()}
            run.build(wishes)
            run.check_lock_fits(before)
            if not dry_run and not keep_modules:
                run.empty_modules()
            result = run.apply(wishes)
            if not dry_run:
                self._run_own(*_AFTER)
        result.seconds = time.monotonic() - started
        return result

    def _run_own(self, *events: str) -> None:
        """The project's own scripts, if they are to run."""
        if self.scripts is None or not self.scripts.own or self.config.ignore_scripts:
            return
        from .rebuild import run_project_scripts

        run_project_scripts(self.path, events, node_program=self.scripts.node, settings=self.config.values)

    def tree(self, *, locked: bool = False) -> Node:
        """The tree of node_modules as it is, or with `locked` that of the lock file, with its flags."""
        with self.client(full=False) as client:
            run = Installation(self, client)
            return run.look(locked=locked)

    def client(self, *, full: bool) -> RegistryClient:
        return RegistryClient(
            self.config,
            transport=self._transport,
            reporter=self.reporter,
            full_metadata=full,
        )

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        """One install at a time in this project; a second one waits for the first."""
        import fcntl

        name = hashlib.sha256(self.path.encode()).hexdigest()[:32]
        folder = os.path.join(self.config.cache, "locks")
        try:
            os.makedirs(folder, exist_ok=True)
            lock = os.open(os.path.join(folder, f"{name}.lock"), os.O_RDWR | os.O_CREAT, 0o644)
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError as error:
            raise os_error(error, "open", folder) from error
        try:
            yield
        finally:
            os.close(lock)

    def direct(self, root: Node) -> dict[str, str]:
        """Name and version of each installed dependency of the project itself."""
        return {
            name: edge.to.version
            for name, edge in sorted(root.edges_out.items())
            if edge.to is not None and not edge.to.inert
        }
