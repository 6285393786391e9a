# SPDX-License-Identifier: Apache-2.0
"""What the user or a package.json asks for, as npm-package-arg reads it."""

from __future__ import annotations

import functools
import os
import re
from urllib.parse import quote

from . import semver
from .errors import RegistryError, unsupported

__all__ = ["REGISTRY_TYPES", "Spec", "escape_name", "local_path", "parse", "require_registry", "resolve"]

REGISTRY_TYPES = frozenset({"version", "range", "tag", "alias"})
_URL = re.compile(r"(?:git\+)?[a-z][a-z0-9+.-]*:", re.I)
_FILE_PATH = re.compile(r"(?:\.{1,2}(?:[/\\]|$)|[/\\]|~[/\\]|[a-zA-Z]:[/\\]|file:|link:)")
_TARBALL = re.compile(r"\.(?:tgz|tar\.gz|tar)$", re.I)
_SHORTCUT = re.compile(r"[^@/\s][^/\s]*/[^/\s]+$")
_GIT_HOST = re.compile(r"(?:git\+|git:|git@|ssh:|github:|gitlab:|bitbucket:|gist:)", re.I)
_BAD_NAMES = ("node_modules", "favicon.ico")


class Spec:
    """One request: `name` is the folder it gets, `raw` the text after the ``@``.

    `type` is one of version, range, tag, alias, git, remote, file, directory, workspace;
    `fetch_spec` is `raw` without blanks; `target` is the registry spec behind an alias.
    """

    __slots__ = ("fetch_spec", "name", "raw", "target", "type")

    def __init__(self, name: str, raw: str, kind: str, target: Spec | None = None) -> None:
        self.name = name
        self.raw = raw
        self.type = kind
        self.fetch_spec = raw.strip()
        self.target = target

    @property
    def registry(self) -> Spec:
        """The spec to ask the registry for: the aliased one, or this one."""
        return self.target or self

    def __str__(self) -> str:
        return f"{self.name}@{self.raw}"

    def __repr__(self) -> str:
        return f"<Spec {self.type} {self}>"


def escape_name(name: str) -> str:
    """The name as one URL path segment: ``@scope%2fname``."""
    return quote(name, safe="@").replace("%2F", "%2f")


def local_path(raw: str, base: str) -> str:
    """The absolute path that a ``file:`` or ``link:`` spec, or a bare path, means for who is at `base`."""
    text = raw.strip()
    for prefix in ("file:", "link:"):
        if text.startswith(prefix):
            text = text[len(prefix) :]
            if text.startswith("//"):
                text = "/" + text.lstrip("/")
            break
    return os.path.normpath(os.path.join(base, os.path.expanduser(text)))


def _check_name(name: str, arg: str) -> None:
    problems = []
    if not name:
        problems.append("name length must be greater than zero")
    if name.startswith("."):
        problems.append("name cannot start with a period")
    if name.startswith("_"):
        problems.append("name cannot start with an underscore")
    if name.strip() != name:
        problems.append("name cannot contain leading or trailing spaces")
    if name.lower() in _BAD_NAMES:
        problems.append(f"{name.lower()} is not a valid package name")
    scoped = name.startswith("@")
    scope, slash, rest = name.partition("/") if scoped else ("@x", "/", name)
    friendly = bool(slash) and all(part and quote(part, safe="!~*'()") == part for part in (scope[1:], rest))
    if name and (not friendly or (scoped and rest.startswith("."))):
        problems.append("name can only contain URL-friendly characters")
    if problems:
        text = "; ".join(dict.fromkeys(problems))
        raise RegistryError(
            "EINVALIDPACKAGENAME",
            f'Invalid package name "{name}" of package "{arg}": {text}.',
            {"name": name},
        )


def _kind(raw: str) -> str:
    """Which of npm's spec types a text is that is neither an alias nor for the registry; '' if it is.

    Raises RegistryError EUNSUPPORTEDPROTOCOL for an address that is none of them.
    """
    if raw.startswith("workspace:"):
        return "workspace"
    if _FILE_PATH.match(raw):
        return "file" if _TARBALL.search(raw) and not raw.startswith("link:") else "directory"
    if _GIT_HOST.match(raw):
        return "git"
    if _URL.match(raw):
        if re.search(r"\.git(?:#|$)", raw):
            return "git"
        if not re.match(r"https?:", raw, re.I):
            raise unsupported(raw.partition(":")[0] + ":", raw)
        return "remote"
    if _TARBALL.search(raw):
        return "file"
    if "/" in raw or "\\" in raw:
        return "git" if _SHORTCUT.match(raw) else "directory"
    return ""


@functools.cache
def resolve(name: str, raw: str) -> Spec:
    """The spec of a dependency entry ``name: raw``.

    Raises RegistryError EINVALIDPACKAGENAME, EINVALIDTAGNAME or EUNSUPPORTEDPROTOCOL.
    """
    arg = f"{name}@{raw}"
    _check_name(name, arg)
    text = raw.strip() or "*"
    if text[:4].lower() == "npm:":
        target = parse(text[4:])
        if target.type == "alias":
            raise RegistryError("EALIASNESTED", "nested aliases not supported", {"spec": arg})
        if target.type not in REGISTRY_TYPES:
            raise RegistryError("EALIASTYPE", "aliases only work for registry deps", {"spec": arg})
        return Spec(name, text, "alias", target)
    kind = _kind(text)
    if kind:
        return Spec(name, text, kind)
    version = semver.valid(text)
    if version is not None:
        return Spec(name, text, "version")
    if semver.is_range(text):
        return Spec(name, text, "range")
    if quote(text, safe="!~*'()") != text:
        raise RegistryError(
            "EINVALIDTAGNAME",
            f'Invalid tag name "{text}" of package "{arg}": Tags may not have any characters that '
            "encodeURIComponent encodes.",
            {"spec": arg},
        )
    return Spec(name, text, "tag")


def parse(arg: str) -> Spec:
    """A command-line argument: ``name``, ``name@spec``, ``@scope/name@spec``, ``name@npm:other@1``."""
    if _GIT_HOST.match(arg):  # its own @ separates user and host
        return Spec("", arg, "git")
    at = arg.find("@", 1)
    head = arg[:at] if at > 0 else arg
    scoped = head.startswith("@") and "/" in head
    if _kind(head if not scoped else "") or (head.startswith("@") and not scoped):
        kind = _kind(arg)
        if kind:
            return Spec("", arg, kind)
    return resolve(head, arg[at + 1 :] if at > 0 else "*")


def require_registry(spec: Spec) -> Spec:
    """`spec`, or RegistryError EUNSUPPORTEDPROTOCOL when it is of a kind this version cannot install."""
    if spec.type not in REGISTRY_TYPES:
        raise unsupported(spec.type, spec.raw)
    return spec
