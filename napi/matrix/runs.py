# SPDX-License-Identifier: Apache-2.0
"""A run: the reference column first, then the others, each verdict written as soon as it is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .cells import Cell, Place
from .executors import Executor
from .plan import Row
from .results import Log, record
from .runtimes import Runtime
from .verdicts import judge

__all__ = ["Run"]


class Run:
    """The cells of `rows` and `runtimes`, those that `log` knows already left out.

    `recorded` has outcomes of the reference from an earlier run, by package and spec; they serve where no
    column is the reference. `tell` is called with each new line of the results.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        runtimes: Sequence[Runtime],
        reference: Runtime | None,
        log: Log,
        *,
        recorded: dict[tuple[str, str], dict[str, Any]] | None = None,
        tell: Callable[[dict[str, Any]], None] = lambda line: None,
    ) -> None:
        self.cells = [Cell(row, runtime) for row in rows for runtime in runtimes]
        self.reference = reference
        self._log = log
        self._recorded = recorded or {}
        self._tell = tell

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The results of all cells that are done, in the order of the plan."""
        return [self._log.known[cell.id] for cell in self.cells if cell.id in self._log.known]

    def perform(self, executor: Executor, place: Place) -> None:
        first = [cell for cell in self.cells if cell.runtime == self.reference]
        others = [cell for cell in self.cells if cell.runtime != self.reference]
        for cells in (first, others):
            missing = [cell for cell in cells if cell.id not in self._log.known]
            for cell, outcome in executor.perform(missing, place):
                self._finish(cell, outcome)

    def _finish(self, cell: Cell, outcome: dict[str, Any]) -> None:
        is_reference = cell.runtime == self.reference
        verdict = judge(
            outcome,
            outcome if is_reference else self._reference(cell.row),
            cell.row.limits,
            is_node=cell.runtime.kind == "node",
        )
        line = record(cell, outcome, verdict, is_reference)
        self._log.write(line)
        self._tell(line)

    def _reference(self, row: Row) -> dict[str, Any] | None:
        if self.reference is None:
            return self._recorded.get((row.name, row.spec))
        known = self._log.known.get(Cell(row, self.reference).id)
        return None if known is None else known["outcome"]
