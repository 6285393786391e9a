# SPDX-License-Identifier: Apache-2.0
"""``view``: what the registry knows about a package."""

from __future__ import annotations

import time
from typing import Any

import click

from .options import common
from .session import Session, run

__all__ = ["view"]


@click.command()
@click.argument("package", default=".", metavar="[SPEC]")
@click.argument("names", nargs=-1, metavar="[FIELD]...")
@click.option("--tag", metavar="TAG", help="The tag to look at when no version is named")
@common
def view(package: str, names: tuple[str, ...], **options: Any) -> None:
    """Print what the registry knows about SPEC (the project itself by default), or only some FIELDs."""

    def work(session: Session) -> None:
        from .. import view as pages
        from ..client import RegistryClient
        from ..errors import RegistryError
        from ..packagefile import PackageFile
        from ..spec import parse, require_registry

        name = package
        if name == "." or name.startswith(".@"):
            own = PackageFile.load(session.folder).original.get("name")
            if not own:
                raise RegistryError("ENOENT", 'Invalid package.json, no "name" field')
            name = f"{own}{name[1:]}"
        spec = require_registry(parse(name)).registry
        config = session.config
        config.prefer_online = True
        with RegistryClient(config, reporter=session.reporter, full_metadata=True) as client:
            document = client.packument(spec.name).document
        versions = pages.chosen_versions(document, spec.raw, config.tag)
        if not session.wants_json and not names:
            for version in versions:
                session.print(pages.overview(document, version, time.time()))
            return
        found = pages.fields(document, versions, names)
        if session.wants_json:
            if found:
                session.print_json(pages.as_json(found))
        elif found:
            session.print(pages.as_text(found, spec.name))

    run(options, "view", work)
