# SPDX-License-Identifier: Apache-2.0
"""What an install tells the outside while it runs: hooks that do nothing unless overridden."""

from __future__ import annotations

__all__ = ["Reporter"]


class Reporter:
    """No-op hooks. They are called from several threads; an override must be quick and thread-safe."""

    def requesting(self, url: str) -> None:
        """A GET is about to be sent."""

    def answered(self, url: str) -> None:
        """The answer to a GET has been read, or it failed."""

    def retrying(self, url: str, reason: str, wait: float) -> None:
        """A GET failed and will be sent again after `wait` seconds."""

    def resolving(self, name: str) -> None:
        """The tree needs the package `name`."""

    def planned(self, total: int) -> None:
        """`total` packages will be put into node_modules."""

    def fetched(self, pkgid: str) -> None:
        """One package is in the store."""

    def linked(self, pkgid: str) -> None:
        """One package is in its place."""

    def running(self, pkgid: str, event: str) -> None:
        """An install script is about to run."""

    def warn(self, code: str, message: str) -> None:
        """Something npm would warn about."""

    def finish(self) -> None:
        """Nothing more will come; a display must leave the terminal clean."""
