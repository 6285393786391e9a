# SPDX-License-Identifier: Apache-2.0
"""``config``, ``bin``, ``root``, ``prefix``: what is set, and where things are."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import click

from .options import common, settings
from .session import Session, run

__all__ = ["bin_", "config", "prefix", "root"]

_SECRET = ("_auth", "_authtoken", "_password", "username", "certfile", "keyfile")


def _protected(key: str) -> bool:
    return key.startswith("_") or (key.startswith("//") and key.rpartition(":")[2].lower() in _SECRET)


@click.command()
@click.argument("action", type=click.Choice(["get", "list", "ls", "set", "delete"]))
@click.argument("keys", nargs=-1, metavar="[KEY[=VALUE]]...")
@click.option(
    "-L",
    "--location",
    type=click.Choice(["user", "project", "global"]),
    default="user",
    help="Which npmrc to change",
)
@common
def config(action: str, keys: tuple[str, ...], location: str, **options: Any) -> None:
    """Print settings, where they come from, or change them in an npmrc file."""

    def work(session: Session) -> None:
        from .. import npmrc
        from ..errors import RegistryError

        if action in ("set", "delete"):
            _change(session, action, keys, "global" if options["is_global"] else location)
            return
        given = settings(options)
        if action == "get" and keys:
            merged = npmrc.load(session.folder, None, given)
            for key in keys:
                if _protected(key):
                    raise RegistryError(
                        "EPROTECTED", f"The {key} option is protected, and can not be retrieved in this way"
                    )
            values = [_value(session, merged, key) for key in keys]
            if session.wants_json:
                session.print_json(dict(zip(keys, values, strict=True)) if len(keys) > 1 else values[0])
            elif len(keys) == 1:
                session.print(_text(values[0]))
            else:
                session.print("\n".join(f"{key}={_text(one)}" for key, one in zip(keys, values, strict=True)))
            return
        sources = npmrc.sources(session.folder, None, given)
        if session.wants_json:
            session.print_json(
                {key: value for one in sources for key, value in one.values.items() if not _protected(key)}
            )
            return
        blocks = []
        for one in sources:
            lines = [
                f"{key} = {'(protected)' if _protected(key) else _quoted(value)}"
                for key, value in sorted(one.values.items())
            ]
            if lines:
                where = f" from {one.path}" if one.path else ""
                blocks.append(f'; "{one.kind}" config{where}\n\n' + "\n".join(lines))
        session.print("\n\n".join(blocks))

    run(options, "config", work)


def _value(session: Session, merged: dict[str, Any], key: str) -> Any:
    """A setting, or what it is when nobody sets it, where `Config` knows that."""
    if key in merged:
        return merged[key]
    attribute = key.replace("-", "_")
    return getattr(session.config, attribute, None) if not key.startswith(("@", "/")) else None


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple, frozenset)):
        return ",".join(sorted(map(str, value)))
    return "undefined" if value is None else str(value)


def _quoted(value: Any) -> str:
    import json

    return json.dumps(value)


def _change(session: Session, action: str, keys: tuple[str, ...], location: str) -> None:
    from .. import npmrc
    from ..errors import RegistryError, os_error

    pairs = [tuple(key.partition("=")[::2]) if "=" in key else (key, "") for key in keys]
    if action == "set" and len(keys) == 2 and "=" not in keys[0]:
        pairs = [(keys[0], keys[1])]
    if not pairs:
        raise RegistryError("EUSAGE", f"edgejs config {action} expects a key")
    path = next(
        one.path
        for one in npmrc.sources(session.folder, None, settings(session.options))
        if one.kind == location
    )
    try:
        lines: list[str] = []
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                lines = file.read().splitlines()
        for key, value in pairs:
            lines = [line for line in lines if line.partition("=")[0].strip() != key]
            if action == "set":
                lines.append(f"{key}={value}")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)  # it may hold tokens
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in lines))
    except OSError as error:
        raise os_error(error, "open", path) from error


def _place(name: str, text: str, find: Callable[[Session], str]) -> click.Command:
    @click.command(name, help=text)
    @common
    def command(**options: Any) -> None:
        run(options, name, lambda session: session.answer(find(session), find(session)))

    return command


bin_ = _place(
    "bin",
    "Print the folder of installed commands.",
    lambda session: (
        os.path.join(session.config.prefix, "bin")
        if session.is_global
        else os.path.join(session.folder, "node_modules", ".bin")
    ),
)
root = _place(
    "root", "Print the node_modules folder.", lambda session: os.path.join(session.folder, "node_modules")
)
prefix = _place(
    "prefix",
    "Print the project's folder.",
    lambda session: session.config.prefix if session.is_global else session.folder,
)
