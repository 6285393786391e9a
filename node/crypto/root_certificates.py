# SPDX-License-Identifier: Apache-2.0
"""Certificates that are trusted when nobody says which: Mozilla's, the system's, extra ones."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from OpenSSL import crypto

from .key_input import pem_blocks

__all__ = ["bundled", "extra", "fresh_root_store", "root_store", "system"]


@lru_cache(maxsize=1)
def bundled() -> list[str]:
    """Mozilla's, in PEM."""
    import certifi

    return _texts(certifi.contents().encode())


def _texts(data: bytes) -> list[str]:
    return [text.decode() for label, _, _, text in pem_blocks(data) if label == "CERTIFICATE"]


@lru_cache(maxsize=1)
def system() -> list[str]:
    """The system's, in PEM."""
    import ssl

    paths = ssl.get_default_verify_paths()
    found: list[str] = []
    if paths.cafile:
        found += _texts(Path(paths.cafile).read_bytes())
    elif paths.capath:
        for file in sorted(Path(paths.capath).glob("*.0")):
            found += _texts(file.read_bytes())
    return [text + "\n" for text in found]


@lru_cache(maxsize=4)
def extra(file: str | None) -> list[str]:
    """Those of a file. OSError when it cannot be read."""
    return [] if not file else [text + "\n" for text in _texts(Path(file).read_bytes())]


@lru_cache(maxsize=4)
def root_store(with_system: bool, extra_file: str | None) -> Any:
    """One store for every context that trusts these: it is never changed."""
    return fresh_root_store(with_system, extra_file)


def fresh_root_store(with_system: bool, extra_file: str | None) -> Any:
    """A store of its own."""
    store = crypto.X509Store()
    try:
        more = extra(extra_file)
    except OSError:
        more = []  # Node goes on after a warning, which is given where the file is asked for
    for text in {*bundled(), *(system() if with_system else ()), *more}:
        store.add_cert(crypto.load_certificate(crypto.FILETYPE_PEM, text.encode()))
    return store
