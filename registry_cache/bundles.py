# SPDX-License-Identifier: Apache-2.0
"""Packages that come inside another's tarball (``bundleDependencies``)."""

from __future__ import annotations

import json
import re

from .manifest import normalize
from .store import Store
from .tarballs import Tarballs
from .tree import Node

__all__ = ["unpack_bundle"]

_MANIFEST = re.compile(r"((?:node_modules/(?:@[^/]+/)?[^/]+/)+)package\.json\Z")


def unpack_bundle(node: Node, tarballs: Tarballs, store: Store) -> None:
    """Hangs below `node` what its tarball holds in node_modules; waits for it, and raises what it raises."""
    entry = tarballs.start(node).result()
    found = []
    for path, key, _size in entry.files:
        match = _MANIFEST.match(path)
        if match:
            found.append((match.group(1).rstrip("/"), key))
    for inner, key in sorted(found, key=lambda item: item[0].count("node_modules/")):
        above, _, name = inner.rpartition("node_modules/")
        location = f"{node.location}/{above}".rstrip("/")
        parent = node.root.inventory.get(location)
        if parent is None:
            continue  # below a folder that is no package
        with open(store.content_path(key), encoding="utf-8-sig") as file:
            package = normalize(json.load(file))
        child = Node(name, package, parent=parent, legacy_peers=node.legacy_peers)
        child.from_bundle = True
