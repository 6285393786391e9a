# SPDX-License-Identifier: Apache-2.0
"""The conformance test suite of Node-API, nodejs/node-api-cts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .addon_build import compile_target, read_cmake
from .case import Case, Toolbox

__all__ = ["Cts"]

PARTS = ("harness", "js-native-api", "node-api")
HARNESS = Path(__file__).with_name("cts_harness.js")


class Cts:
    """A test is a ``.js`` file in a folder where its addons lie; `HARNESS` gives it its two globals."""

    def cases(self, root: Path, tools: Toolbox) -> Iterator[Case]:
        tests = root / "tests"
        for part in PARTS:
            for script in sorted((tests / part).rglob("*.js")):
                yield Case(
                    script.relative_to(tests).as_posix(),
                    (str(HARNESS), str(script)),
                    script.parent,
                    failed=_build(script.parent, tools),
                )


def _build(folder: Path, tools: Toolbox) -> str | None:
    lists = folder / "CMakeLists.txt"
    for target in read_cmake(lists) if lists.exists() else []:
        if complaint := compile_target(target, folder, tools):
            return f"{target.name} does not compile: {complaint}"
    return None
