# SPDX-License-Identifier: Apache-2.0
"""Values that cross and that C does not know by itself (engine/src/python_values.c).

The tags are `enum ej_tag` in engine/src/bridge.h.
"""

from __future__ import annotations

from struct import Struct

from edgejs.engine.errors import HostError, JSError, properties_of
from edgejs.engine.ffi import configure, encode, ffi
from edgejs.engine.values import ForeignBytes, JSBigInt, JSNull, Public, Reference, Shared, null

TYPE_CHECKING = False  # typing itself would cost a third of the start-up time
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from edgejs.engine.isolate import Isolate

__all__ = ["FORM_CALLABLE", "FORM_OBJECT", "FORM_PRIMITIVE", "configure_messages", "write_error"]

UNDEFINED, NULL, FALSE, TRUE, INT, DOUBLE, STRING, BYTES, BIGINT, ARRAY, OBJECT = range(11)
REFERENCE, VIEW, DATE, PYTHON, ERROR, PROMISE, SMALL, SET, MAP, BACK, MEMORY = range(11, 22)
FORM_OBJECT, FORM_PRIMITIVE, FORM_CALLABLE, FORM_SHARED = range(4)

_header = Struct("=II").pack
_double = Struct("=IId").pack
_view = Struct("=IIQQ").pack
_python = Struct("=IIII").pack
_memory = Struct("=IIiIQQ").pack

# What memoryview.format says of elements, as `JSTypedArrayEnum`; their sizes are looked at too.
_ELEMENTS = {"b": 1, "B": 2, "c": 2, "?": 2, "h": 3, "H": 4, "i": 5, "I": 6, "l": 7, "L": 8, "q": 7, "Q": 8}
_ELEMENTS |= {"e": 9, "f": 10, "d": 11}
_SIZES = (1, 1, 1, 2, 2, 4, 4, 8, 8, 2, 4, 8)


def configure_messages(fail: Callable[..., None]) -> None:
    """Tell the core what to call. `fail` raises what a message says."""
    configure(null, Reference, JSBigInt, _write_other, _read_other, write_error, fail)


def write_error(isolate: Isolate, error: BaseException) -> bytes:
    """The message of the JavaScript error that stands for `error`, which it will carry.

    What JavaScript threw itself is thrown again as it was.
    """
    if isinstance(error, JSError) and error.js is not None:
        thrown = error.js
        if not isinstance(thrown, Reference):
            return encode(isolate, FORM_PRIMITIVE, thrown)
        if thrown._isolate is isolate:
            isolate.passing = [*isolate.passing[-7:], error]
            return encode(isolate, FORM_PRIMITIVE, thrown)
    # An error of a primitive is JavaScript's alone: nobody in Python waits for it.
    number = 0 if isinstance(error, HostError) else isolate.keep(error)
    return _header(ERROR, number) + encode(isolate, FORM_PRIMITIVE, properties_of(error))


def _read_other(isolate: Isolate, tag: int, first: Any, second: Any) -> object:
    if tag == VIEW:
        return ffi.buffer(ffi.cast("char *", first), second)
    from datetime import datetime, timedelta, timezone

    return datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=first)


def _write_other(isolate: Isolate, form: int, value: object) -> bytes:
    kind = type(value)  # whose attributes are asked for: those of the value may do anything
    writer = _writers.get(kind)
    if writer is not None:
        return writer(isolate, form, value)
    if isinstance(value, BaseException):
        return write_error(isolate, value)
    if hasattr(kind, "__edgejs_value__"):  # something of ours that stands for a JavaScript value
        return encode(isolate, form, value.__edgejs_value__())  # type: ignore[attr-defined]
    if hasattr(kind, "add_done_callback"):
        return _header(PROMISE, isolate.promise(value))
    if hasattr(kind, "cr_await"):
        return _header(PROMISE, isolate.promise(isolate.start(value)))
    if callable(value):
        return _object(isolate, value, form, getattr(value, "__name__", ""))
    return _write_subclass(isolate, form, value)


