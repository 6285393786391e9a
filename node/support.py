# SPDX-License-Identifier: Apache-2.0
"""The support table of Node's standard library, `docs/stdlib.md`, export by export.

    python node/support.py            write the table
    python node/support.py --check    exit 1 when it is not up to date

What Node 24 exports is recorded in `tests/fixtures/node24-exports.json`; what becomes of each name here is
asked of the installed edgejs: it works, it refuses (calling it throws an error that names it), or is absent.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

__all__ = ["main", "render", "states"]

ROOT = Path(__file__).resolve().parent.parent
FACTS = ROOT / "tests" / "fixtures" / "node24-exports.json"
TABLE = ROOT / "docs" / "stdlib.md"

# Prints {module: {export: state}} for the exports on stdin, {module: null} for a module that is not there.
PROBE = """
const facts = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const isRefusing = (value) => typeof value === 'function' &&
  Object.getOwnPropertySymbols(value).some((symbol) => symbol.description === 'edgejs.refused');
const stateOf = (owner, name) => (name in owner ? (isRefusing(owner[name]) ? 'refuses' : 'works') : 'absent');
const found = {};
for (const [id, names] of Object.entries(facts)) {
  let exported;
  try {
    exported = require(`node:${id}`);
  } catch {
    found[id] = null; // not there at all: the table says so
    continue;
  }
  found[id] = Object.fromEntries(names.map((name) => [name, stateOf(exported, name)]));
}
process.stdout.write(JSON.stringify(found));
"""

States = dict[str, dict[str, str] | None]


def states() -> States:
    """The state of every export of Node 24, by module; None for a module that is absent."""
    outcome = subprocess.run(
        [sys.executable, "-m", "edgejs", "-e", PROBE],
        input=FACTS.read_text(encoding="utf-8"),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT / "tests",
    )
    found: States = json.loads(outcome.stdout)
    return found


def _names(exports: dict[str, str], state: str) -> list[str]:
    return [name for name, own in exports.items() if own == state]


def _row(module: str, exports: dict[str, str] | None, count: int) -> str:
    if exports is None:
        return f"| `{module}` | 0 | 0 | {count} | the module |"
    gone = _names(exports, "absent")
    missing = ", ".join(f"`{name}`" for name in [*_names(exports, "refuses"), *gone])
    works, refuses = len(_names(exports, "works")), len(_names(exports, "refuses"))
    return f"| `{module}` | {works} | {refuses} | {len(gone)} | {missing} |"


def render(found: States) -> str:
    """The page."""
    facts: dict[str, list[str]] = json.loads(FACTS.read_text(encoding="utf-8"))
    every = [state for exports in found.values() if exports is not None for state in exports.values()]
    total = sum(len(names) for names in facts.values())
    works, refuses = every.count("works"), every.count("refuses")
    rows = [_row(module, found[module], len(names)) for module, names in facts.items()]
    return "\n".join(
        [
            "# Node's standard library",
            "",
            "<!-- Written by node/support.py; do not edit. -->",
            "",
            "What becomes of every export of Node 24: it works; it refuses, which means that calling it",
            "throws an error which names it (`ERR_METHOD_NOT_IMPLEMENTED`); or it is absent. Names that",
            "start with `_` are left out.",
            "",
            f"Of {total} exports, {works} work, {refuses} refuse and {total - works - refuses} are absent.",
            "",
            "| module | works | refuses | absent | what does not work |",
            "| --- | ---: | ---: | ---: | --- |",
            *rows,
            "",
        ]
    )


def main(argv: Sequence[str] | None = None) -> int:
    """The command; 1 when `--check` finds the page out of date."""
    parser = argparse.ArgumentParser(description="The support table of Node's standard library")
    parser.add_argument("--check", action="store_true", help="compare only")
    options = parser.parse_args(argv)
    page = render(states())
    if options.check:
        if TABLE.is_file() and TABLE.read_text(encoding="utf-8") == page:
            return 0
        print(f"error: {TABLE.relative_to(ROOT)} is out of date; run python node/support.py", file=sys.stderr)
        return 1
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
