# SPDX-License-Identifier: Apache-2.0
"""Values as bytes: how arguments and results cross, all of a call in one message.

The other end is engine/src/message.c; the tags are `enum ej_tag` in engine/src/bridge.h.
"""

from __future__ import annotations

from struct import Struct

from edgejs.engine.errors import properties_of
from edgejs.engine.ffi import ffi
from edgejs.engine.values import ForeignBytes, JSBigInt, JSNull, Reference, null

TYPE_CHECKING = False  # typing itself would cost a third of the start-up time
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from edgejs.engine.isolate import Isolate

__all__ = ["Writer", "read", "read_all"]

UNDEFINED, NULL, FALSE, TRUE, INT, DOUBLE, STRING, BYTES, BIGINT, ARRAY, OBJECT = range(11)
REFERENCE, VIEW, DATE, PYTHON, ERROR, PROMISE = range(11, 17)
FORM_OBJECT, FORM_PRIMITIVE, FORM_CALLABLE = range(3)
SAFE_INTEGER = 2**53 - 1

_header = Struct("=II").pack
_header_at = Struct("=II").unpack_from
_int = Struct("=IIq").pack
_int_at = Struct("=q").unpack_from
_double = Struct("=IId").pack
_double_at = Struct("=d").unpack_from
_kind_at = Struct("=I").unpack_from
_view_at = Struct("=QQ").unpack_from
_view = Struct("=IIQQ").pack
_python = Struct("=IIII").pack


def read_all(isolate: Isolate, data: bytes, by_reference: bool) -> list[object]:
    """Every value of a message. With `by_reference`, `null` stays distinct from `undefined`."""
    values = []
    position, end = 0, len(data)
    while position < end:
        value, position = read(isolate, data, position, by_reference)
        values.append(value)
    return values


def read(isolate: Isolate, data: bytes, position: int, by_reference: bool) -> tuple[object, int]:
    """The value at `position` and the position after it."""
    tag, size = _header_at(data, position)
    position += 8
    if tag == STRING:
        return data[position : position + size].decode("utf-8", "surrogatepass"), position + size
    if tag == INT:
        return _int_at(data, position)[0], position + 8
    if tag <= TRUE:
        return (None, null if by_reference else None, False, True)[tag], position
    if tag == REFERENCE:
        return isolate.make_reference(isolate, size, _kind_at(data, position)[0]), position + 4
    if tag == VIEW:
        address, length = _view_at(data, position)
        return ffi.buffer(ffi.cast("char *", address), length), position + 16
    if tag == DOUBLE:
        return _double_at(data, position)[0], position + 8
    if tag == BIGINT:
        return JSBigInt(data[position : position + size]), position + size
    if tag == BYTES:
        return data[position : position + size], position + size
    if tag == PYTHON:
        return isolate.objects[size], position
    if tag == DATE:
        return _datetime(_double_at(data, position)[0]), position + 8
    return _read_collection(isolate, data, position, tag, size, by_reference)


def _read_collection(
    isolate: Isolate, data: bytes, position: int, tag: int, size: int, by_reference: bool
) -> tuple[object, int]:
    if tag == ARRAY:
        elements = []
        for _ in range(size):
            element, position = read(isolate, data, position, by_reference)
            elements.append(element)
        return elements, position
    assert tag == OBJECT, f"a tag that engine/src/message.c does not write: {tag}"
    pairs = {}
    for _ in range(size):
        key, position = read(isolate, data, position, by_reference)
        pairs[key], position = read(isolate, data, position, by_reference)
    return pairs, position


def _datetime(milliseconds: float) -> object:
    from datetime import datetime, timezone

    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc)


