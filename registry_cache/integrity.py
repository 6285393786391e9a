# SPDX-License-Identifier: Apache-2.0
"""Subresource Integrity strings (``sha512-<base64> sha1-...``), as ssri reads them."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

from .errors import RegistryError

__all__ = ["Checker", "from_shasum", "hex_digest", "matches", "strongest"]

_STRENGTH = ("sha512", "sha384", "sha256", "sha1", "md5")


def _parts(integrity: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in integrity.split():
        algorithm, dash, rest = word.partition("-")
        if dash and algorithm in _STRENGTH:
            found.setdefault(algorithm, []).append(rest.partition("?")[0])
    return found


def strongest(integrity: str) -> tuple[str, list[str]]:
    """The strongest algorithm named and its base64 digests; RegistryError EINVALIDINTEGRITY if none."""
    parts = _parts(integrity)
    for algorithm in _STRENGTH:
        if algorithm in parts:
            return algorithm, parts[algorithm]
    raise RegistryError(
        "EINVALIDINTEGRITY", f"No usable digest in integrity '{integrity}'", {"integrity": integrity}
    )


def hex_digest(integrity: str) -> tuple[str, str]:
    """(algorithm, lower-case hex) of the first strongest digest: the key of a store entry."""
    algorithm, digests = strongest(integrity)
    try:
        return algorithm, base64.b64decode(digests[0], validate=True).hex()
    except binascii.Error as error:
        raise RegistryError(
            "EINVALIDINTEGRITY", f"Malformed digest in integrity '{integrity}'", {"integrity": integrity}
        ) from error


def from_shasum(shasum: str) -> str:
    """The ``sha1-...`` string of an old packument's hex ``dist.shasum``."""
    return "sha1-" + base64.b64encode(bytes.fromhex(shasum)).decode("ascii")


def matches(left: str, right: str) -> bool:
    """Do the two agree on the strongest algorithm they share (``ssri.parse(a).match(b)``)?"""
    ours, theirs = _parts(left), _parts(right)
    for algorithm in _STRENGTH:
        if algorithm in ours and algorithm in theirs:
            return bool(set(ours[algorithm]) & set(theirs[algorithm]))
    return False


class Checker:
    """Hashes a stream once: always sha512, and the wanted algorithm too when it is another."""

    def __init__(self, wanted: str | None) -> None:
        self.wanted = wanted
        self.size = 0
        self._sha512 = hashlib.sha512()
        self._algorithm, self._digests = strongest(wanted) if wanted else ("sha512", [])
        self._other: Any = None if self._algorithm == "sha512" else hashlib.new(self._algorithm)

    def update(self, chunk: bytes) -> None:
        self.size += len(chunk)
        self._sha512.update(chunk)
        if self._other is not None:
            self._other.update(chunk)

    @property
    def integrity(self) -> str:
        """The ``sha512-...`` string of all that was seen."""
        return "sha512-" + base64.b64encode(self._sha512.digest()).decode("ascii")

    def verify(self, what: str) -> str:
        """`integrity`, or RegistryError EINTEGRITY with ssri's text when the wanted digest differs."""
        if self.wanted is None:
            return self.integrity
        hasher = self._sha512 if self._other is None else self._other
        got = base64.b64encode(hasher.digest()).decode("ascii")
        if got in self._digests:
            return self.integrity
        found = f"{self._algorithm}-{got}"
        raise RegistryError(
            "EINTEGRITY",
            f"{self.wanted} integrity checksum failed when using {self._algorithm}: "
            f"wanted {self.wanted} but got {found}. ({self.size} bytes)",
            {"expected": self.wanted, "found": found, "algorithm": self._algorithm, "pkgid": what},
        )
