# SPDX-License-Identifier: Apache-2.0
"""Looking after the store: what is in it, whether it is whole, and what nobody needs any more."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass

from .derived import tidy_code, tidy_trees
from .disk import SEAL
from .errors import os_error
from .linked import sweep
from .store import Entry, Store

__all__ = ["Findings", "entries", "erase", "verify"]

_GRACE = 3600.0
"""Seconds for which a file without an index entry may belong to an install that is under way."""
_LOG_DAYS = 14


@dataclass
class Findings:
    """What `verify` saw and did; sizes are bytes."""

    content: int = 0
    content_size: int = 0
    damaged: int = 0
    resealed: int = 0
    collected: int = 0
    collected_size: int = 0
    entries: int = 0
    dropped: int = 0
    metadata: int = 0
    metadata_dropped: int = 0
    leftovers: int = 0
    unlinked: int = 0
    trees_removed: int = 0
    code_removed: int = 0


def _files(folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            items = list(found)
    except FileNotFoundError:
        return
    for item in items:
        if item.is_dir(follow_symlinks=False):
            yield from _files(item.path)
        else:
            yield item


def entries(store: Store) -> Iterator[Entry]:
    """Every tarball in the store, by place."""
    for item in _files(os.path.join(store.root, "index-v1")):
        integrity = _integrity(item.path)
        entry = store.entry(integrity) if not item.name.startswith(".tmp-") else None
        if entry is not None:
            yield entry


def _integrity(path: str) -> str:
    """The integrity string that an index file is named for."""
    folder, rest = os.path.split(path)
    above, start = os.path.split(folder)
    digest = base64.b64encode(bytes.fromhex(start + rest)).decode("ascii")
    return f"{os.path.basename(above)}-{digest}"


def _digest(path: str) -> str:
    hasher = hashlib.sha512()
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            hasher.update(chunk)
    return hasher.hexdigest()


def verify(store: Store, *, grace: float = _GRACE) -> Findings:
    """Checks every byte, drops what is damaged or what no index entry names, and says so.

    What is younger than `grace` seconds and in no index may be an install's, and stays. A package that
    loses a file loses its index entry too, so that it is fetched again.
    """
    found = Findings()
    try:
        good = _check_content(store, found)
        used = _check_index(store, found, good)
        _collect(store, found, good, used, time.time() - grace)
        _check_metadata(store, found)
        _tidy(store, found, time.time() - grace)
        found.unlinked = sweep(store, time.time() - grace)
        found.trees_removed = tidy_trees(store.root, time.time() - grace)
        found.code_removed = tidy_code(store.root, time.time(), time.time() - grace)
    except OSError as error:
        raise os_error(error, "scandir", store.root) from error
    return found


def _check_content(store: Store, found: Findings) -> dict[str, os.DirEntry[str]]:
    good: dict[str, os.DirEntry[str]] = {}
    for item in _files(os.path.join(store.root, "content-v1")):
        if item.name.startswith(".tmp-"):
            continue
        key = os.path.basename(os.path.dirname(item.path)) + item.name
        state = item.stat()
        found.content += 1
        found.content_size += state.st_size
        if _digest(item.path) != key.removesuffix("-x"):
            os.unlink(item.path)
            found.damaged += 1
            continue
        if state.st_mtime_ns != SEAL:  # touched, and put back as it was
            os.utime(item.path, ns=(SEAL, SEAL))
            found.resealed += 1
        good[key] = item
    return good


def _check_index(store: Store, found: Findings, good: dict[str, os.DirEntry[str]]) -> set[str]:
    used: set[str] = set()
    for item in _files(os.path.join(store.root, "index-v1")):
        if item.name.startswith(".tmp-"):
            continue
        entry = store.entry(_integrity(item.path))
        keys = [key for _path, key, _size in entry.files] if entry is not None else None
        if keys is None or any(key not in good for key in keys):
            os.unlink(item.path)
            found.dropped += 1
        else:
            found.entries += 1
            used.update(keys)
    return used


def _collect(
    store: Store, found: Findings, good: dict[str, os.DirEntry[str]], used: set[str], limit: float
) -> None:
    for key, item in good.items():
        state = item.stat()
        if key not in used and state.st_ctime <= limit:
            os.unlink(item.path)
            found.collected += 1
            found.collected_size += state.st_size


def _check_metadata(store: Store, found: Findings) -> None:
    for item in _files(os.path.join(store.root, "packuments-v1")):
        if item.name.startswith(".tmp-"):
            continue
        with open(item.path, "rb") as file:
            line, body = file.readline(), file.read()
        try:
            head = json.loads(line)
            whole = hashlib.sha256(body).hexdigest() == head["sha256"]
        except (ValueError, KeyError, TypeError):
            whole = False
        if whole:
            found.metadata += 1
        else:
            os.unlink(item.path)
            found.metadata_dropped += 1


def _tidy(store: Store, found: Findings, limit: float) -> None:
    for folder in ("content-v1", "index-v1", "packuments-v1"):
        for item in _files(os.path.join(store.root, folder)):
            if item.name.startswith(".tmp-") and item.stat().st_ctime <= limit:
                os.unlink(item.path)
                found.leftovers += 1
    for item in _files(os.path.join(store.root, "_logs")):
        if item.stat().st_mtime < time.time() - _LOG_DAYS * 86_400:
            os.unlink(item.path)


def erase(store: Store) -> None:
    """Removes everything that is stored; projects keep their files."""
    for folder in (
        "content-v1",
        "index-v1",
        "packuments-v1",
        "links-v1",
        "_logs",
        "_exec",
        "code-v1",
        "trees-v1",
    ):
        path = os.path.join(store.root, folder)
        try:
            if os.path.isdir(path):
                shutil.rmtree(path)
        except OSError as error:
            raise os_error(error, "rm", path) from error
