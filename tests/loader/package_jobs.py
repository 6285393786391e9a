# SPDX-License-Identifier: Apache-2.0
"""Work done with packages of the registry, compared with what Node 24 printed for the same work.

A job is `tests/fixtures/loader/packages/<name>.js`: what to install, and a function of the package. What Node prints for it when
the package is required, then imported, is `<name>.txt`. After a change to a job:

    python tests/loader/package_jobs.py NODE [NAME ...]
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

__all__ = ["absent", "expected", "install", "names", "run", "ways"]

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "loader"
JOBS = FIXTURES / "packages"
WAYS = {"require": "by-require.cjs", "import": "by-import.mjs"}


def names() -> list[str]:
    """All jobs."""
    return sorted(path.stem for path in JOBS.glob("*.js"))


def absent(name: str) -> list[str]:
    """The programs of the system that the job needs and this machine lacks."""
    source = (JOBS / f"{name}.js").read_text(encoding="utf-8")
    listed = "".join(re.findall(r"^exports\.programs = \[(.*)\];$", source, re.MULTILINE))
    return [program for program in re.findall(r"'([^']+)'", listed) if shutil.which(program) is None]


def ways(name: str) -> list[str]:
    """How a job's package is loaded: a few ask which module requires them, or take long."""
    only = "exports.onlyRequired = true;" in (JOBS / f"{name}.js").read_text(encoding="utf-8")
    return ["require"] if only else list(WAYS)


def install(name: str, folder: Path) -> None:
    """Make `folder` a project that has what the job needs."""
    source = (JOBS / f"{name}.js").read_text(encoding="utf-8")
    (listed,) = re.findall(r"^exports\.install = \[(.*)\];$", source, re.MULTILINE)
    (folder / "package.json").write_text("{}")
    shutil.copy(JOBS / f"{name}.js", folder / "job.js")
    for driver in WAYS.values():
        shutil.copy(FIXTURES / driver, folder)
    command = Path(sys.executable).with_name("edgejs")
    subprocess.run(
        [command, "install", *re.findall(r"'([^']+)'", listed)], cwd=folder, check=True, capture_output=True
    )


def run(command: Sequence[str], name: str, way: str, folder: Path) -> str:
    """What `command` prints for the job's work."""
    source = (JOBS / f"{name}.js").read_text(encoding="utf-8")
    specifier = next(iter(re.findall(r"^exports\.specifier = '(.*)';$", source, re.MULTILINE)), name)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TZ": "UTC", "LANG": "C.UTF-8"}
    done = subprocess.run(
        [*command, WAYS[way], specifier],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.replace(str(folder.resolve()), "<folder>")


def expected(name: str, way: str) -> str:
    """What Node printed."""
    lines = (JOBS / f"{name}.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    return dict(zip(ways(name), lines, strict=True))[way]


def record(node: str, chosen: Sequence[str]) -> None:
    """Have Node do the work anew."""
    for name in chosen or names():
        with tempfile.TemporaryDirectory() as path:
            folder = Path(path)
            install(name, folder)
            printed = [run([node, "--no-warnings"], name, way, folder) for way in ways(name)]
        (JOBS / f"{name}.txt").write_text("".join(printed), encoding="utf-8")


if __name__ == "__main__":
    record(sys.argv[1], sys.argv[2:])
