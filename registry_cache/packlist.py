# SPDX-License-Identifier: Apache-2.0
"""Which files of a package go into its tarball (npm-packlist).

Rules are .gitignore's, asked in this order, the last match counting: npm's defaults; ``files`` of
package.json, else ``.npmignore``, else ``.gitignore``; what is always or never packed. A folder below has the
same with its own ignore file, and only chooses among what the folders above left in.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from .order import locale_key

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["pack_list"]

_DEFAULTS = (
    ".npmignore",
    ".gitignore",
    *(name for folder in (".git", ".svn", ".hg", "CVS") for name in (f"**/{folder}", f"**/{folder}/**")),
    "/.lock-wscript",
    "/.wafpickle-*",
    "/build/config.gypi",
    "npm-debug.log",
    "**/.npmrc",
    ".*.swp",
    ".DS_Store",
    "**/.DS_Store/**",
    "._*",
    "**/._*/**",
    "*.orig",
    "/archived-packages/**",
)
_NEVER = (
    "/.git",
    "/node_modules",
    ".npmrc",
    "/package-lock.json",
    "/yarn.lock",
    "/pnpm-lock.yaml",
    "/bun.lockb",
)
_ALWAYS = re.compile(r"(?:readme|copying|license|licence)(?:\..*[^~$])?", re.IGNORECASE)


class _Level(NamedTuple):
    """The rules of one folder, which is named by its path from the package with a slash at the end."""

    folder: str
    rules: list[GitIgnoreSpec]


def pack_list(folder: str, package: Mapping[str, Any], skip: Iterable[str] = ()) -> list[str]:
    """Paths of the files in npm's order, relative to `folder` and with slashes.

    `package` is its normalised package.json; `skip` holds folders that are left out, as the workspaces of
    a project are.
    """
    walk = _Walk(folder, package, skip)
    walk.enter("", [])
    return sorted(walk.found, key=_compressible)


def _compressible(path: str) -> tuple[Any, ...]:
    """npm's order: by extension, name, path."""
    base = os.path.basename(path)
    return locale_key(os.path.splitext(base)[1].lower()), locale_key(base.lower()), locale_key(path)


class _Walk:
    def __init__(self, folder: str, package: Mapping[str, Any], skip: Iterable[str]) -> None:
        self._folder = folder
        self._defaults = _spec([*_DEFAULTS, *(f"/{one}" for one in skip)])
        self._wanted, self._required = _wanted(folder, package)
        self.found: list[str] = []

    def enter(self, below: str, levels: list[_Level]) -> None:
        """Takes what belongs into the tarball from the folder `below` ("" or a path that ends in a slash)."""
        levels = [*levels, _Level(below, self._rules(below))]
        with os.scandir(os.path.join(self._folder, below)) as entries:
            for entry in entries:
                path = below + entry.name
                if "*" in entry.name:
                    continue  # no name for a file on Windows
                if entry.is_dir(follow_symlinks=False):
                    if path != "node_modules" and entry.name != ".git":
                        self.enter(f"{path}/", levels)
                elif entry.is_file(follow_symlinks=False) and self._included(path, levels):
                    self.found.append(path)

    def _rules(self, below: str) -> list[GitIgnoreSpec]:
        if not below and self._wanted is not None:
            chosen = [self._wanted]
        else:
            chosen = []
            for name in (".npmignore", ".gitignore"):
                path = os.path.join(self._folder, below, name)
                if os.path.isfile(path):
                    with open(path, encoding="utf-8", errors="replace") as file:
                        chosen = [_spec(file.read().splitlines())]
                    break
        return [self._defaults, *chosen]

    def _included(self, path: str, levels: list[_Level]) -> bool:
        if path in self._required or ("/" not in path and _ALWAYS.fullmatch(path)):
            return True
        if _never(path):
            return False
        included = True
        for level in levels:
            for rules in level.rules:
                ignored = rules.check_file(path[len(level.folder) :]).include
                if ignored is not None:
                    included = not ignored
            if not included:
                return False
        return True


def _wanted(folder: str, package: Mapping[str, Any]) -> tuple[GitIgnoreSpec | None, set[str]]:
    """The rules that ``files`` makes, if there is any, and the files that are packed whatever a rule says."""
    main, browser, commands = package.get("main"), package.get("browser"), package.get("bin")
    named = [main, browser, *(commands.values() if isinstance(commands, dict) else ())]
    required = {os.path.normpath(one) for one in named if isinstance(one, str)} | {"package.json"}
    files = package.get("files")
    if not isinstance(files, list):
        return None, required
    rules = ["*"]
    for pattern in map(str, files):
        pattern = pattern[1:] if pattern.startswith("./") else pattern
        pattern = f"{pattern}*" if pattern.endswith("/*") else pattern
        path = os.path.join(folder, pattern.lstrip("!/"))
        if os.path.isfile(path) and not os.path.islink(path):
            if not pattern.startswith("!"):
                required.add(os.path.normpath(pattern.lstrip("/")))
                continue
        elif os.path.isdir(path):
            rules.append(_inverse(f"{pattern.rstrip('/')}/**"))
        rules.append(_inverse(pattern))
    return _spec(rules), required


def _inverse(pattern: str) -> str:
    return pattern[1:] if pattern.startswith("!") else f"!{pattern}"


def _never(path: str) -> bool:
    return _spec(_NEVER).match_file(path)


def _spec(lines: Iterable[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)
