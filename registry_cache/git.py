# SPDX-License-Identifier: Apache-2.0
"""The `git` command: which commit a spec means, its files, and which of them belong to the package."""

from __future__ import annotations

import contextlib
import fnmatch
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from typing import Any

from . import semver
from .archive import Member
from .errors import RegistryError, os_error
from .gitspec import GitSpec

__all__ = ["checkout", "packed_files", "resolve_commit"]

_NEVER = (".git", "node_modules", ".svn", ".hg", "CVS", ".DS_Store", ".npmrc", "package-lock.json")
_ALWAYS = ("package.json", "readme", "readme.*", "license", "license.*", "licence", "licence.*", "copying")


def _git(arguments: list[str], cwd: str | None = None) -> str:
    """Runs git, which must ask nobody anything; RegistryError ENOGIT, or git's exit code and words."""
    environment = os.environ | {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "GIT_SSH_COMMAND": os.environ.get("GIT_SSH_COMMAND", "ssh -oBatchMode=yes"),
        "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
    }
    command = ["git", "--no-replace-objects", *arguments]
    try:
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise RegistryError("ENOGIT", "No git binary found in $PATH") from error
    if done.returncode:
        raise RegistryError(
            str(done.returncode),
            f"An unknown git error occurred\ncommand {' '.join(command)}\n{done.stderr.rstrip()}",
        )
    return done.stdout


def _first(spec: GitSpec, arguments: list[str], rest: list[str], cwd: str | None = None) -> str:
    """Runs git with each address of the repository until one answers; the last error counts."""
    for number, url in enumerate(spec.urls, 1):
        try:
            return _git([*arguments, "--", url, *rest], cwd)
        except RegistryError as error:
            if number == len(spec.urls) or error.code == "ENOGIT":
                raise
    raise AssertionError("a spec has an address")


def resolve_commit(spec: GitSpec, *, offline: bool = False) -> str:
    """The full commit that `spec` means now. Raises RegistryError ENOTCACHED, ENOVERSIONS, or git's code."""
    if spec.commit:
        return spec.commit
    if offline:
        raise RegistryError("ENOTCACHED", f"{spec.saved} cannot be looked up offline", {"pkgid": spec.saved})
    refs: dict[str, str] = {}
    for line in _first(spec, ["ls-remote"], []).splitlines():
        commit, _, name = line.partition("\t")
        refs[name.removesuffix("^{}")] = commit  # the commit behind an annotated tag comes last
    if spec.range:
        tags = [name[10:] for name in refs if name.startswith("refs/tags/") and semver.valid(name[10:])]
        fitting = [tag for tag in tags if semver.satisfies(tag, spec.range)]
        if not fitting:
            raise RegistryError("ENOVERSIONS", f"No version of {spec.saved} satisfies {spec.range}")
        return refs["refs/tags/" + max(fitting, key=lambda tag: semver.sort_key(semver.valid(tag) or ""))]
    wanted = spec.committish or "HEAD"
    for prefix in ("", "refs/tags/", "refs/heads/", "refs/"):
        if prefix + wanted in refs:
            return refs[prefix + wanted]
    with checkout(spec, wanted) as folder:  # a short commit: only a clone can tell
        return _git(["rev-parse", "HEAD"], folder).strip()


@contextlib.contextmanager
def checkout(spec: GitSpec, committish: str) -> Iterator[str]:
    """A folder with the files of a commit, submodules included; gone afterwards."""
    folder = tempfile.mkdtemp(prefix="edgejs-git-")
    try:
        _git(["init", "--quiet"], folder)
        try:
            _first(spec, ["fetch", "--quiet", "--depth=1"], [committish], folder)
            _git(["checkout", "--quiet", "FETCH_HEAD"], folder)
        except RegistryError as error:
            if error.code == "ENOGIT":
                raise
            # not every server gives out a single commit, and none a shortened one
            _first(spec, ["fetch", "--quiet", "--tags"], ["+refs/heads/*:refs/remotes/origin/*"], folder)
            _git(["checkout", "--quiet", "--detach", committish], folder)
        if os.path.exists(os.path.join(folder, ".gitmodules")):
            _git(["submodule", "update", "--quiet", "--init", "--recursive"], folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _matches(path: str, pattern: str) -> bool:
    """Does `pattern` (an entry of ``files`` or of an ignore file) cover `path`?"""
    anchored = "/" in pattern.rstrip("/")
    pattern = pattern.strip("/").removeprefix("./")
    pattern = pattern.removesuffix("/**").removesuffix("/*") if pattern.endswith(("/**", "/*")) else pattern
    parts = path.split("/")
    for length in range(1, len(parts) + 1):
        head = "/".join(parts[:length])
        candidates = (head,) if anchored else (head, parts[length - 1])
        if any(fnmatch.fnmatchcase(one, pattern.replace("**/", "*")) for one in candidates):
            return True
    return False


def _ignored(folder: str) -> list[str]:
    for name in (".npmignore", ".gitignore"):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                return [line.strip() for line in file if line.strip() and not line.startswith("#")]
    return []


def packed_files(folder: str, package: dict[str, Any]) -> Iterator[Member]:
    """The files that `npm pack` would take: those that ``files`` names, else all that is not ignored."""
    listed = package.get("files")
    wanted = [str(one) for one in listed] if isinstance(listed, list) else None
    ignored = _ignored(folder)
    kept = {str(package.get("main") or "").removeprefix("./"), *(package.get("bin") or {}).values()}
    for above, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _NEVER)
        for name in sorted(names):
            full = os.path.join(above, name)
            path = os.path.relpath(full, folder)
            if name in _NEVER or name in (".gitignore", ".npmignore", ".gitmodules") or os.path.islink(full):
                continue
            always = path in kept or (
                above == folder and any(fnmatch.fnmatchcase(name.lower(), one) for one in _ALWAYS)
            )
            if not always:
                if wanted is not None and not any(_matches(path, one) for one in wanted):
                    continue
                if wanted is None and any(_matches(path, one) for one in ignored):
                    continue
            try:
                with open(full, "rb") as file:
                    yield Member(path, bool(os.stat(full).st_mode & 0o111), file.read())
            except OSError as error:
                raise os_error(error, "read", full) from error
