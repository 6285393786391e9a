# SPDX-License-Identifier: Apache-2.0
"""Scripts whose output was recorded from Node 24, and is compared with ours.

A script is `tests/fixtures/node/<name>.js`, what Node prints for it `<name>.txt`. After a change to a script:

    python tests/node/golden.py [NODE] [NAME ...]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "node"


def run(command: list[str], name: str, folder: Path) -> str:
    """What `command` prints when it runs a script in an empty folder, whose own name is left out."""
    outcome = subprocess.run(
        [*command, str(FIXTURES / f"{name}.js")],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout.replace(str(folder.resolve()), "<folder>")


def expected(name: str) -> str:
    """What Node printed."""
    return (FIXTURES / f"{name}.txt").read_text(encoding="utf-8")


def names() -> list[str]:
    """All scripts."""
    return sorted(path.stem for path in FIXTURES.glob("*.js") if path.stem != "show")


if __name__ == "__main__":
    node, *chosen = sys.argv[1:] or ["node"]
    for script in chosen or names():
        with tempfile.TemporaryDirectory() as folder:
            printed = run([node, "--no-warnings"], script, Path(folder))
            (FIXTURES / f"{script}.txt").write_text(printed, encoding="utf-8")
