# SPDX-License-Identifier: Apache-2.0
"""Node's own tests of Node-API: ``test/js-native-api`` and ``test/node-api`` of its repository."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .addon_build import compile_target, read_gyp
from .case import Case, Toolbox
from .node_tests import ENVIRONMENT, flags_of

__all__ = ["NodeApi"]

FOLDERS = ("js-native-api", "node-api")


class NodeApi:
    """Each ``.js`` file beside a ``binding.gyp`` is a test, as for Node's runner."""

    def cases(self, root: Path, tools: Toolbox) -> Iterator[Case]:
        tests = root / "test"
        package = root / "package.json"
        if not package.exists():
            package.write_text('{"type": "commonjs"}\n', encoding="utf-8")
        folders = sorted(path.parent for part in FOLDERS for path in (tests / part).glob("*/binding.gyp"))
        with ThreadPoolExecutor(tools.jobs) as pool:
            complaints = list(pool.map(lambda folder: _build(folder, tools), folders))
        for folder, complaint in zip(folders, complaints, strict=True):
            for script in sorted(folder.glob("*.js")):
                flags = flags_of(script.read_text(encoding="utf-8"))
                yield Case(
                    script.relative_to(tests).as_posix(),
                    (*flags, str(script)),
                    root,
                    ENVIRONMENT,
                    failed=complaint,
                )


def _build(folder: Path, tools: Toolbox) -> str | None:
    release = folder / "build" / "Release"
    for target in read_gyp(folder / "binding.gyp"):
        if complaint := compile_target(target, release, tools):
            return f"{target.name} does not compile: {complaint}"
    # Where a runtime without process.config would look.
    undefined = release.with_name("undefined")
    if not undefined.is_symlink():
        undefined.symlink_to("Release")
    return None
