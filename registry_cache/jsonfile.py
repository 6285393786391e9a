# SPDX-License-Identifier: Apache-2.0
"""JSON files that people own: read with their formatting, written back the same way, all or nothing."""

from __future__ import annotations

import json
import os
import re
from typing import Any

from .errors import RegistryError, os_error
from .order import locale_key

__all__ = ["Style", "dump", "nicely_sorted", "read", "write"]

_EMPTY = re.compile(r"(?:\{\}|\[\])((?:\r?\n)+)?\Z")
_FORMAT = re.compile(r"\s*[{\[]((?:\r?\n)+)([\s\t]+)")


class Style:
    """Indentation and line ending (json-parse-even-better-errors); both empty for one line of JSON."""

    __slots__ = ("indent", "newline")

    def __init__(self, indent: str = "  ", newline: str = "\n") -> None:
        self.indent = indent
        self.newline = newline

    @classmethod
    def of(cls, text: str) -> Style:
        empty = _EMPTY.match(text)
        if empty:
            return cls("  ", empty.group(1) or "\n")
        found = _FORMAT.match(text)
        return cls(found.group(2), found.group(1)) if found else cls("", "")


def dump(value: Any, style: Style) -> str:
    """The text of a JSON file: `JSON.stringify(value, null, indent)` and a newline."""
    if style.indent:
        text = json.dumps(value, indent=style.indent[:10], ensure_ascii=False)
    else:
        text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return (text + "\n").replace("\n", style.newline)


def read(path: str) -> tuple[dict[str, Any], Style] | None:
    """The object in a file and its style; None when there is no file.

    Raises RegistryError EJSONPARSE with npm's text, or the OS code.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            text = file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise os_error(error, "open", path) from error
    except UnicodeDecodeError as error:
        raise RegistryError("EJSONPARSE", f"Invalid package.json: {error}", {"path": path}) from error
    try:
        value = json.loads(text)
    except ValueError as error:
        raise RegistryError(
            "EJSONPARSE", f"Invalid {os.path.basename(path)}: JSONParseError: {error}", {"path": path}
        ) from error
    if not isinstance(value, dict):
        raise RegistryError(
            "EJSONPARSE", f"Invalid {os.path.basename(path)}: must be an object", {"path": path}
        )
    return value, Style.of(text)


def write(path: str, text: str, *, blanks_matter: bool = True) -> bool:
    """Replaces a file in one step: all see the old text or the new. False when it was the same."""
    temporary = f"{path}.{os.getpid()}.tmp"
    mode = 0o644
    try:
        try:
            with open(path, encoding="utf-8", errors="surrogatepass", newline="") as file:
                current = file.read()
                mode = os.fstat(file.fileno()).st_mode & 0o777
            if current == text or (not blanks_matter and current.strip() == text.strip()):
                return False
        except (FileNotFoundError, UnicodeDecodeError):
            pass  # there is nothing to keep
        with open(temporary, "w", encoding="utf-8", errors="surrogatepass", newline="") as file:
            file.write(text)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
        return True
    except OSError as error:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise os_error(error, "write", path) from error


def nicely_sorted(value: Any, preferred: tuple[str, ...]) -> Any:
    """Keys in json-stringify-nice's order: plain values before objects, `preferred` first, then by locale."""
    if not isinstance(value, dict):
        return value

    def key(item: tuple[str, Any]) -> tuple[Any, ...]:
        name, content = item
        rank = preferred.index(name) if name in preferred else len(preferred)
        return isinstance(content, dict), rank, locale_key(name)

    return {name: nicely_sorted(content, preferred) for name, content in sorted(value.items(), key=key)}
