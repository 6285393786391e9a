# SPDX-License-Identifier: Apache-2.0
"""Databases for `node:sqlite`, over Python's sqlite3."""

from __future__ import annotations

import itertools
import sqlite3
import warnings
from urllib.parse import quote, unquote, urlsplit

from edgejs.engine.errors import HostError
from edgejs.engine.values import JSBigInt, Reference, null
from edgejs.node.sqlite_text import first_statement, parameters, statements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

__all__ = ["binding"]

SAFE_INTEGER = 2**53 - 1

# sqlite3_errstr() of the primary result codes.
_TEXTS = {
    1: "SQL logic error",
    3: "access permission denied",
    4: "query aborted",
    5: "database is locked",
    6: "database table is locked",
    7: "out of memory",
    8: "attempt to write a readonly database",
    9: "interrupted",
    10: "disk I/O error",
    11: "database disk image is malformed",
    12: "unknown operation",
    13: "database or disk is full",
    14: "unable to open database file",
    15: "locking protocol",
    17: "database schema has changed",
    18: "string or blob too big",
    19: "constraint failed",
    20: "datatype mismatch",
    21: "bad parameter or other API misuse",
    23: "authorization denied",
    25: "column index out of range",
    26: "file is not a database",
}


def _fault(error: sqlite3.Error) -> HostError:
    """The error as Node has it."""
    kind = 19 if isinstance(error, sqlite3.IntegrityError) else 1  # all that Python tells before 3.11
    code = getattr(error, "sqlite_errorcode", kind)
    text = _TEXTS.get(code & 0xFF, "unknown error")
    return HostError(str(error), code="ERR_SQLITE_ERROR", errcode=code, errstr=text)


def _to_sql(value: Any) -> Any:
    if isinstance(value, JSBigInt):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)  # numbers are doubles, BigInts are integers
    return value if value is None or isinstance(value, (float, str)) else bytes(value)


def _to_js(value: Any, big: bool) -> Any:
    if value is None:
        return null
    if isinstance(value, int):
        if big:
            return JSBigInt(value)
        if abs(value) > SAFE_INTEGER:
            message = f"Value is too large to be represented as a JavaScript number: {value}"
            raise HostError(message, name="RangeError", code="ERR_OUT_OF_RANGE")
    return value


