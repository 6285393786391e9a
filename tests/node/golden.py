# SPDX-License-Identifier: Apache-2.0
"""Scripts whose output was recorded from Node 24, and is compared with ours.

A script is `tests/fixtures/<area>/<name>.js`, what Node prints for it `<name>.txt`. After a change to a script:

    python tests/node/golden.py [--area loader] [NODE] [NAME ...]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
HELPERS = {"show", "tree"}  # what scripts require


def run(command: list[str], name: str, folder: Path, area: str = "node") -> str:
    """What `command` prints when it runs a script in an empty folder, whose own name is left out."""
    outcome = subprocess.run(
        [*command, str(FIXTURES / area / f"{name}.js")],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout.replace(str(folder.resolve()), "<folder>")


def expected(name: str, area: str = "node") -> str:
    """What Node printed."""
    return (FIXTURES / area / f"{name}.txt").read_text(encoding="utf-8")


def names(area: str = "node") -> list[str]:
    """All scripts."""
    return sorted(path.stem for path in (FIXTURES / area).glob("*.js") if path.stem not in HELPERS)


def record(arguments: list[str]) -> None:
    """Have Node print anew what its scripts print."""
    area = "node"
    if arguments[:1] == ["--area"]:
        _, area, *arguments = arguments
    node, *chosen = arguments or ["node"]
    for script in chosen or names(area):
        with tempfile.TemporaryDirectory() as folder:
            printed = run([node, "--no-warnings"], script, Path(folder), area)
            (FIXTURES / area / f"{script}.txt").write_text(printed, encoding="utf-8")


if __name__ == "__main__":
    record(sys.argv[1:])
