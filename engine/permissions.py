# SPDX-License-Identifier: Apache-2.0
"""What an isolate may do: Node's permission model. Primitives ask; whoever made the isolate allows."""

from __future__ import annotations

import os

from edgejs.engine.errors import HostError

__all__ = ["SCOPES", "Permissions"]

# Node's name for what is needed, and the option that allows it.
SCOPES = {
    "addon": ("Addon", "--allow-addons"),
    "child": ("ChildProcess", "--allow-child-process"),
    "env": ("Environment", "--allow-env"),
    "fs.read": ("FileSystemRead", "--allow-fs-read"),
    "fs.write": ("FileSystemWrite", "--allow-fs-write"),
    "inspector": ("Inspector", "--allow-inspector"),
    "net": ("Net", "--allow-net"),
    "wasi": ("WASI", "--allow-wasi"),
    "worker": ("WorkerThreads", "--allow-worker"),
}


class Permissions:
    """Everything is forbidden but what `allow` names, and the environment until `forbid("env")`.

    An isolate and its workers share one; nothing may be allowed once a program runs.
    """

    def __init__(self) -> None:
        self._whole = {"env"}
        self._exact: dict[str, set[str]] = {scope: set() for scope in SCOPES}
        self._prefixes: dict[str, set[str]] = {scope: set() for scope in SCOPES}
        self._given: list[tuple[str, str]] = []

    def forbid(self, scope: str) -> None:
        """Forbid what is allowed by default."""
        self._whole.discard(scope)

    def allow(self, scope: str, resource: str = "*", *, inherited: bool = True) -> None:
        """Allow all of `scope`, or `resource`: a file, a folder with what is in it, or a beginning with `*`.

        Child processes are told of it if it is `inherited`.
        """
        if inherited:
            self._given.append((scope, resource))
        if resource == "*":
            self._whole.add(scope)
            return
        is_path = scope.startswith("fs.")
        text, star, _ = resource.partition("*")
        if is_path:
            text = _absolute(text) + ("/" if star and text.endswith("/") else "")
        if star:
            self._prefixes[scope].add(text)
            self._exact[scope].add(text.rstrip("/"))
            return
        self._exact[scope].add(text)
        if is_path and os.path.isdir(text):
            self._prefixes[scope].add(text.rstrip("/") + "/")

    def has(self, scope: str, resource: str | bytes | None = None) -> bool:
        """Whether all of `scope` is allowed, or `resource` of it."""
        if scope in self._whole:
            return True
        if resource is None or scope not in SCOPES:
            return False
        text = os.fsdecode(resource)
        if scope.startswith("fs."):
            text = _absolute(text)
        return text in self._exact[scope] or any(text.startswith(prefix) for prefix in self._prefixes[scope])

    def require(self, scope: str, resource: str | bytes = "") -> None:
        """Raise Node's ERR_ACCESS_DENIED unless `resource` is allowed."""
        if not self.has(scope, resource):
            raise denied(scope, resource)

    def decide(self, scope: str, resource: str, must: bool) -> bool:
        """What primitives in C ask: `has`, or `require` when it must be allowed."""
        if must:
            self.require(scope, resource)
        return self.has(scope, resource)

    def options(self) -> list[str]:
        """The options that allow the same to a child process."""
        given = [
            option if resource == "*" and not scope.startswith("fs.") else f"{option}={resource}"
            for scope, resource in self._given
            for option in (SCOPES[scope][1],)
        ]
        return ["--permission", *given]


def denied(scope: str, resource: str | bytes = "") -> HostError:
    """The error for what is not allowed."""
    permission, option = SCOPES[scope]
    message = f"Access to this API has been restricted. Use {option} to manage permissions."
    return HostError(message, code="ERR_ACCESS_DENIED", permission=permission, resource=os.fsdecode(resource))


def _absolute(path: str) -> str:
    """`path` without links followed: what it says, from the working directory."""
    found = os.path.abspath(path)
    return found[1:] if found.startswith("//") else found