class Writer:
    """Collects values into one message for `isolate`."""

    __slots__ = ("_form", "_isolate", "_parts")

    def __init__(self, isolate: Isolate, form: int) -> None:
        self._isolate = isolate
        self._form = form  # what callables become: primitives take copies, others references
        self._parts: list[bytes] = []

    def getvalue(self) -> bytes:
        """The message so far."""
        return b"".join(self._parts)

    def write(self, value: object) -> None:
        """Append `value`. Raises TypeError for a dict key that is not a string."""
        writer = _writers.get(type(value))
        if writer is not None:
            writer(self, value)
        else:
            self._write_other(value)

    def error(self, error: BaseException) -> None:
        """Append the JavaScript error that stands for `error`, which it will carry."""
        self._parts.append(_header(ERROR, self._isolate.keep(error)))
        self._dict(properties_of(error))

    def _none(self, value: object) -> None:
        self._parts.append(_header(UNDEFINED, 0))

    def _null(self, value: object) -> None:
        self._parts.append(_header(NULL, 0))

    def _bool(self, value: object) -> None:
        self._parts.append(_header(TRUE if value else FALSE, 0))

    def _int(self, value: int) -> None:
        if -SAFE_INTEGER <= value <= SAFE_INTEGER:
            self._parts.append(_int(INT, 8, value))
        else:
            self._bigint(value)

    def _bigint(self, value: int) -> None:
        digits = str(int(value)).encode()
        self._parts += (_header(BIGINT, len(digits)), digits)

    def _float(self, value: float) -> None:
        self._parts.append(_double(DOUBLE, 8, value))

    def _str(self, value: str) -> None:
        data = value.encode("utf-8", "surrogatepass")
        self._parts += (_header(STRING, len(data)), data)

    def _bytes(self, value: bytes | bytearray | memoryview) -> None:
        data = bytes(value)
        self._parts += (_header(BYTES, len(data)), data)

    def _view(self, value: ForeignBytes) -> None:
        self._parts.append(_view(VIEW, 16, value.address, value.size))

    def _list(self, value: list[object] | tuple[object, ...]) -> None:
        self._parts.append(_header(ARRAY, len(value)))
        for element in value:
            self.write(element)

    def _dict(self, value: dict[str, object]) -> None:
        self._parts.append(_header(OBJECT, len(value)))
        for key, element in value.items():
            if not isinstance(key, str):
                raise TypeError(
                    f"the keys of a dict must be str to become an object's, not {type(key).__name__}"
                )
            self._str(key)
            self.write(element)

    def _write_other(self, value: object) -> None:
        if isinstance(value, Reference):
            self._reference(value)
        elif isinstance(value, BaseException):
            self.error(value)
        elif isinstance(value, JSBigInt):
            self._bigint(value)
        elif hasattr(value, "add_done_callback"):
            self._parts.append(_header(PROMISE, self._isolate.promise(value)))
        elif hasattr(value, "cr_await"):
            self._parts.append(_header(PROMISE, self._isolate.promise(self._task(value))))
        elif callable(value):
            self._object(value, self._form, getattr(value, "__name__", ""))
        else:
            self._write_subclass(value)

    def _task(self, coroutine: Any) -> Any:
        """The result of an `async def` is a promise, and runs as a task of the running asyncio loop."""
        import asyncio

        try:
            return asyncio.get_running_loop().create_task(coroutine)
        except RuntimeError:
            coroutine.close()
            raise RuntimeError(
                "an async function was called from JavaScript outside of an asyncio loop"
            ) from None

    def _write_subclass(self, value: object) -> None:
        for base, writer in _writers.items():
            if base is not type(None) and isinstance(value, base):
                writer(self, value)
                return
        if type(value).__name__ == "datetime":
            self._parts.append(_double(DATE, 8, value.timestamp() * 1000))  # type: ignore[attr-defined]
        else:
            self._object(value, FORM_OBJECT, "")

    def _reference(self, value: Reference) -> None:
        if value._isolate is not self._isolate:
            raise ValueError("a JavaScript value of one runtime cannot be used in another")
        self._parts.append(_header(REFERENCE, value._number))

    def _object(self, value: object, form: int, name: str) -> None:
        text = name.encode()
        self._parts += (_python(PYTHON, self._isolate.keep(value), form, len(text)), text)


_writers: dict[type, Callable[..., None]] = {
    str: Writer._str,
    int: Writer._int,
    type(None): Writer._none,
    bool: Writer._bool,
    float: Writer._float,
    bytes: Writer._bytes,
    list: Writer._list,
    dict: Writer._dict,
    tuple: Writer._list,
    JSNull: Writer._null,
    JSBigInt: Writer._bigint,
    bytearray: Writer._bytes,
    memoryview: Writer._bytes,
    ForeignBytes: Writer._view,
}
