# SPDX-License-Identifier: Apache-2.0
"""`.npmrc` files and the ``npm_config_*`` environment, merged in npm's order.

Order, weakest first: global file, user file, project file, environment, command line.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["Source", "load", "parse_ini", "sources"]

_VARIABLE = re.compile(r"(?<!\\)(\\*)\$\{([^${}]+?)(\?)?\}")


def _expand(text: str, environ: Mapping[str, str]) -> str:
    """``${NAME}`` from the environment; unknown names stay, unless written ``${NAME?}``."""

    def replace(match: re.Match[str]) -> str:
        escapes, name, optional = match.groups()
        if len(escapes) % 2:
            return match.group(0)[(len(escapes) + 1) // 2 :]
        fallback = "" if optional else match.group(0)
        return escapes[: len(escapes) // 2] + environ.get(name, fallback)

    return _VARIABLE.sub(replace, text)


def _unquote(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    for mark in (";", "#"):
        position = text.find(mark)
        while position > 0 and text[position - 1] == "\\":
            position = text.find(mark, position + 1)
        if position >= 0:
            text = text[:position]
    return text.replace("\\;", ";").replace("\\#", "#").strip()


def parse_ini(text: str, environ: Mapping[str, str]) -> dict[str, Any]:
    """The keys of one ini file; ``key[]=`` gathers a list and a bare ``key`` means true."""
    values: dict[str, Any] = {}
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped or stripped[0] in ";#[":
            continue
        key, equals, value = stripped.partition("=")
        key = _expand(_unquote(key.strip()), environ)
        content = _expand(_unquote(value.strip()), environ) if equals else "true"
        if key.endswith("[]"):
            values.setdefault(key[:-2], []).append(content)
        else:
            values[key] = content
    return values


def _read(path: str, environ: Mapping[str, str]) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as file:
            return parse_ini(file.read(), environ)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return {}


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    values = {}
    for key, value in environ.items():
        if key[:11].lower() != "npm_config_" or not value:
            continue
        name = key[11:]
        if not name.startswith("//"):
            name = name[0] + name[1:].replace("_", "-").lower() if name else name
            name = name.lower()
        values[name] = value
    return values


class Source(NamedTuple):
    """Settings from one place: `kind` is global, user, project, env or cli; `path` is '' without a file."""

    kind: str
    path: str
    values: dict[str, Any]


def sources(
    project: str, environ: Mapping[str, str] | None = None, overrides: Mapping[str, Any] | None = None
) -> list[Source]:
    """Where the settings for the project at `project` come from, weakest first."""
    environ = os.environ if environ is None else environ
    given = {key: value for key, value in (overrides or {}).items() if value is not None}
    from_env = _environment(environ)
    home = environ.get("HOME") or os.path.expanduser("~")
    user_file = given.get("userconfig") or from_env.get("userconfig") or os.path.join(home, ".npmrc")
    prefix = from_env.get("prefix") or environ.get("PREFIX") or sys.prefix
    global_file = (
        given.get("globalconfig") or from_env.get("globalconfig") or os.path.join(prefix, "etc", "npmrc")
    )
    project_file = os.path.join(project, ".npmrc")
    same = os.path.abspath(project_file) == os.path.abspath(str(user_file))
    return [
        Source("global", str(global_file), _read(str(global_file), environ)),
        Source("user", str(user_file), _read(str(user_file), environ)),
        Source("project", project_file, {} if same else _read(project_file, environ)),
        Source("env", "", dict(from_env)),
        Source("cli", "", given),
    ]


def load(
    project: str, environ: Mapping[str, str] | None = None, overrides: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """All settings for the project at `project`, npm's precedence applied; values are strings or lists."""
    merged: dict[str, Any] = {}
    for source in sources(project, environ, overrides):
        merged.update(source.values)
    return merged
