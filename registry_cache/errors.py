# SPDX-License-Identifier: Apache-2.0
"""What can go wrong, as data: one exception class, npm's codes, and the facts a renderer needs.

Messages are npm's own (`lib/utils/error-message.js`, pacote, make-fetch-happen); the text that a
terminal shows around them is made in `report`, never here.
"""

from __future__ import annotations

import errno as _errno
import os
from typing import Any

__all__ = ["RegistryError", "os_error", "unsupported"]


class RegistryError(Exception):
    """A failure with npm's code.

    `code` is a string such as ``E404`` or ``ENOSPC``; `message` is npm's text; `details` holds what
    the code is about (``pkgid``, ``path``, ``errno``, ``syscall``, ``required``, ``current`` ...).
    """

    def __init__(self, code: str, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details: dict[str, Any] = details or {}

    def __repr__(self) -> str:
        return f"<RegistryError {self.code}: {self.message}>"


def os_error(error: OSError, syscall: str, path: str | None = None) -> RegistryError:
    """Turns an OSError into Node's shape: ``ENOSPC: no space left on device, write`` and its fields.

    `errno` is negative, as in libuv.
    """
    number = error.errno or 0
    code = _errno.errorcode.get(number, "EIO")
    where = path or (os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else None)
    text = (error.strerror or str(error)).lower()
    message = f"{code}: {text}, {syscall}" + (f" '{where}'" if where else "")
    details: dict[str, Any] = {"errno": -number, "syscall": syscall}
    if where:
        details["path"] = where
    dest = getattr(error, "filename2", None)
    if dest:
        details["dest"] = os.fsdecode(dest)
    return RegistryError(code, message, details)


def unsupported(kind: str, spec: str) -> RegistryError:
    """A spec npm understands and this version does not; the message names it."""
    return RegistryError(
        "EUNSUPPORTEDPROTOCOL",
        f'Unsupported URL Type "{kind}": {spec}',
        {"spec": spec, "kind": kind},
    )
