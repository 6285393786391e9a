# SPDX-License-Identifier: Apache-2.0
"""An npm registry client, a content-addressed store and a hoisted install; nothing here knows JavaScript.

    from edgejs.registry_cache import install
    result = install(["lodash@4"], "path/to/project")
    print(result.summary())

Names are imported when they are first used, for a short start.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import RegistryClient
    from .config import Config
    from .errors import RegistryError
    from .fetch import fetch_tarball
    from .project import Project
    from .reporter import Reporter
    from .result import InstallResult
    from .spec import Spec
    from .store import Store

__all__ = [
    "Config",
    "InstallResult",
    "Project",
    "RegistryClient",
    "RegistryError",
    "Reporter",
    "Spec",
    "Store",
    "fetch_tarball",
    "install",
]

_HOME = {
    "Config": "config",
    "InstallResult": "result",
    "Project": "project",
    "RegistryClient": "client",
    "RegistryError": "errors",
    "Reporter": "reporter",
    "Spec": "spec",
    "Store": "store",
    "fetch_tarball": "fetch",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)


def install(
    specs: Sequence[str] = (),
    cwd: str = ".",
    *,
    save: bool = True,
    save_type: str | None = None,
    dry_run: bool = False,
    lock_only: bool = False,
    reporter: Reporter | None = None,
    **settings: Any,
) -> InstallResult:
    """Installs `specs`, or everything package.json asks for, into the folder `cwd`.

    `settings` are npm's configuration keys with underscores for dashes (``registry=``, ``offline=True``,
    ``omit=["dev"]``, ``node_version=``) and win over `.npmrc` and environment. Raises RegistryError
    with npm's codes.
    """
    from .config import Config
    from .project import Project

    overrides = {key.replace("_", "-"): value for key, value in settings.items()}
    if "cache" in overrides:
        overrides["edgejs-cache"] = overrides.pop("cache")
    project = Project(
        cwd,
        Config.load(cwd, overrides=overrides),
        reporter=reporter,
    )
    return project.install(specs, save=save, save_type=save_type, dry_run=dry_run, lock_only=lock_only)
