# SPDX-License-Identifier: Apache-2.0
"""Flags that commands share, and how they become npm settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = ["common", "settings", "tree_shape"]

_Function = TypeVar("_Function", bound=Callable[..., Any])

_NOT_SETTINGS = frozenset(
    (
        "as_json",
        "log_format",
        "dry_run",
        "progress",
        "quiet",
        "silent",
        "loglevel",
        "prefix",
        "workspace",
        "workspaces",
        "include_workspace_root",
        "is_global",
        "verbose",
    )
)
_RENAMED = {"cache": "edgejs-cache", "os_name": "os"}


def _flag(*names: str, **more: Any) -> Any:
    """A switch that overrides nothing unless it is given."""
    return click.option(*names, is_flag=True, default=None, **more)


_VALUES = (
    "ca",
    "fetch-retry-factor",
    "fetch-retry-maxtimeout",
    "fetch-retry-mintimeout",
    "https-proxy",
    "min-release-age-exclude",
    "node-version",
    "noproxy",
    "script-shell",
)
_SWITCHES = (
    "audit",
    "bin-links",
    "color",
    "fund",
    "install-links",
    "omit-lockfile-registry-resolved",
    "strict-ssl",
    "timing",
    "update-notifier",
)
"""npm's settings that are seldom given as flags; every command takes them, as with npm."""

_COMMON = (
    click.option("--registry", metavar="URL", help="The registry to ask"),
    _flag("--offline", help="Use only what is in the store"),
    _flag("--prefer-offline", help="Do not ask again for what is in the store"),
    _flag("--prefer-online", help="Ask even for what is fresh in the store"),
    click.option("--cache", metavar="DIR", help="The store's folder"),
    click.option("-C", "--prefix", "--cwd", "prefix", metavar="DIR", help="The project's folder"),
    click.option("-g", "--global", "is_global", is_flag=True, help="Of the global packages, not a project"),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON document"),
    click.option("--progress/--no-progress", default=True, help="Show a progress line on a terminal"),
    click.option(
        "--log-format",
        type=click.Choice(["text", "ndjson"]),
        default="text",
        help="What stderr gets: text, or events as JSON lines",
    ),
    click.option("-q", "--quiet", is_flag=True, help="No warnings"),
    click.option("-s", "--silent", is_flag=True, help="Print nothing but the exit code"),
    click.option("--verbose", is_flag=True, hidden=True),
    click.option(
        "--loglevel", metavar="LEVEL", help="silent, error, warn, notice, http, info, verbose, silly"
    ),
    click.option(
        "-w", "--workspace", multiple=True, metavar="NAME", help="Only for this workspace (name or folder)"
    ),
    click.option("--workspaces/--no-workspaces", default=None, help="For every workspace, or for none"),
    click.option("--include-workspace-root", is_flag=True, help="Also for the project itself"),
    click.option("--userconfig", metavar="FILE", help="The user's npmrc"),
    click.option("--globalconfig", metavar="FILE", help="The global npmrc"),
    click.option("--fetch-retries", type=int, metavar="N", help="How often to try again"),
    click.option("--fetch-timeout", type=int, metavar="MS", help="How long to wait for an answer"),
    click.option(
        "--maxsockets",
        "--network-concurrency",
        "maxsockets",
        type=int,
        metavar="N",
        help="Connections at a time",
    ),
    click.option("--cafile", metavar="FILE", help="Certificate authorities to trust"),
    click.option("--proxy", metavar="URL", help="Proxy for requests"),
    *(click.option(f"--{key}", metavar="VALUE", hidden=True) for key in _VALUES),
    *(click.option(f"--{key}/--no-{key}", default=None, hidden=True) for key in _SWITCHES),
)

_TREE_SHAPE = (
    click.option(
        "--omit", multiple=True, metavar="TYPE", help="Leave out dev, optional or peer dependencies"
    ),
    click.option("--include", multiple=True, metavar="TYPE", help="Take what --omit or NODE_ENV leaves out"),
    _flag("--production", "--prod", "production", help="The same as --omit=dev"),
    click.option("--dry-run", is_flag=True, help="Say what would be done and do nothing"),
    _flag("--ignore-scripts", help="Run no install scripts, whatever is allowed"),
    click.option(
        "--allow-scripts", multiple=True, metavar="NAME", help="Run the install scripts of these packages"
    ),
    click.option(
        "--dangerously-allow-all-scripts", "all_scripts", is_flag=True, help="Run all install scripts"
    ),
    click.option("--foreground-scripts", is_flag=True, help="Show what install scripts print"),
    click.option(
        "--install-strategy",
        "--linker",
        metavar="NAME",
        help="hoisted (the default), nested, shallow, linked",
    ),
    _flag("-f", "--force", help="Override conflicts and platform checks"),
    _flag("--legacy-peer-deps", help="Ignore peer dependencies"),
    _flag("--strict-peer-deps", help="Fail on every peer conflict"),
    _flag("--engine-strict", help="Fail when a package wants another Node"),
    click.option("--os", "os_name", metavar="NAME", help="Install for this operating system"),
    click.option("--cpu", metavar="NAME", help="Install for this processor"),
    click.option("--libc", metavar="NAME", help="Install for this C library"),
    click.option("--before", metavar="DATE", help="Choose only versions that were published by then"),
    click.option("--min-release-age", metavar="DAYS", help="Choose only versions at least this old"),
    click.option("--package-lock/--no-package-lock", default=None, help="Read and write the lock file"),
)


def common(function: _Function) -> _Function:
    """The flags of every command: where, from which registry, how loud."""
    for option in reversed(_COMMON):
        function = option(function)
    return function


def tree_shape(function: _Function) -> _Function:
    """The flags of the commands that change node_modules, the common ones included."""
    function = common(function)
    for option in reversed(_TREE_SHAPE):
        function = option(function)
    return function


def settings(options: dict[str, Any]) -> dict[str, Any]:
    """Flags as npm configuration; what was not given does not override."""
    found = {}
    for name, value in options.items():
        if name in _NOT_SETTINGS or value is None or value == ():
            continue
        key = _RENAMED.get(name, name.replace("_", "-"))
        found[key] = list(value) if isinstance(value, tuple) else value
    return found
