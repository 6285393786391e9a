# SPDX-License-Identifier: Apache-2.0
"""``init`` and ``pkg``: making and changing package.json."""

from __future__ import annotations

import json
import os
from typing import Any

import click

from .options import common
from .session import Session, run

__all__ = ["init", "pkg"]


def _defaults(folder: str, there: dict[str, Any]) -> dict[str, Any]:
    """npm's answers to its own questions (init-package-json), with what is there already kept."""
    base = os.path.basename(folder)
    name = base.lower().replace(" ", "-").lstrip("._")
    scripts = [one for one in sorted(os.listdir(folder)) if one.endswith(".js")]
    main = next((one for one in ("index.js", "main.js", f"{base}.js") if one in scripts), None)
    fields: dict[str, Any] = {
        "name": name,
        "version": "1.0.0",
        "description": "",
        "main": main or (scripts[0] if scripts else "index.js"),
        "scripts": {"test": 'echo "Error: no test specified" && exit 1'},
        "keywords": [],
        "author": "",
        "license": "ISC",
        "type": "commonjs",
    }
    return {**fields, **there}


@click.command()
@click.argument("initializer", nargs=-1, metavar="[INITIALIZER]...")
@click.option("-y", "--yes", is_flag=True, help="Ask nothing")
@common
def init(initializer: tuple[str, ...], yes: bool, **options: Any) -> None:
    """Make a package.json; with INITIALIZER run the package create-INITIALIZER."""

    def work(session: Session) -> int:
        from .. import jsonfile
        from ..packagefile import PackageFile

        if initializer:
            from .running import create

            return create(session, list(initializer), yes=yes)
        folder = os.path.abspath(options["prefix"] or os.getcwd())
        file = PackageFile.load(folder)
        fields = _defaults(folder, file.original)
        if not yes:
            for key in ("name", "version", "description", "main", "author", "license"):
                fields[key] = click.prompt(
                    key if key != "main" else "entry point",
                    default=fields[key],
                    show_default=bool(fields[key]),
                )
        text = jsonfile.dump(fields, jsonfile.Style())
        jsonfile.write(file.path, text)
        session.answer(f"Wrote to {file.path}:\n\n{text}\n", fields)
        return 0

    run(options, "init", work)


@click.command()
@click.argument("action", type=click.Choice(["get", "set", "delete"]))
@click.argument("keys", nargs=-1, metavar="[KEY[=VALUE]]...")
@click.option("-f", "--force", is_flag=True, help="Replace values of another kind")
@common
def pkg(action: str, keys: tuple[str, ...], force: bool, **options: Any) -> None:
    """Read (get) and change (set, delete) fields of package.json: scripts.test, keywords[0], keywords[]."""

    def work(session: Session) -> None:
        from ..packagefile import PackageFile
        from ..workspaces import find_workspaces

        chosen = session.workspaces()
        if not chosen:
            result = _edit(session.folder, action, keys, session.wants_json, force)
        else:
            project = PackageFile.load(session.folder).original
            folders = find_workspaces(project, session.folder)
            result = {name: _edit(folders[name], action, keys, session.wants_json, force) for name in chosen}
        if action == "get":
            session.print_json(result)

    run(options, "pkg", work)


def _edit(folder: str, action: str, keys: tuple[str, ...], as_json: bool, force: bool) -> Any:
    from .. import jsonfile, query
    from ..errors import RegistryError
    from ..packagefile import PackageFile

    file = PackageFile.load(folder)
    if not file.exists:
        raise RegistryError(
            "ENOENT",
            f"Could not read package.json: Error: ENOENT: no such file or directory, open '{file.path}'",
            {"syscall": "open", "path": file.path, "errno": -2},
        )
    content = file.original
    if action == "get":
        found: dict[str, Any] = {}
        for key in keys:
            found.update(query.get(content, key, unwrap=False))
        if not keys:
            return content
        return next(iter(found.values())) if len(keys) == len(found) == 1 else found
    if not keys:
        raise RegistryError(
            "EUSAGE", f"edgejs pkg {action} expects {'key=value pairs' if action == 'set' else 'keys'}"
        )
    for key in keys:
        if action == "delete":
            query.delete(content, key)
            continue
        name, equals, text = key.partition("=")
        if not equals or not name:
            raise RegistryError("EUSAGE", "edgejs pkg set expects a key=value pair of args.")
        try:
            query.put(content, name, json.loads(text) if as_json else text, force=force)
        except ValueError as error:
            raise RegistryError("EJSONPARSE", f"{text} is not JSON: {error}") from error
    jsonfile.write(file.path, jsonfile.dump(content, file.style), blanks_matter=False)
    return None
