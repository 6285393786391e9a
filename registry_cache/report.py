# SPDX-License-Identifier: Apache-2.0
"""Errors as text for a terminal, in npm's lines (`lib/utils/error-message.js`), and as JSON."""

from __future__ import annotations

import json
import re
from typing import Any

from .errors import RegistryError
from .explain import render

__all__ = ["PREFIX", "as_json", "error_lines"]

PREFIX = "edgejs error"

_NETWORK = (
    "This is a problem related to network connectivity.",
    "In most cases you are behind a proxy or have bad network settings.",
    "",
    "If you are behind a proxy, please make sure that the 'proxy' config is set properly.  "
    "See: 'npm help config'",
)
_PERMISSION = (
    "",
    "The operation was rejected by your operating system.",
    "It is likely you do not have the permissions to access this file as the current user",
    "",
    "If you believe this might be a permissions issue, please double-check the permissions of the file and "
    "its containing directories, or try running the command again as root/Administrator.",
)
_FIELDS = ("code", "syscall", "file", "path", "dest", "errno")

Lines = list[tuple[str, str]]


def _labelled(label: str, lines: tuple[str, ...]) -> Lines:
    return [(label, line) for line in lines]


def _redact(text: str) -> str:
    """No password of an address may reach a terminal or a log."""
    return re.sub(r"(\w+://)[^/\s:@]*:[^/\s@]+@", r"\1***:***@", text)


def _not_found(error: RegistryError) -> Lines:
    lines = [("404", re.sub(r"^404\s+", "", error.message))]
    pkgid = str(error.details.get("pkgid") or "")
    if pkgid:
        lines += [
            ("404", ""),
            (
                "404",
                f" The requested resource '{pkgid}' could not be found or you do not have "
                "permission to access it.",
            ),
        ]
        lines += _labelled(
            "404", ("", "Note that you can also install from a", "tarball, folder, http url, or git url.")
        )
    return lines


def _no_target(error: RegistryError) -> Lines:
    lines = [
        ("notarget", error.message),
        (
            "notarget",
            "In most cases you or one of your dependencies are requesting a package version that "
            "doesn't exist.",
        ),
    ]
    versions = error.details.get("versions") or []
    if versions:
        shown = ", ".join(versions[-10:])
        more = f" and {len(versions) - 10} older" if len(versions) > 10 else ""
        lines.append(("notarget", f"The package exists; its versions are: {shown}{more}"))
    return lines


def _unauthorized(error: RegistryError) -> Lines:
    challenge = str(error.details.get("www-authenticate") or "")
    schemes = [part.split()[0] for part in challenge.split(",") if part.split()]
    if "Bearer" in schemes:
        return _labelled(
            "",
            (
                "Unable to authenticate, your authentication token seems to be invalid.",
                "To correct this please try logging in again with:",
                "  npm login",
            ),
        )
    if "Basic" in schemes:
        return _labelled(
            "",
            (
                "Incorrect or missing password.",
                "If you were trying to login, change your password, create an authentication token or "
                "enable two-factor authentication then that means you likely typed your password in "
                "incorrectly.",
                "Please try again.",
                "",
                "If you were doing some other operation then your saved credentials are probably out "
                "of date.",
                "To correct this please try logging in again with:",
                "  npm login",
            ),
        )
    return [("", error.message)]


def _platform(error: RegistryError) -> Lines:
    details = error.details
    required = {
        key: ",".join(value) if isinstance(value, list) else value
        for key, value in details["required"].items()
    }
    current = details["current"]
    wanted, have = (json.dumps(one, separators=(",", ":")) for one in (required, current))
    lines = [("notsup", f"Unsupported platform for {details['pkgid']}: wanted {wanted} (current: {have})")]
    width = max((len(key) for key in required), default=0)
    for key, value in required.items():
        padding = " " * (1 + width - len(key))
        lines += [
            ("notsup", f"Valid {key}:{padding} {value}"),
            ("notsup", f"Actual {key}:{padding}{current[key]}"),
        ]
    return lines


