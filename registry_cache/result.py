# SPDX-License-Identifier: Apache-2.0
"""What an install did, as data, and npm's summary line for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .reify import Change, Plan

__all__ = ["InstallResult", "duration"]


def duration(seconds: float) -> str:
    """``656ms``, ``2s``, ``3m``: the package `ms`, as npm prints times."""
    if seconds < 1:
        return f"{round(seconds * 1000)}ms"
    return f"{int(seconds + 0.5)}s" if seconds < 60 else f"{int(seconds / 60 + 0.5)}m"


class InstallResult:
    """`added`, `changed`, `removed` list `Change`s; `direct` maps the project's dependencies to versions.

    `requested` are the names the caller gave, `scripts` the packages whose install scripts were not run,
    `seconds` the time it took.
    """

    def __init__(
        self,
        plan: Plan,
        direct: dict[str, str],
        requested: list[str],
        warnings: list[str],
        scripts: list[str],
    ) -> None:
        self.added: list[Change] = plan.added
        self.changed: list[Change] = plan.changed
        self.removed: list[Change] = plan.removed
        self.direct = direct
        self.requested = requested
        self.warnings = warnings
        self.scripts = scripts
        self.seconds = 0.0

    def __repr__(self) -> str:
        return f"<InstallResult {self.summary()}>"

    def summary(self) -> str:
        """``added 2 packages, and removed 1 package in 656ms``, or ``up to date in 603ms``."""
        parts = []
        for verb, changes in (("added", self.added), ("removed", self.removed), ("changed", self.changed)):
            if changes:
                parts.append(f"{verb} {len(changes)} package{'' if len(changes) == 1 else 's'}")
        text = ", and ".join(parts) if len(parts) < 3 else f"{parts[0]}, {parts[1]}, and {parts[2]}"
        return f"{text or 'up to date'} in {duration(self.seconds)}"

    def to_json(self) -> dict[str, Any]:
        """npm's ``--json`` document."""
        return {
            "add": [{"name": one.name, "version": one.new, "path": one.location} for one in self.added],
            "added": len(self.added),
            "change": [
                {
                    "from": {"name": one.name, "version": one.old, "path": one.location},
                    "to": {"name": one.name, "version": one.new, "path": one.location},
                }
                for one in self.changed
            ],
            "changed": len(self.changed),
            "remove": [{"name": one.name, "version": one.old, "path": one.location} for one in self.removed],
            "removed": len(self.removed),
            "skippedScripts": self.scripts,
        }