class _Database:
    """An open connection, and the cursors of iterators that are on the way."""

    def __init__(self, isolate: Any, path: str, read_only: bool, timeout: float) -> None:
        self._isolate = isolate
        self._restricted = isolate.permissions is not None
        self._raised: BaseException | None = None  # by JavaScript that SQLite called
        self._decisions: dict[str, list[int]] = {}  # of the authorizer, by statement
        self._recorded: list[int] | None = None  # while a statement is prepared
        self._replayed: Iterator[int] | None = None  # while it runs, which compiles it again
        if path.startswith("file:") or path in (":memory:", ""):
            name = path
        else:
            name = f"file:{quote(path)}?mode={'ro' if read_only else 'rwc'}"
        self.connection = sqlite3.connect(
            name, timeout=timeout, isolation_level=None, check_same_thread=False, uri=name.startswith("file:")
        )

    def execute(self, sql: str, values: list[Any]) -> sqlite3.Cursor:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of names whose values come in a list
            try:
                return self.connection.execute(sql, values)
            except sqlite3.Error as error:
                raise self.explain(error) from None

    def prepare(self, sql: str, count: int) -> None:
        """Compile a statement, which is all that can be done before its parameters are known."""
        self._recorded = self._decisions[sql] = []
        try:
            self.execute(f"EXPLAIN {sql}", [None] * count).close()
        finally:
            self._recorded = None

    def run(self, sql: str, values: list[Any]) -> sqlite3.Cursor:
        """Execute a statement that was prepared."""
        decisions = self._decisions.get(sql)
        self._replayed = None if decisions is None else iter(decisions)
        try:
            return self.execute(sql, values)
        finally:
            self._replayed = None

    def changes(self) -> tuple[int, int]:
        """How many rows the last change was about, and the newest row."""
        self._replayed = iter(())  # nobody is asked about this one
        found: tuple[int, int] = self.connection.execute("SELECT changes(), last_insert_rowid()").fetchone()
        self._replayed = None
        return found

    def authorize(self, function: Any) -> None:
        """Ask a JavaScript function what statements may do, once for each that is prepared."""

        def decide(action: int, *details: str | None) -> int:
            if self._restricted and action == sqlite3.SQLITE_ATTACH:
                return sqlite3.SQLITE_DENY  # it would open any file
            if self._replayed is not None:
                return next(self._replayed, sqlite3.SQLITE_OK)
            if function is None:
                return sqlite3.SQLITE_OK
            try:
                code = int(
                    self._isolate.call(
                        function, None, action, *[null if one is None else one for one in details]
                    )
                )
            except BaseException as error:
                self._raised = error
                code = sqlite3.SQLITE_DENY
            if self._recorded is not None:
                self._recorded.append(code)
            return code

        self._decisions.clear()
        self.connection.set_authorizer(decide if function is not None or self._restricted else None)

    def explain(self, error: sqlite3.Error) -> BaseException:
        """What JavaScript threw inside of SQLite, else SQLite's own error."""
        raised, self._raised = self._raised, None
        return raised if raised is not None else _fault(error)

    def calling(self, function: Any, big: bool) -> Callable[..., Any]:
        """A JavaScript function for SQLite to call."""

        def call(*values: Any) -> Any:
            try:
                result = self._isolate.call(function, None, *[_to_js(value, big) for value in values])
                if isinstance(result, Reference):
                    result = self._isolate.copy(result)  # bytes
                return _to_sql(None if result is null else result)
            except BaseException as error:
                self._raised = error
                raise

        return call


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('sqlite_host')`."""
    databases: dict[int, _Database] = {}
    cursors: dict[int, tuple[_Database, sqlite3.Cursor, bool]] = {}
    numbers: Iterator[int] = itertools.count(1)

    def require(path: str) -> None:
        if isolate.permissions is not None and path not in (":memory:", ""):
            name = unquote(urlsplit(path).path) if path.startswith("file:") else path
            isolate.permissions.require("fs.read", name)
            isolate.permissions.require("fs.write", name)

    def open_database(path: str, read_only: bool, timeout: float, foreign_keys: bool) -> int:
        require(path)
        try:
            database = _Database(isolate, path, read_only, timeout / 1000)
            if isolate.permissions is not None:
                database.authorize(None)
            database.connection.execute(f"PRAGMA foreign_keys = {int(foreign_keys)}")
        except sqlite3.Error as error:
            raise _fault(error) from None
        number = next(numbers)
        databases[number] = database
        return number

    def close(number: int) -> None:
        for key in [key for key, (database, *_) in cursors.items() if database is databases[number]]:
            del cursors[key]
        databases.pop(number).connection.close()

    def execute_script(number: int, sql: str) -> None:
        for statement in statements(sql):
            databases[number].execute(statement, [None] * len(parameters(statement))).fetchall()

    def prepare(number: int, sql: str) -> list[Any]:
        """The statement, and the names of its parameters; compiled once to learn what is wrong with it."""
        statement = first_statement(sql)
        names = parameters(statement)
        if statement:
            databases[number].prepare(statement, len(names))
        return [statement, names]

    def start(number: int, sql: str, values: list[Any]) -> sqlite3.Cursor:
        return databases[number].run(sql, [_to_sql(value) for value in values])

    def rows(number: int, cursor: sqlite3.Cursor, big: bool, count: int | None) -> list[list[Any]]:
        try:
            found = cursor.fetchall() if count is None else cursor.fetchmany(count)
        except sqlite3.Error as error:
            raise databases[number].explain(error) from None
        return [[_to_js(value, big) for value in row] for row in found]

    def names_of(cursor: sqlite3.Cursor) -> list[str]:
        return [column[0] for column in cursor.description or ()]

    def run(number: int, sql: str, values: list[Any]) -> list[Any]:
        cursor = start(number, sql, values)
        rows(number, cursor, True, None)
        return [JSBigInt(value) for value in databases[number].changes()]

    def query(number: int, sql: str, values: list[Any], big: bool, count: int | None) -> list[Any]:
        cursor = start(number, sql, values)
        found = [names_of(cursor), rows(number, cursor, big, count)]
        cursor.close()
        return found

    def iterate(number: int, sql: str, values: list[Any], big: bool) -> list[Any]:
        cursor = start(number, sql, values)
        key = next(numbers)
        cursors[key] = (databases[number], cursor, big)
        return [key, names_of(cursor)]

    def next_row(key: int) -> list[Any] | None:
        if key not in cursors:
            return None
        database, cursor, big = cursors[key]
        try:
            row = cursor.fetchone()
        except sqlite3.Error as error:
            raise database.explain(error) from None
        if row is None:
            del cursors[key]
            return None
        return [_to_js(value, big) for value in row]

    def drop_cursor(key: int) -> None:
        if key in cursors:
            cursors.pop(key)[1].close()

    def define(number: int, name: str, count: int, deterministic: bool, big: bool, function: Any) -> None:
        database = databases[number]
        call = database.calling(function, big)
        database.connection.create_function(name, count, call, deterministic=deterministic)

    def define_aggregate(number: int, name: str, count: int, big: bool, functions: dict[str, Any]) -> None:
        database = databases[number]

        class Aggregate:
            def __init__(self) -> None:
                self._total = isolate.call(functions["start"], None)

            def step(self, *values: Any) -> None:
                self._total = self._change("step", values)

            def inverse(self, *values: Any) -> None:
                self._total = self._change("inverse", values)

            def value(self) -> Any:
                return self._result()

            def finalize(self) -> Any:
                return self._result()

            def _change(self, which: str, values: tuple[Any, ...]) -> Any:
                total = self._total
                return keep(functions[which], total, *[_to_js(value, big) for value in values])

            def _result(self) -> Any:
                result = keep(functions["result"], self._total) if "result" in functions else self._total
                return _to_sql(None if result is null else result)

        def keep(function: Any, *values: Any) -> Any:
            try:
                return isolate.call(function, None, *values)
            except BaseException as error:
                database._raised = error
                raise

        if "inverse" in functions:
            create = getattr(database.connection, "create_window_function", None)
            if create is None:
                message = "The option 'inverse' of DatabaseSync.aggregate() needs Python 3.11"
                raise HostError(message, code="ERR_METHOD_NOT_IMPLEMENTED")
            create(name, count, Aggregate)
        else:
            database.connection.create_aggregate(name, count, Aggregate)

    def backup(number: int, path: str, source: str, target: str, pages: int, progress: Any) -> int:
        require(path)
        copied = 0

        def tell(_status: int, remaining: int, total: int) -> None:
            nonlocal copied
            copied = total
            if progress is not None and remaining > 0:
                isolate.call(progress, None, total, remaining)

        try:
            destination = sqlite3.connect(path, isolation_level=None)
            try:
                databases[number].connection.backup(destination, pages=pages, progress=tell, name=source)
            finally:
                destination.close()
        except sqlite3.Error as error:
            raise _fault(error) from None
        return copied

    def limit(number: int, category: int, value: int) -> int:
        connection = databases[number].connection
        if not hasattr(connection, "setlimit"):
            message = "DatabaseSync.limits needs Python 3.11"
            raise HostError(message, code="ERR_METHOD_NOT_IMPLEMENTED")
        before: int = connection.setlimit(category, value)
        return before

    def location(number: int, name: str) -> str | None:
        for _, database, path in databases[number].connection.execute("PRAGMA database_list"):
            if database == name:
                return path or None
        return None

    def serialize(number: int, name: str) -> bytes:
        connection = databases[number].connection
        if not hasattr(connection, "serialize"):
            raise HostError("DatabaseSync.serialize() needs Python 3.11", code="ERR_METHOD_NOT_IMPLEMENTED")
        try:
            data: bytes = connection.serialize(name=name)
        except sqlite3.Error as error:
            raise _fault(error) from None
        return data

    def deserialize(number: int, data: Any, name: str) -> None:
        connection = databases[number].connection
        if not hasattr(connection, "deserialize"):
            raise HostError("DatabaseSync.deserialize() needs Python 3.11", code="ERR_METHOD_NOT_IMPLEMENTED")
        try:
            connection.deserialize(bytes(data), name=name)
        except sqlite3.Error as error:
            raise _fault(error) from None

    return {
        "aggregate": define_aggregate,
        "authorize": lambda number, function: databases[number].authorize(function),
        "backup": backup,
        "close": close,
        "define": define,
        "deserialize": deserialize,
        "dropCursor": drop_cursor,
        "exec": execute_script,
        "inTransaction": lambda number: databases[number].connection.in_transaction,
        "iterate": iterate,
        "limit": limit,
        "location": location,
        "next": next_row,
        "open": open_database,
        "prepare": prepare,
        "query": query,
        "run": run,
        "serialize": serialize,
        "version": lambda: sqlite3.sqlite_version,
    }
