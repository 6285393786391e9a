# SPDX-License-Identifier: Apache-2.0
"""The list of known results of a suite: a ratchet, which any change breaks, for the better too.

A file holds the number of tests, and a line for each that does not pass::

    tests: 99
    js-native-api/test_x/test.js: fail: why it fails, and whose fault it is
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .case import Result

__all__ = ["Known", "KnownError", "compare"]

OUTCOMES = ("fail", "crash", "timeout", "skip")
HEAD = "# SPDX-License-Identifier: Apache-2.0"


class KnownError(Exception):
    """The list cannot be read, or does not say why a test fails."""


@dataclass(frozen=True)
class Known:
    """``count`` tests, of which those in ``exceptions`` do not pass: name to outcome and reason."""

    count: int
    exceptions: Mapping[str, tuple[str, str]]

    @classmethod
    def read(cls, path: Path) -> Known:
        """Read a list. Raises `KnownError`; a list that is not there is empty."""
        count, exceptions = 0, {}
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        for number, line in enumerate(lines, 1):
            if not line.strip() or line.startswith("#"):
                continue
            name, _, rest = line.partition(": ")
            outcome, _, reason = rest.partition(": ")
            if name == "tests":
                count = int(rest)
            elif outcome not in OUTCOMES or not reason.strip():
                raise KnownError(f"{path.name}:{number}: expected `name: outcome: reason`, not {line!r}")
            else:
                exceptions[name] = (outcome, reason.strip())
        return cls(count, exceptions)

    @classmethod
    def of(cls, results: Sequence[Result], before: Known) -> Known:
        """What to write down after a run; reasons given before stay, the others are what the test said."""
        exceptions = {}
        for result in results:
            if result.outcome != "pass":
                outcome, reason = before.exceptions.get(result.name, ("", ""))
                kept = reason if outcome == result.outcome else result.detail or "no message"
                exceptions[result.name] = (result.outcome, kept)
        return cls(len(results), exceptions)

    def write(self, path: Path) -> None:
        lines = [HEAD, f"tests: {self.count}"]
        lines += [f"{name}: {outcome}: {why}" for name, (outcome, why) in sorted(self.exceptions.items())]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def compare(known: Known, results: Iterable[Result], *, whole: bool) -> list[str]:
    """What differs from the list, a sentence each; `whole` is false when only some tests were run."""
    results = list(results)
    changes = []
    for result in results:
        before, _ = known.exceptions.get(result.name, ("pass", ""))
        if result.outcome != before:
            detail = f" ({result.detail})" if result.detail else ""
            changes.append(f"{result.name}: {before} before, {result.outcome} now{detail}")
    if whole:
        gone = set(known.exceptions) - {result.name for result in results}
        changes += [f"{name}: in the list, not in the suite" for name in sorted(gone)]
        if known.count != len(results):
            changes.append(f"{known.count} tests before, {len(results)} now")
    return changes
