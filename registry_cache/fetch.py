# SPDX-License-Identifier: Apache-2.0
"""Fetching one pinned npm package, without a project: what the build of edgejs does.

    python -m registry_cache.fetch node-api-headers@1.9.0 --integrity sha512-... --dest DIR

Needs requests and packageurl-python only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence

from .config import Config
from .errors import RegistryError, os_error
from .report import error_lines
from .reporter import Reporter
from .store import Store

__all__ = ["fetch_tarball", "main"]


def fetch_tarball(name: str, version: str, integrity: str, dest: str, cache: str | None = None) -> str:
    """Puts the files of ``name@version`` into the folder `dest` (made anew) and gives its absolute path.

    The tarball must match `integrity`, or nothing is written there. `cache` is the store's folder; by
    default the user's. Raises RegistryError with npm's codes: EINTEGRITY, E404, ENOTFOUND, ENOSPC ...
    """
    from .client import RegistryClient
    from .tarballs import fetch_entry

    overrides = {"edgejs-cache": cache} if cache else None
    config = Config.load(os.getcwd(), overrides=overrides)
    pkgid = f"{name}@{version}"
    store, reporter = Store(config.cache), Reporter()
    dest = os.path.abspath(dest)
    os.makedirs(os.path.dirname(dest), exist_ok=True)
    staging = tempfile.mkdtemp(dir=os.path.dirname(dest), prefix=".fetch-")
    try:
        entry = store.entry(integrity)
        if entry is None or not store.link(entry, staging):
            shutil.rmtree(staging)
            os.mkdir(staging)
            store.forget(integrity)
            base = name.rpartition("/")[2]
            url = f"{config.registry_for(name)}{name}/-/{base}-{version}.tgz"
            with RegistryClient(config, reporter=reporter) as client:
                entry = fetch_entry(client, store, url, integrity, pkgid, reporter)
            if not store.link(entry, staging):
                raise RegistryError(
                    "EINTEGRITY", f"the store keeps losing files of {pkgid}", {"pkgid": pkgid}
                )
        os.chmod(staging, 0o755)
        if os.path.isdir(dest):
            shutil.rmtree(dest)
        os.rename(staging, dest)
    except OSError as error:
        raise os_error(error, "rename", dest) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return dest


def main(argv: Sequence[str] | None = None) -> int:
    """The command; exit code 0, or 1 with npm-like lines on stderr."""
    parser = argparse.ArgumentParser(
        prog="python -m registry_cache.fetch", description="Fetch one npm package"
    )
    parser.add_argument("package", help="name@version")
    parser.add_argument("--integrity", required=True, help="sha512-... of the tarball")
    parser.add_argument("--dest", required=True, help="folder to make")
    parser.add_argument("--cache", help="folder of the store")
    options = parser.parse_args(argv)
    name, at, version = options.package.rpartition("@")
    if not at or not name:
        parser.error(f"{options.package!r} is not name@version")
    try:
        print(fetch_tarball(name, version, options.integrity, options.dest, options.cache))
    except RegistryError as error:
        print("\n".join(error_lines(error)), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
