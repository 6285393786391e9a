# SPDX-License-Identifier: Apache-2.0
"""JavaScript objects as Python sees them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from keyword import iskeyword

from edgejs.engine.ffi import FunctionCall, MethodCall
from edgejs.engine.isolate import Isolate
from edgejs.engine.values import KINDS, Reference, Shared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

__all__ = ["BoundMethod", "JSFunction", "JSPromise", "JSProxy", "make_proxy", "proxy"]

_OWN = frozenset((*Reference.__slots__, "_engine"))


class JSProxy(Reference):
    """A live JavaScript object: attributes and keys are its properties.

    Every access may run JavaScript and raise what it throws, as JSError. Arguments that are lists, tuples,
    dicts, sets, bytes or datetimes are copied into Arrays, objects, Sets, Uint8Arrays and Dates; bytearrays,
    NumPy arrays and other buffers become typed arrays over the same memory; JavaScript objects, callables
    and all else pass by reference (see `proxy`).

    An attribute whose name is a Python keyword is written with a `_` behind it: `module.import_`. `==` is
    `===`. Iterating uses the object's own iterator; a plain object gives its keys, as a dict does.

    >>> import edgejs
    >>> with edgejs.Runtime() as js:
    ...     point = js.eval("({ x: 1, y: [2, 3], sum() { return this.x + this.y[0] } })")
    ...     point.x = 10
    ...     print(point, point.sum(), list(point), point.y.to_py())
    { x: 10, y: [ 2, 3 ], sum: [Function: sum] } 12 ['x', 'y', 'sum'] [2, 3]
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name in _OWN or (name.startswith("__") and name.endswith("__")):
            raise AttributeError(name)
        name = _property(name)
        value = self._engine.get(self, name)
        if value is None and not self._ask("has", name):
            raise AttributeError(f"the JavaScript {self._kind} has no property {name!r}")
        if isinstance(value, JSFunction):
            return BoundMethod(value, self)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        if name in _OWN:
            object.__setattr__(self, name, value)
        else:
            self._engine.set(self, _property(name), value)

    def __delattr__(self, name: str) -> None:
        JSProxy.__delitem__(self, _property(name))

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
        steps = self._ask("iterate", lambda: end.append(None))
        advance = steps["advance"]
        try:
            value = advance()
            while not end:
                yield value
                value = advance()
        finally:
            if not end and not self._engine.closed:
                end.append(None)
                steps["finish"]()

    async def __aiter__(self) -> AsyncIterator[Any]:
        end: list[None] = []
        steps = self._ask("iterateAsync", lambda: end.append(None))
        advance = steps["advance"]
        try:
            value = await advance()
            while not end:
                yield value
                value = await advance()
        finally:
            if not end and not self._engine.closed:
                end.append(None)
                await steps["finish"]()

    def __enter__(self) -> JSProxy:
        if not self._ask("isDisposable", False):
            raise TypeError(f"the JavaScript {self._kind} has no Symbol.dispose")
        return self

    def __exit__(self, *_error: object) -> None:
        self._ask("dispose")

    async def __aenter__(self) -> JSProxy:
        if not self._ask("isDisposable", True):
            raise TypeError(f"the JavaScript {self._kind} has neither Symbol.asyncDispose nor Symbol.dispose")
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._ask("disposeAsync")

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
        if engine.closed:
            return f"<JavaScript {self._kind} of a closed runtime>"
        return str(engine.call(engine.get(engine.host, "inspect"), None, self))

    def to_py(self, depth: int = -1) -> Any:
        """A copy as plain Python data: arrays as lists, objects and Maps as dicts, Sets, bytes.

        What is met twice is copied once, so cycles stay cycles. What has no plain form (functions, class
        instances) stays a reference, and so does what is deeper than `depth` levels, when that is given.
        """
        return self._engine.copy(self, depth)

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


class JSFunction(JSProxy, FunctionCall):
    """A JavaScript function: call it, or construct with `new`.

    Keywords of a call become an object, the last argument.
    """

    __slots__ = ()

    def new(self, *args: object, **options: object) -> Any:
        """`new f(...args)`. Keywords become an object, the last argument."""
        if options:
            args = (*args, options)
        return self._engine.new(self, *args)


class JSPromise(JSProxy):
    """A JavaScript promise. In a coroutine, `await` it; elsewhere, `Runtime.wait_for` it."""

    __slots__ = ()

    def __await__(self) -> Generator[Any, None, Any]:
        from edgejs.aio import future_of

        return future_of(self).__await__()


class BoundMethod(MethodCall):
    """A function read as an attribute: calls with the object it was read from as `this`."""

    __slots__ = ("__func__", "__self__")

    def __init__(self, function: JSFunction, this: JSProxy) -> None:
        self.__func__ = function
        self.__self__ = this

    def __edgejs_value__(self) -> JSFunction:
        return self.__func__

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


def proxy(value: object) -> Any:
    """`value`, to be passed to JavaScript by reference even if it is a list, a dict or else copied.

    There its keys, elements and attributes are properties, except those that begin with an underscore, and
    changes are seen on both sides. It comes back to Python as itself. For JavaScript it is no Array.

    >>> import edgejs
    >>> stock = {"tea": 1}
    >>> with edgejs.Runtime() as js:
    ...     js.eval("(stock) => { stock.cake = 2 }")(edgejs.proxy(stock))
    >>> stock
    {'tea': 1, 'cake': 2}
    """
    return Shared(value)


_classes: dict[str, type[JSProxy]] = {"function": JSFunction, "promise": JSPromise}


def make_proxy(isolate: Isolate, number: int, kind: int) -> JSProxy:
    """The proxy for a JavaScript value that crossed by reference."""
    found = _classes.get(KINDS[kind])
    if found is None:
        from edgejs import collections

        more = {"array": "JSArray", "bytes": "JSBuffer", "map": "JSMap", "set": "JSSet"}
        _classes.update({name: getattr(collections, more.get(name, ""), JSProxy) for name in KINDS[2:]})
        _classes["promise"] = JSPromise
        _classes["object"] = JSProxy
        found = _classes[KINDS[kind]]
    return found(isolate, number, kind)


def _property(attribute: str) -> str:
    bare = attribute[:-1]
    return bare if attribute.endswith("_") and iskeyword(bare) else attribute
