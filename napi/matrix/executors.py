# SPDX-License-Identifier: Apache-2.0
"""Where cells are performed: in processes of this machine, or on the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict
from typing import Any, Protocol, cast

from .cells import Cell, Place
from .worker import perform_in_process

__all__ = ["DaskExecutor", "Executor", "LocalExecutor", "NoDask", "executor_of"]


class NoDask(Exception):
    """The cluster cannot be used: dask is not installed, or nobody answers."""


class Executor(Protocol):
    """Performs cells; outcomes come in any order."""

    def perform(self, cells: Sequence[Cell], place: Place) -> Iterator[tuple[Cell, dict[str, Any]]]: ...

    def close(self) -> None: ...


class LocalExecutor:
    """So many processes at a time on this machine."""

    def __init__(self, jobs: int) -> None:
        self._pool = ThreadPoolExecutor(jobs)

    def perform(self, cells: Sequence[Cell], place: Place) -> Iterator[tuple[Cell, dict[str, Any]]]:
        waiting = {
            self._pool.submit(perform_in_process, cell.as_json(), asdict(place)): cell for cell in cells
        }
        for future in as_completed(waiting):
            yield waiting[future], future.result()

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


class DaskExecutor:
    """The workers of a cluster. What a lost worker had to do another one does.

    The workers need edgejs, and the runtimes at the same paths. `Place.work` is a folder on each of them.
    """

    def __init__(self, address: str) -> None:
        try:
            import distributed
        except ImportError:
            raise NoDask("a cluster needs dask: pip install 'edgejs[cluster]'") from None
        try:
            self._client: Any = cast(Any, distributed).Client(address, timeout=10)
        except OSError as error:
            raise NoDask(f"{address}: {error}") from None

    def perform(self, cells: Sequence[Cell], place: Place) -> Iterator[tuple[Cell, dict[str, Any]]]:
        import distributed

        waiting = {
            self._client.submit(perform_in_process, cell.as_json(), asdict(place), pure=False): cell
            for cell in cells
        }
        for future in cast(Any, distributed).as_completed(waiting):
            error = future.exception()
            if error is None:
                yield waiting[future], future.result()
            else:  # the cluster gave up: the cell's workers were lost again and again
                message = {"name": type(error).__name__, "message": str(error)}
                yield waiting[future], {"stage": "worker", "error": message}

    def close(self) -> None:
        self._client.close()


def executor_of(where: str | None, jobs: int) -> Executor:
    """``dask://HOST:PORT``, or this machine. Raises `NoDask`."""
    if where is None:
        return LocalExecutor(jobs)
    scheme, sign, address = where.partition("://")
    if scheme != "dask" or not sign:
        raise NoDask(f"{where}: an executor is written dask://HOST:PORT")
    return DaskExecutor(f"tcp://{address}")
