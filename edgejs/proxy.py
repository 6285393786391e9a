# SPDX-License-Identifier: Apache-2.0
"""JavaScript objects as Python sees them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, MutableSequence
from keyword import iskeyword

from edgejs.engine.isolate import Isolate
from edgejs.engine.values import KINDS, Reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

__all__ = ["BoundMethod", "JSArray", "JSFunction", "JSPromise", "JSProxy", "make_proxy"]

_OWN = frozenset((*Reference.__slots__, "_engine"))


class JSProxy(Reference):
    """A live JavaScript object: attributes and keys are its properties.

    Every access may run JavaScript and raise what it throws, as JSError. Arguments that are lists, tuples,
    dicts or bytes are copied into Arrays, objects and Uint8Arrays; other JavaScript objects and callables
    pass by reference. An attribute whose name is a Python keyword is written with a `_` behind it:
    `module.import_`. `==` is `===`. Iterating uses the object's own iterator; a plain object gives its
    keys, as a dict does.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name in _OWN or (name.startswith("__") and name.endswith("__")):
            raise AttributeError(name)
        name = _property(name)
        value = self[name]
        if value is None and not self._ask("has", name):
            raise AttributeError(f"the JavaScript {self._kind} has no property {name!r}")
        if isinstance(value, JSFunction):
            return BoundMethod(value, self)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        if name in _OWN:
            object.__setattr__(self, name, value)
        else:
            self[_property(name)] = value

    def __delattr__(self, name: str) -> None:
        del self[_property(name)]

    def __getitem__(self, key: Any) -> Any:
        return self._engine.get(self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._engine.set(self, key, value)

    def __delitem__(self, key: Any) -> None:
        if not self._ask("remove", key):
            raise TypeError(f"the property {key!r} cannot be deleted")

    def __contains__(self, item: object) -> bool:
        return bool(self._ask("contains", item))

    def __len__(self) -> int:
        size = self._ask("size")
        if not isinstance(size, int):
            raise TypeError(f"the JavaScript {self._kind} has no length")
        return size

    def __bool__(self) -> bool:
        return True  # as every object is in JavaScript

    def __iter__(self) -> Iterator[Any]:
        end: list[None] = []
        advance = self._ask("iterate", lambda: end.append(None))
        value = advance()
        while not end:
            yield value
            value = advance()

    async def __aiter__(self) -> AsyncIterator[Any]:
        end: list[None] = []
        advance = self._ask("iterateAsync", lambda: end.append(None))
        value = await advance()
        while not end:
            yield value
            value = await advance()

    def __dir__(self) -> list[str]:
        names = self._engine.copy(self._ask("names"))
        return sorted({*object.__dir__(self), *(n + "_" if iskeyword(n) else n for n in names)})

    def __eq__(self, other: object) -> bool:
        if isinstance(other, BoundMethod):
            other = other.__func__
        if not isinstance(other, JSProxy) or other._isolate is not self._isolate:
            return NotImplemented
        return bool(self._ask("same", other))

    def __hash__(self) -> int:
        return hash((id(self._isolate), self._ask("identity")))

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

    def _ask(self, question: str, *args: object) -> Any:
        """One of the functions of node/js/internal/embedding.js, asked about this object."""
        return self._engine.call(self._engine.embedding(question), None, self, *args)


class JSArray(JSProxy):
    """A JavaScript Array, also a MutableSequence: negative indices, slices, `append` and so on work."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            return [self._engine.get(self, i) for i in range(*key.indices(len(self)))]
        return self._engine.get(self, self._index(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        if isinstance(key, slice):
            start, stop, step = key.indices(len(self))
            if step != 1:
                raise ValueError("a slice of a JavaScript array can only be assigned with a step of 1")
            self._ask("splice", start, max(0, stop - start), list(value))
        else:
            self._engine.set(self, self._index(key), value)

    def __delitem__(self, key: Any) -> None:
        if isinstance(key, slice):
            self[key] = []
        else:
            self._ask("splice", self._index(key), 1, [])

    def insert(self, index: int, value: object) -> None:
        """Put `value` before `index`, as list.insert does."""
        length = len(self)
        place = max(0, index + length) if index < 0 else min(index, length)
        self._ask("splice", place, 0, [value])

    def append(self, value: object) -> None:
        """Put `value` at the end."""
        self._engine.set(self, len(self), value)

    def _index(self, key: Any) -> Any:
        if not isinstance(key, int):
            return key  # a property such as "length"
        length = len(self)
        index = key + length if key < 0 else key
        if not 0 <= index < length:
            raise IndexError(f"index {key} is out of range for a JavaScript array of length {length}")
        return index


MutableSequence.register(JSArray)


class JSFunction(JSProxy):
    """A JavaScript function: call it, or construct with `new`."""

    __slots__ = ()

    def __call__(self, *args: object) -> Any:
        return self._engine.call(self, None, *args)

    def new(self, *args: object) -> Any:
        """`new f(...args)`."""
        return self._engine.new(self, *args)


class JSPromise(JSProxy):
    """A JavaScript promise. In a coroutine, `await` it; elsewhere, `Runtime.wait_for` it."""

    __slots__ = ()

    def __await__(self) -> Generator[Any, None, Any]:
        from edgejs.aio import future_of

        return future_of(self).__await__()


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

    def __eq__(self, other: object) -> bool:
        return self.__func__ == other

    def __hash__(self) -> int:
        return hash(self.__func__)

    def __repr__(self) -> str:
        return repr(self.__func__)


_CLASSES = {"array": JSArray, "function": JSFunction, "promise": JSPromise}


def make_proxy(isolate: Isolate, number: int, kind: int) -> JSProxy:
    """The proxy for a JavaScript value that crossed by reference."""
    return _CLASSES.get(KINDS[kind], JSProxy)(isolate, number, kind)


def _property(attribute: str) -> str:
    bare = attribute[:-1]
    return bare if attribute.endswith("_") and iskeyword(bare) else attribute
