# SPDX-License-Identifier: Apache-2.0
"""JavaScript objects as Python sees them."""

from __future__ import annotations

from edgejs.engine.isolate import Isolate
from edgejs.engine.values import KINDS, Reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["JSFunction", "JSProxy", "make_proxy"]


class JSProxy(Reference):
    """A live JavaScript object: attributes and keys are its properties.

    Every access may run JavaScript and raise what it throws, as JSError. Arguments that are lists, tuples,
    dicts or bytes are copied into Arrays, objects and Uint8Arrays; other JavaScript objects and callables
    pass by reference.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        value = self[name]
        if value is None and not self._has(name):
            raise AttributeError(f"the JavaScript {self._kind} has no property {name!r}")
        if isinstance(value, JSFunction):
            return BoundMethod(value, self)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        if name in ("_isolate", "_kind", "_number"):
            object.__setattr__(self, name, value)
        else:
            self[name] = value

    def __getitem__(self, key: object) -> Any:
        return self._engine.get(self, key)

    def __setitem__(self, key: object, value: object) -> None:
        self._engine.set(self, key, value)

    def __repr__(self) -> str:
        engine = self._engine
        return str(engine.call(engine.get(engine.host, "inspect"), None, self))

    def to_py(self) -> Any:
        """A copy as plain Python data, as deep as it goes: arrays as lists, objects as dicts, bytes as bytes.

        What has no plain form (functions, class instances) stays a reference.
        """
        return self._engine.copy(self)

    @property
    def typeof(self) -> str:
        """What JavaScript's `typeof` says: "object", "function" or "symbol"."""
        return self._kind if self._kind in ("function", "symbol") else "object"

    @property
    def _engine(self) -> Isolate:
        isolate = self._isolate
        assert isinstance(isolate, Isolate)
        return isolate

    def _has(self, name: str) -> bool:
        engine = self._engine
        return bool(engine.call(engine.get(engine.host, "has"), None, self, name))


class JSFunction(JSProxy):
    """A JavaScript function: call it, or construct with `new`."""

    __slots__ = ()

    def __call__(self, *args: object) -> Any:
        return self._engine.call(self, None, *args)

    def new(self, *args: object) -> Any:
        """`new f(...args)`."""
        return self._engine.new(self, *args)


class BoundMethod:
    """A function read as an attribute: calls with the object it was read from as `this`."""

    __slots__ = ("__func__", "__self__")

    def __init__(self, function: JSFunction, this: JSProxy) -> None:
        self.__func__ = function
        self.__self__ = this

    def __call__(self, *args: object) -> Any:
        return self.__func__._engine.call(self.__func__, self.__self__, *args)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__func__, name)

    def __getitem__(self, key: object) -> Any:
        return self.__func__[key]

    def __repr__(self) -> str:
        return repr(self.__func__)


def make_proxy(isolate: Isolate, number: int, kind: int) -> JSProxy:
    """The proxy for a JavaScript value that crossed by reference."""
    return (JSFunction if KINDS[kind] == "function" else JSProxy)(isolate, number, kind)
