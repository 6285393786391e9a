# SPDX-License-Identifier: Apache-2.0
"""JavaScript's collections and buffers as Python's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping, MutableSequence, MutableSet

from edgejs.engine.ffi import to_bytes
from edgejs.proxies import JSProxy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["JSArray", "JSBuffer", "JSMap", "JSSet"]


class JSArray(JSProxy, MutableSequence[object]):
    """A JavaScript Array: negative indices, slices, `append` and so on work, and so do its own methods."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            return [self._engine.get(self, i) for i in range(*key.indices(len(self)))]
        return self._engine.get(self, self._index(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        if not isinstance(key, slice):
            self._engine.set(self, self._index(key), value)
            return
        start, stop, step = key.indices(len(self))
        if step != 1:
            raise ValueError("a slice of a JavaScript array can only be assigned with a step of 1")
        self._ask("splice", start, max(0, stop - start), list(value))

    def __delitem__(self, key: Any) -> None:
        if isinstance(key, slice):
            self[key] = []
        else:
            self._ask("splice", self._index(key), 1, [])

    def __iter__(self) -> Iterator[Any]:
        return JSProxy.__iter__(self)

    def __contains__(self, item: object) -> bool:
        return JSProxy.__contains__(self, item)

    def insert(self, index: int, value: object) -> None:
        """Put `value` before `index`, as list.insert does."""
        length = len(self)
        place = max(0, index + length) if index < 0 else min(index, length)
        self._ask("splice", place, 0, [value])

    def append(self, value: object) -> None:
        """Put `value` at the end."""
        self._engine.set(self, len(self), value)

    def clear(self) -> None:
        """Remove every element."""
        del self[:]

    def reverse(self) -> Any:
        """JavaScript's: reverses in place and gives the array, where list.reverse gives None."""
        return self._engine.call(self._engine.get(self, "reverse"), self)

    def _index(self, key: Any) -> Any:
        if not isinstance(key, int):
            return key  # a property such as "length"
        length = len(self)
        index = key + length if key < 0 else key
        if not 0 <= index < length:
            raise IndexError(f"index {key} is out of range for a JavaScript array of length {length}")
        return index


class JSMap(JSProxy, MutableMapping[object, object]):
    """A JavaScript Map: `[key]` is an entry, iterating gives the keys, `dict(map)` copies it."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        if not self._ask("mapHas", key):
            raise KeyError(key)
        return self._ask("mapGet", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._ask("mapSet", key, value)

    def __delitem__(self, key: Any) -> None:
        if not self._ask("mapDelete", key):
            raise KeyError(key)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._ask("mapKeys"))

    def __contains__(self, key: object) -> bool:
        return bool(self._ask("mapHas", key))

    __eq__ = JSProxy.__eq__
    __hash__ = JSProxy.__hash__


class JSSet(JSProxy, MutableSet[object]):
    """A JavaScript Set. What Python's operators make of it is a Python set."""

    __slots__ = ()

    @classmethod
    def _from_iterable(cls, members: Iterable[object]) -> Any:
        return set(members)

    def __iter__(self) -> Iterator[Any]:
        return JSProxy.__iter__(self)

    def __contains__(self, value: object) -> bool:
        return JSProxy.__contains__(self, value)

    def add(self, value: object) -> None:
        """Add `value`."""
        self._ask("setAdd", value)

    def discard(self, value: object) -> None:
        """Remove `value` if it is there."""
        self._ask("setDelete", value)

    __eq__ = JSProxy.__eq__
    __hash__ = JSProxy.__hash__


# struct's letters for elements, in the order of the engine's types.
# Of half floats, which memoryview does not have, the bits.
_FORMATS = "BbBhHiIqQHfd"


class JSBuffer(JSProxy):
    """An ArrayBuffer, a typed array (Buffer among them) or a DataView.

    `view()` shows its memory without a copy. Python then owns it together with JavaScript: the bytes stay
    valid when the buffer is collected, detached or resized and when the runtime is closed, but what one side
    writes after that the other does not see. Memory that has another owner, an addon, Wasm or a
    SharedArrayBuffer, is copied, and the view is read-only.

    >>> import edgejs
    >>> with edgejs.Runtime() as js:
    ...     numbers = js.eval("globalThis.numbers = new Float64Array([1, 2]); numbers")
    ...     numbers.view()[0] = 0.5
    ...     print(js.eval("numbers"), bytes(js.eval("Buffer.from('hi')")))
    Float64Array(2) [ 0.5, 2 ] b'hi'
    """

    __slots__ = ()

    def view(self) -> memoryview:
        """The memory, with elements as the typed array has them; bytes of an ArrayBuffer or a DataView."""
        bytes_, elements = self._engine.view(self)
        if elements < 0:
            return bytes_
        letter: Any = _FORMATS[elements]
        return bytes_.cast("B").cast(letter)

    def __buffer__(self, flags: int) -> memoryview:  # Python 3.12
        return self.view()

    def __bytes__(self) -> bytes:
        return to_bytes(self._isolate, self)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        """What `numpy.asarray` calls."""
        import numpy

        array = numpy.frombuffer(self.view(), dtype=self.view().format)
        return array if dtype is None and not copy else numpy.array(array, dtype=dtype, copy=copy)

    def __getitem__(self, key: Any) -> Any:
        return self.view()[key] if isinstance(key, (int, slice)) else JSProxy.__getitem__(self, key)
