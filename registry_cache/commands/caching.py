# SPDX-License-Identifier: Apache-2.0
"""``cache``: the store, listed, checked and emptied."""

from __future__ import annotations

import time
from typing import Any

import click

from .options import common
from .session import Session, run

__all__ = ["cache"]


@click.command()
@click.argument("action", type=click.Choice(["ls", "verify", "clean", "dir"]))
@click.argument("names", nargs=-1, metavar="[NAME[@VERSION]]...")
@click.option("-f", "--force", is_flag=True, help="Empty the store without a reason")
@common
def cache(action: str, names: tuple[str, ...], force: bool, **options: Any) -> None:
    """List the store (ls), check and tidy it (verify), empty it (clean), print its folder (dir)."""

    def work(session: Session) -> None:
        if action == "dir":
            session.answer(session.config.cache, session.config.cache)
        elif action == "ls":
            _list(session, names)
        elif action == "verify":
            _verify(session)
        else:
            _clean(session, names, force)

    run(options, "cache", work)


def _list(session: Session, names: tuple[str, ...]) -> None:
    from ..store import Store
    from ..upkeep import entries

    found = []
    for entry in entries(Store(session.config.cache)):
        name = str(entry.package.get("name") or "")
        pkgid = f"{name}@{entry.package.get('version') or ''}"
        if not names or name in names or pkgid in names:
            found.append((pkgid, entry.integrity, len(entry.files), entry.size))
    found.sort()
    if session.wants_json:
        keys = ("id", "integrity", "files", "size")
        session.print_json([dict(zip(keys, one, strict=True)) for one in found])
    elif found:
        session.print("\n".join(f"{pkgid} {integrity}" for pkgid, integrity, _files, _size in found))


def _verify(session: Session) -> None:
    from dataclasses import asdict

    from ..store import Store
    from ..upkeep import verify

    started = time.monotonic()
    found = verify(Store(session.config.cache))
    if session.wants_json:
        session.print_json(asdict(found))
        return
    session.print(f"Cache verified and compressed ({session.config.cache})")
    session.print(f"Content verified: {found.content} ({found.content_size} bytes)")
    for text, count in (
        (f"Content garbage-collected: {found.collected} ({found.collected_size} bytes)", found.collected),
        (f"Corrupted content removed: {found.damaged}", found.damaged),
        (f"Packages to be fetched again: {found.dropped}", found.dropped),
        (f"Corrupted metadata removed: {found.metadata_dropped}", found.metadata_dropped),
        (f"Unfinished files removed: {found.leftovers}", found.leftovers),
        (f"Linked packages that no project uses removed: {found.unlinked}", found.unlinked),
        (f"Trees that nothing asks for removed: {found.trees_removed}", found.trees_removed),
        (f"Old compiled code removed: {found.code_removed}", found.code_removed),
    ):
        if count:
            session.print(text)
    session.print(f"Index entries: {found.entries}")
    session.print(f"Finished in {time.monotonic() - started:.3f}s")


def _clean(session: Session, names: tuple[str, ...], force: bool) -> None:
    from ..errors import RegistryError
    from ..store import Store
    from ..upkeep import entries, erase

    store = Store(session.config.cache)
    deleted = []
    if names:
        for entry in list(entries(store)):
            name = str(entry.package.get("name") or "")
            if name in names or f"{name}@{entry.package.get('version')}" in names:
                store.forget(entry.integrity)
                deleted.append(f"{name}@{entry.package.get('version')}")
        session.answer("\n".join(f"Deleted: {one}" for one in deleted), {"deleted": deleted})
        return
    if not force:
        raise RegistryError(
            "EUSAGE",
            "The store heals itself: what is damaged is noticed and fetched again, so emptying it only\n"
            "makes the next install slower. `edgejs cache verify` checks every byte and removes what\n"
            "nothing needs.\n"
            "If you are sure you want to delete everything, run `edgejs cache clean --force`.",
        )
    erase(store)
