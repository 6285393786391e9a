# SPDX-License-Identifier: Apache-2.0
"""Fetch the npm packages that are compiled into edgejs, listed and pinned in `dependencies.json`.

    python node/dependencies.py --out DIR [--cache DIR]

CMake runs this. For each package the files that are used go to `DIR/<folder>`, its licence to
`DIR/licences/<name>`. A package may have small edits that bring it up to date with Node 24: hunks as
`engine/tools/adapt_quickjs.py` reads them, each under a comment `# FILE: why`. Tarballs come through
`registry_cache`, which checks their integrity; a package that cannot be had stops the build with a message
that says which and why.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypedDict

__all__ = ["Dependency", "DependencyError", "lay_out", "main", "read_list"]

HERE = Path(__file__).resolve().parent
STAMP = "dependencies.sha256"


class _Pinned(TypedDict):
    name: str
    version: str
    integrity: str
    licence: str
    folder: str
    files: list[str]


class Dependency(_Pinned, total=False):
    """An entry of `dependencies.json`: patterns of `files` below the package, the `folder` where they go.

    `edits` is the file with our changes, if there are any.
    """

    edits: str


class DependencyError(Exception):
    """A package could not be had or is not what the list says; the message says which and why."""


Fetch = Callable[[Dependency, Path], None]


def read_list(path: Path) -> list[Dependency]:
    """The entries of a list of dependencies."""
    entries: list[Dependency] = json.loads(path.read_text(encoding="utf-8"))
    return entries


def _licence(package: Path) -> Path:
    found = sorted(path for path in package.iterdir() if path.name.upper().startswith(("LICENSE", "LICENCE")))
    if not found:
        raise DependencyError(f"{package.name} has no licence file")
    return found[0]


def _copy(dependency: Dependency, package: Path, out: Path) -> None:
    folder = out / dependency["folder"]
    for pattern in dependency["files"]:
        files = sorted(package.glob(pattern))
        if not files:
            raise DependencyError(
                f"{dependency['name']} {dependency['version']} has no file {pattern!r} any more; "
                "bring node/dependencies.json up to date"
            )
        for file in files:
            target = folder / file.relative_to(package)
            target.parent.mkdir(parents=True, exist_ok=True)
            if file.suffix == ".json":  # data becomes a module
                text = f"module.exports = {file.read_text(encoding='utf-8')}"
                target.with_suffix(".js").write_text(text, encoding="utf-8")
            else:
                shutil.copyfile(file, target)
    if "edits" in dependency:
        _edit(HERE / dependency["edits"], folder)
    licences = out / "licences" / dependency["name"]
    licences.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_licence(package), licences / "LICENSE")


def _edit(edits: Path, folder: Path) -> None:
    sys.path.insert(0, str(HERE.parent / "engine" / "tools"))
    from adapt_quickjs import EditError, apply, read_hunks

    try:
        for hunk in read_hunks(edits.read_text(encoding="utf-8")):
            file = folder / hunk.reason.partition(":")[0]
            file.write_text(apply(file.read_text(encoding="utf-8"), hunk), encoding="utf-8")
    except EditError as err:
        raise DependencyError(f"{edits.name} does not fit: {err}") from err


def lay_out(dependencies: Sequence[Dependency], out: Path, fetch: Fetch) -> None:
    """Fetch every package and put its used files below `out`, which is replaced whole or not at all."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".npm-") as scratch:
        tree = Path(scratch, "tree")
        tree.mkdir()
        for dependency in dependencies:
            package = Path(scratch, "packages", dependency["name"])
            package.parent.mkdir(parents=True, exist_ok=True)
            fetch(dependency, package)
            _copy(dependency, package, tree)
        if out.is_dir():
            shutil.rmtree(out)
        os.rename(tree, out)


def _fetch_from_registry(cache: str | None) -> Fetch:
    sys.path.insert(0, str(HERE.parent))
    from registry_cache.errors import RegistryError
    from registry_cache.fetch import fetch_tarball

    def fetch(dependency: Dependency, package: Path) -> None:
        wanted = f"{dependency['name']} {dependency['version']}"
        try:
            fetch_tarball(
                dependency["name"], dependency["version"], dependency["integrity"], str(package), cache
            )
        except RegistryError as err:
            raise DependencyError(
                f"could not fetch {wanted} from the npm registry: {err}\n"
                "hint: check the network and the `registry` setting of npm, then build again"
            ) from err

    return fetch


def _fingerprint(path: Path) -> str:
    read = (path, Path(__file__), *sorted(HERE.glob("*.edits")))
    return hashlib.sha256(b"".join(each.read_bytes() for each in read)).hexdigest()


def main(argv: Sequence[str] | None = None) -> int:
    """The command; 0 when everything is in place, 1 with the reason on stderr when not."""
    parser = argparse.ArgumentParser(description="Fetch the npm packages that are compiled into edgejs")
    parser.add_argument(
        "--out", type=Path, required=True, help="folder to fill; replaced when the list has changed"
    )
    parser.add_argument("--cache", help="folder of the store of downloaded packages")
    options = parser.parse_args(argv)
    source = HERE / "dependencies.json"
    stamp = options.out / STAMP
    fingerprint = _fingerprint(source)
    if stamp.is_file() and stamp.read_text(encoding="ascii") == fingerprint:
        return 0
    cache = options.cache or os.environ.get("EDGEJS_BUILD_CACHE")
    try:
        lay_out(read_list(source), options.out, _fetch_from_registry(cache))
    except DependencyError as err:
        print(f"error: {err}", file=sys.stderr)
        return 1
    stamp.write_text(fingerprint, encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