def _engine(error: RegistryError) -> Lines:
    details = error.details
    required, current = (json.dumps(details[key], separators=(",", ":")) for key in ("required", "current"))
    pkgid = details["pkgid"]
    return [
        ("engine", error.message),
        ("engine", f"Not compatible with your version of node/npm: {pkgid}"),
        ("notsup", f"Not compatible with your version of node/npm: {pkgid}"),
        ("notsup", f"Required: {required}"),
        ("notsup", f"Actual:   {current}"),
    ]


def _unresolvable(error: RegistryError) -> Lines:
    flags = ["--no-strict-peer-deps"] if error.details.get("strictPeerDeps") else []
    flags += ["--force", "--legacy-peer-deps"]
    choice = " or ".join(flags) if len(flags) < 3 else f"{', '.join(flags[:-1])}, or {flags[-1]}"
    fix = (
        f"Fix the upstream dependency conflict, or retry this command with {choice} to accept an incorrect "
        "(and potentially broken) dependency resolution."
    )
    text = f"{render(error.details)}\n\n{fix}"
    return [("ERESOLVE", error.message), ("", ""), *(("", line) for line in text.split("\n"))]


_SPECIAL = {
    "E404": _not_found,
    "ETARGET": _no_target,
    "E401": _unauthorized,
    "EBADPLATFORM": _platform,
    "EBADENGINE": _engine,
    "ERESOLVE": _unresolvable,
}


def _explained(error: RegistryError) -> Lines:
    code, message = error.code, error.message
    if code in _SPECIAL:
        return _SPECIAL[code](error)
    if code in ("ECONNRESET", "ENOTFOUND", "ETIMEDOUT", "ERR_SOCKET_TIMEOUT", "EAI_FAIL"):
        return [("network", message), *_labelled("network", _NETWORK)]
    if code == "ECONNREFUSED":
        return [("", f"FetchError: {message}"), ("", ""), ("", _NETWORK[-1])]
    if code == "E403":
        return [
            ("403", message),
            (
                "403",
                "In most cases, you or one of your dependencies are requesting a package "
                "version that is forbidden by your security policy, or on a server you do "
                "not have access to.",
            ),
        ]
    if code in ("EACCES", "EPERM"):
        return [("", message), *_labelled("", _PERMISSION)]
    if code == "ENOLOCK":
        return _labelled("audit", tuple(message.split("\n")))
    if code == "ENOENT" and "package.json" in message:
        return _labelled("enoent", (message, "This is related to npm not being able to find a file.", ""))
    if code == "ENOSPC":
        return [
            ("nospc", message),
            *_labelled(
                "nospc",
                (
                    "There appears to be insufficient space on your system to finish.",
                    "Clear up some disk space and try again.",
                ),
            ),
        ]
    if code == "EROFS":
        return [
            ("rofs", message),
            (
                "rofs",
                "Often virtualized file systems, or other file systems that don't "
                "support symlinks, give this error.",
            ),
        ]
    if code == "EJSONPARSE":
        return [
            ("JSON.parse", message),
            *_labelled(
                "JSON.parse",
                (
                    "Failed to parse JSON data.",
                    "Note: package.json must be actual JSON, not just JavaScript.",
                ),
            ),
        ]
    return [("", line) for line in message.split("\n")]


def error_lines(error: RegistryError) -> list[str]:
    """The lines for stderr: the code and its fields, then what happened, then what to do."""
    fields = {"code": error.code, **error.details}
    lines = [(name, str(fields[name])) for name in _FIELDS if fields.get(name)]
    lines += _explained(error)
    out = []
    for label, text in lines:
        for piece in text.split("\n"):
            out.append(_redact(f"{PREFIX} {label} {piece}" if label else f"{PREFIX} {piece}").rstrip())
    return out


def as_json(error: RegistryError) -> dict[str, Any]:
    """npm's ``--json`` document for a failure."""
    explained = [_redact(text) for _label, text in _explained(error)]
    return {
        "error": {
            "code": error.code,
            "summary": explained[0] if explained else error.message,
            "detail": "\n".join(explained[1:]).strip(),
        }
    }
