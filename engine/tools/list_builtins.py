# SPDX-License-Identifier: Apache-2.0
"""List the JavaScript library for `embed_builtins`: `id<TAB>path`, sorted by id in byte order.

    python list_builtins.py PREFIX=FOLDER... > LIST

An id is PREFIX plus the path below FOLDER without `.js`.
"""

from __future__ import annotations

import sys
from pathlib import Path


def builtins(prefix: str, folder: Path) -> dict[str, Path]:
    """The builtins below `folder`, by id."""
    return {prefix + path.relative_to(folder).as_posix()[:-3]: path for path in folder.rglob("*.js")}


def main() -> None:
    found: dict[str, Path] = {}
    for argument in sys.argv[1:]:
        prefix, _, folder = argument.partition("=")
        found.update(builtins(prefix, Path(folder)))
    for name in sorted(found, key=str.encode):
        print(f"{name}\t{found[name]}")


if __name__ == "__main__":
    main()
