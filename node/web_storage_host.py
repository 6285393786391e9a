# SPDX-License-Identifier: Apache-2.0
"""The items of `localStorage` and `sessionStorage`, in Node's tables: each can read the other's files."""

from __future__ import annotations

import sqlite3

from ..engine.errors import HostError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["binding"]

_QUOTA = 10 * 1024 * 1024  # bytes of keys and values, in UTF-16
_MEMORY = ":memory:"
_BUSY_SECONDS = 3.0
_SCHEMA = f"""
PRAGMA encoding = 'UTF-16le';
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS nodejs_webstorage(
  key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY(key)
) STRICT;
CREATE TABLE IF NOT EXISTS nodejs_webstorage_state(
  max_size INTEGER NOT NULL DEFAULT {_QUOTA},
  total_size INTEGER NOT NULL,
  schema_version INTEGER NOT NULL DEFAULT 0,
  single_row_ INTEGER NOT NULL DEFAULT 1 CHECK(single_row_ = 1),
  PRIMARY KEY(single_row_)
) STRICT;
INSERT OR IGNORE INTO nodejs_webstorage_state(total_size, schema_version) VALUES (0, 1);
"""
# The triggers keep the size of all that is stored, and refuse what would be too much.
_SIZE_OF = "LENGTH({0}.key) + LENGTH({0}.value)"
_TRIGGERS = {
    "insert": _SIZE_OF.format("NEW"),
    "update": f"{_SIZE_OF.format('NEW')} - ({_SIZE_OF.format('OLD')})",
}
_TRIGGERS["delete"] = f"-({_SIZE_OF.format('OLD')})"


def _to_blob(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def _to_text(blob: bytes) -> str:
    return blob.decode("utf-16-le", "surrogatepass")


def _open(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, _BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    if sqlite3.sqlite_version_info < (3, 43):  # the triggers in Node's files ask for it
        connection.create_function("octet_length", 1, len, deterministic=True)
    connection.executescript(_SCHEMA)
    for event, change in _TRIGGERS.items():
        connection.execute(
            f"CREATE TRIGGER IF NOT EXISTS nodejs_quota_{event} AFTER {event} ON nodejs_webstorage"
            f" FOR EACH ROW BEGIN UPDATE nodejs_webstorage_state SET total_size = total_size + {change};"
            " SELECT RAISE(ABORT, 'QuotaExceeded') WHERE EXISTS"
            " (SELECT 1 FROM nodejs_webstorage_state WHERE total_size > max_size); END"
        )
    return connection


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('web_storage_host')`. The first use of a path opens it."""
    areas: dict[str, sqlite3.Connection] = {}

    def execute(path: str, sql: str, *values: bytes | int) -> sqlite3.Cursor:
        try:
            if path not in areas:
                if isolate.permissions is not None and path != _MEMORY:
                    isolate.permissions.require("fs.read", path)
                    isolate.permissions.require("fs.write", path)
                areas[path] = _open(path)
            return areas[path].execute(sql, values)
        except sqlite3.Error as error:
            if str(error) == "QuotaExceeded":
                raise HostError(str(error), code="ERR_QUOTA_EXCEEDED") from None
            raise HostError(str(error), code="ERR_INVALID_STATE") from None

    def first(cursor: sqlite3.Cursor) -> str | None:
        row = cursor.fetchone()
        return None if row is None else _to_text(row[0])

    def get(path: str, key: str) -> str | None:
        return first(execute(path, "SELECT value FROM nodejs_webstorage WHERE key = ?", _to_blob(key)))

    def put(path: str, key: str, value: str) -> None:
        sql = (
            "INSERT INTO nodejs_webstorage(key, value) VALUES (?, ?)"
            " ON CONFLICT(key) DO UPDATE SET value = excluded.value WHERE value != excluded.value"
        )
        execute(path, sql, _to_blob(key), _to_blob(value))

    def remove(path: str, key: str) -> None:
        execute(path, "DELETE FROM nodejs_webstorage WHERE key = ?", _to_blob(key))

    def clear(path: str) -> None:
        execute(path, "DELETE FROM nodejs_webstorage")

    def size(path: str) -> int:
        count: int = execute(path, "SELECT COUNT(*) FROM nodejs_webstorage").fetchone()[0]
        return count

    def key_at(path: str, index: int) -> str | None:
        return first(execute(path, "SELECT key FROM nodejs_webstorage LIMIT 1 OFFSET ?", index))

    def keys(path: str) -> list[str]:
        return [_to_text(key) for (key,) in execute(path, "SELECT key FROM nodejs_webstorage")]

    return {
        "get": get,
        "put": put,
        "remove": remove,
        "clear": clear,
        "size": size,
        "keyAt": key_at,
        "keys": keys,
    }
