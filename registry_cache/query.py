# SPDX-License-Identifier: Apache-2.0
"""Paths into JSON as npm writes them: ``scripts.test``, ``contributors[0].name``, ``keywords[]``."""

from __future__ import annotations

import re
from typing import Any

from .errors import RegistryError

__all__ = ["delete", "get", "put"]

_STEP = re.compile(r"\.?([^.\[\]]+)|\[([^\]]*)\]")


def _steps(path: str) -> list[str | int | None]:
    """The steps of a path: keys, positions, and None for ``[]`` (at the end). Raises EINVALIDSYNTAX."""
    steps: list[str | int | None] = []
    at = 0
    while at < len(path):
        match = _STEP.match(path, at)
        if match is None or path.endswith("."):
            raise RegistryError("EINVALIDSYNTAX", f"Invalid path: {path}")
        key, inner = match.groups()
        if key is not None:
            steps.append(key)
        elif inner == "":
            steps.append(None)
        else:
            steps.append(int(inner) if inner.isdecimal() else inner)
        at = match.end()
    return steps


def get(value: Any, path: str, *, unwrap: bool = True) -> dict[str, Any]:
    """What `path` finds in `value`, by full path; a key asked of a list is asked of each of its members."""
    found: dict[str, Any] = {path: value[path]} if path in value else {"": value}
    for step in _steps(path) if path not in value else ():
        after: dict[str, Any] = {}
        for name, one in found.items():
            dotted = f"{name}.{step}" if name else str(step)
            if isinstance(one, list) and isinstance(step, str):
                for index, member in enumerate(one):
                    if isinstance(member, dict) and step in member:
                        after[f"{name}[{index}].{step}"] = member[step]
            elif isinstance(one, list) and step is None:
                after.update({f"{name}[{index}]": member for index, member in enumerate(one)})
            elif isinstance(one, list) and isinstance(step, int) and step < len(one):
                after[f"{name}[{step}]"] = one[step]
            elif isinstance(one, dict) and step is not None and str(step) in one:
                after[dotted if isinstance(step, str) else f"{name}[{step}]"] = one[str(step)]
        found = after
    if unwrap:
        found = {
            name: one[0] if isinstance(one, list) and len(one) == 1 else one for name, one in found.items()
        }
    return found


def put(value: dict[str, Any], path: str, new: Any, *, force: bool = False) -> None:
    """Sets what `path` means, making objects and lists on the way.

    Raises RegistryError EOVERRIDEVALUE when something of another kind is in the way, unless `force`.
    """
    steps = _steps(path)
    here: Any = value
    for step, following in zip(steps, [*steps[1:], ""], strict=True):
        last = following == ""
        kind: Any = list if following is None or isinstance(following, int) else dict
        if isinstance(here, list):
            position = len(here) if step is None else step
            if not isinstance(position, int) or position > len(here):
                raise RegistryError("ENOINDEX", f"Can't set {path}: {step} is no place of the list")
            if position == len(here):
                here.append(new if last else kind())
            elif last:
                here[position] = new
            here = here[position]
            continue
        key = str(step)
        if last:
            here[key] = new
        else:
            if not isinstance(here.get(key), kind):
                if key in here and here[key] is not None and not force:
                    raise RegistryError(
                        "EOVERRIDEVALUE", f"Property {key} already exists and is not an Array or Object."
                    )
                here[key] = kind()
            here = here[key]


def delete(value: dict[str, Any], path: str) -> None:
    """Takes away what `path` means; nothing happens when it is not there."""
    *steps, last = _steps(path)
    here: Any = value
    for step in steps:
        if isinstance(here, list):
            here = here[step] if isinstance(step, int) and step < len(here) else None
        else:
            here = here.get(str(step)) if isinstance(here, dict) else None
    if isinstance(here, list) and isinstance(last, int) and last < len(here):
        del here[last]
    elif isinstance(here, dict):
        here.pop(str(last), None)
