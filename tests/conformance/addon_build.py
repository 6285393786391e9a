# SPDX-License-Identifier: Apache-2.0
"""Addons of the suites, compiled without node-gyp or CMake."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .case import Toolbox

__all__ = ["Target", "compile_target", "read_cmake", "read_gyp"]

CPP = (".cc", ".cpp", ".cxx")


@dataclass(frozen=True)
class Target:
    """A shared object ``name.node`` out of ``sources``, with ``defines`` and further compiler options."""

    name: str
    sources: tuple[Path, ...]
    defines: tuple[str, ...] = ()
    cflags: tuple[str, ...] = ()
    cxxflags: tuple[str, ...] = ()


def read_gyp(path: Path) -> list[Target]:
    """The targets of a ``binding.gyp``: a Python literal with comments, as gyp reads it.

    Raises `ValueError` for what an addon's test has no use for (conditions, other kinds of target).
    """
    content: dict[str, Any] = ast.literal_eval(path.read_text(encoding="utf-8"))
    targets = []
    for target in content["targets"]:
        unknown = set(target) - {"target_name", "sources", "defines", "cflags_cc", "cflags!", "cflags_cc!"}
        if unknown:
            raise ValueError(f"{path}: {', '.join(sorted(unknown))} is not understood")
        sources = [path.parent / name for name in target["sources"] if not name.endswith(".h")]
        targets.append(
            Target(
                target["target_name"],
                tuple(sources),
                (f"NODE_GYP_MODULE_NAME={target['target_name']}", *target.get("defines", ())),
                cxxflags=tuple(target.get("cflags_cc", ())),
            )
        )
    return targets


def read_cmake(path: Path) -> list[Target]:
    """The targets of a ``CMakeLists.txt`` of the CTS: lines ``add_node_api_cts_addon(NAME SOURCE...)``."""
    calls = re.findall(r"add_node_api_cts_addon\(\s*(\S+)\s+([^)]*)\)", path.read_text(encoding="utf-8"))
    return [
        Target(name, tuple(path.parent / source for source in sources.split()), (f"ADDON_NAME={name}",))
        for name, sources in calls
    ]


def compile_target(target: Target, folder: Path, tools: Toolbox) -> str | None:
    """Compile into `folder`, unless that is done already: the compiler's complaint, or `None`."""
    made = folder / f"{target.name}.node"
    made_with = folder / f"{target.name}.made-with"
    recipe = repr((target, tools.cc, tools.cxx, tools.headers))
    headers = [header for source in target.sources for header in source.parent.glob("*.h")]
    newest = max(path.stat().st_mtime for path in (*target.sources, *headers))
    if made_with.exists() and made_with.stat().st_mtime > newest and made_with.read_text() == recipe:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    common = [
        "-fPIC",
        "-O1",
        "-g",
        "-DBUILDING_NODE_EXTENSION",
        *(f"-D{define}" for define in target.defines),
    ]
    common += ["-isystem", str(tools.headers)]
    objects = []
    for source in target.sources:
        object_ = folder / f"{target.name}-{source.stem}.o"
        objects.append(str(object_))
        if source.suffix in CPP:
            command = [tools.cxx, "-std=gnu++20", *target.cxxflags]
        else:
            command = [tools.cc, "-std=gnu11", *target.cflags]
        if complaint := _run([*command, *common, "-c", str(source), "-o", str(object_)]):
            return complaint
    linker = tools.cxx if any(source.suffix in CPP for source in target.sources) else tools.cc
    if complaint := _run([linker, "-shared", *objects, "-o", str(made), "-lpthread"]):
        return complaint
    made_with.write_text(recipe, encoding="utf-8")
    return None


def _run(command: Sequence[str]) -> str | None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return None
    errors = [line for line in done.stderr.splitlines() if "error" in line]
    return (errors or done.stderr.splitlines() or ["the compiler failed"])[0]