def _write_subclass(isolate: Isolate, form: int, value: object) -> bytes:
    """An instance of a class that derives from one that crosses, or of none of these."""
    if isinstance(value, JSBigInt):
        return _bigint(isolate, form, value)
    if isinstance(value, (set, frozenset)):
        return _set(isolate, form, value)
    for base, convert in _bases:
        if isinstance(value, base):
            return encode(isolate, form, convert(value))
    if type(value).__name__ == "datetime":
        return _double(DATE, 8, value.timestamp() * 1000)  # type: ignore[attr-defined]
    try:
        view = memoryview(value)  # type: ignore[arg-type]
    except TypeError:
        return _handle(isolate, form, value)
    return _buffer(isolate, form, view)  # NumPy's arrays and all else that has bytes


def _bigint(isolate: Isolate, form: int, value: int) -> bytes:
    size = (abs(value).bit_length() + 63) // 64
    return _header(BIGINT, size) + _header(value < 0, 0) + abs(int(value)).to_bytes(size * 8, "little")


def _set(isolate: Isolate, form: int, value: set[object] | frozenset[object]) -> bytes:
    members = [encode(isolate, form, member) for member in value]
    return _header(SET, len(members)) + b"".join(members)


def _null(isolate: Isolate, form: int, value: object) -> bytes:
    return _header(NULL, 0)


def _foreign(isolate: Isolate, form: int, value: ForeignBytes) -> bytes:
    return _view(VIEW, 16, value.address, value.size)


def _shared(isolate: Isolate, form: int, value: Shared) -> bytes:
    return _handle(isolate, form, value.target)


def _public(isolate: Isolate, form: int, value: Public) -> bytes:
    target = value.target
    is_collection = isinstance(target, (list, dict, set))
    return encode(isolate, FORM_CALLABLE, Shared(target) if is_collection else target)


def _buffer(isolate: Isolate, form: int, value: Any) -> bytes:
    """Primitives give copies. Others share their memory; what is not in one piece is copied."""
    view = memoryview(value)
    if form == FORM_PRIMITIVE:
        return encode(isolate, form, view.tobytes())
    elements = _ELEMENTS.get(view.format.lstrip("@=<"))
    if elements is None or _SIZES[elements] != view.itemsize:
        raise TypeError(f"elements of format {view.format!r} have no typed array in JavaScript")
    if not view.c_contiguous:
        view = memoryview(view.tobytes())
    return _lend(isolate, view, elements, view.nbytes, view.readonly)


def _lend(isolate: Isolate, value: Any, elements: int, size: int, read_only: bool) -> bytes:
    lent = ffi.from_buffer(value)
    address = int(ffi.cast("uintptr_t", lent))
    return _memory(MEMORY, isolate.keep(lent), elements, read_only, address, size)


def _handle(isolate: Isolate, form: int, value: object) -> bytes:
    """To builtins a thing that they can only hand back, to others an object with Python's properties."""
    return _object(isolate, value, FORM_OBJECT if form == FORM_PRIMITIVE else FORM_SHARED, "")


def _object(isolate: Isolate, value: object, form: int, name: object) -> bytes:
    text = name.encode() if isinstance(name, str) else b""
    return _python(PYTHON, isolate.keep(value), form, len(text)) + text


_writers: dict[type, Callable[[Isolate, int, Any], bytes]] = {
    int: _bigint,
    JSBigInt: _bigint,
    JSNull: _null,
    set: _set,
    frozenset: _set,
    bytearray: _buffer,
    memoryview: _buffer,
    ForeignBytes: _foreign,
    Public: _public,
    Shared: _shared,
}
_bases: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (str, lambda value: str.__str__(value)),
    (int, int),
    (float, float),
    (bytes, lambda value: memoryview(value).tobytes()),
    (list, list),
    (tuple, tuple),
    (dict, dict),
)
