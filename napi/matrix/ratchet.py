# SPDX-License-Identifier: Apache-2.0
"""Two runs side by side: what got worse, what got better."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .verdicts import FINE

__all__ = ["Change", "changes"]


@dataclass(frozen=True)
class Change:
    """A cell whose verdict is another one now; `None` where a run does not have the cell."""

    package: str
    spec: str
    runtime: str
    old: str | None
    new: str | None
    reason: str

    @property
    def is_regression(self) -> bool:
        """It was fine and is not any more, or only the words were the same."""
        if self.old is None or self.new is None:
            return False
        return (self.old in FINE and self.new not in FINE) or (self.old, self.new) == (
            "passes",
            "message-differs",
        )


def changes(old: Iterable[dict[str, Any]], new: Iterable[dict[str, Any]]) -> Iterator[Change]:
    """The cells that differ, in the order of the new run, those that are gone last."""
    before = {_key(line): line for line in old}
    for line in new:
        known = before.pop(_key(line), None)
        if known is None or known["verdict"] != line["verdict"]:
            yield Change(*_key(line), known["verdict"] if known else None, line["verdict"], line["reason"])
    for key, line in before.items():
        yield Change(*key, line["verdict"], None, "not in the new run")


def _key(line: dict[str, Any]) -> tuple[str, str, str]:
    return line["package"], line["spec"], line["runtime"]
