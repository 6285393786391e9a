# SPDX-License-Identifier: Apache-2.0
"""What JavaScript values look like in Python when no built-in type fits."""

from __future__ import annotations

__all__ = ["KINDS", "ForeignBytes", "JSBigInt", "JSNull", "Public", "Reference", "Shared", "null"]

KINDS = ("object", "function", "array", "promise", "error", "bytes", "symbol", "map", "set")
"""The kinds of Reference, in the order of `enum ej_kind` in engine/src/bridge.h."""


class JSBigInt(int):
    """A JavaScript BigInt. Plain integers up to 2**53 - 1 cross as numbers, this type never does."""


class JSNull:
    """The type of `null`, JavaScript's other nothing. `undefined` is None."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "null"


null = JSNull()
"""JavaScript's `null`. Falsy, and not None: `None` is `undefined`."""


class ForeignBytes:
    """Memory that becomes an ArrayBuffer without a copy. Its owner keeps it until the isolate is closed."""

    __slots__ = ("address", "size")

    def __init__(self, address: int, size: int) -> None:
        self.address = address
        self.size = size


class Shared:
    """A Python object that crosses by reference, even if its type is one that is copied."""

    __slots__ = ("target",)

    def __init__(self, target: object) -> None:
        self.target = target


class Public:
    """What a primitive gives as the public API would: functions take references, objects are shared."""

    __slots__ = ("target",)

    def __init__(self, target: object) -> None:
        self.target = target


class Reference:
    """A JavaScript object, function or symbol that Python holds on to.

    Dropping the last Python reference lets JavaScript collect it. It stays usable as long as its isolate
    does.
    """

    __slots__ = ("__weakref__", "_isolate", "_kind", "_number")

    def __init__(self, isolate: object, number: int, kind: int) -> None:
        self._isolate = isolate
        self._number = number
        self._kind = KINDS[kind]

    def __del__(self) -> None:
        self._isolate._dropped.append(self._number)  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        return f"<JavaScript {self._kind} {self._number}>"
