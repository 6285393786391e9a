# SPDX-License-Identifier: Apache-2.0
"""What JavaScript asks about an object of Python: node/js/internal/python_objects.js turns it into a Proxy.

Keys of mappings and indices of sequences come first, attributes second. Names that begin with an underscore
do not exist for JavaScript: through them a script could reach everything.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping, MutableMapping, Sequence

from ..engine.values import Public, Shared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..engine.isolate import Isolate

__all__ = ["binding"]

_MISSING = object()


def binding(isolate: Isolate) -> dict[str, Callable[..., Any]]:
    """The functions of internalBinding('python_objects')."""
    return {
        "get": _get,
        "set": _set,
        "has": _has,
        "remove": _remove,
        "keys": _keys,
        "can": _can,
        "iterate": lambda target: Shared(iter(target)),
        "advance": _advance,
        "finish": _finish,
        "iterateAsync": lambda target: Shared(target.__aiter__()),
        "advanceAsync": _advance_async,
        "finishAsync": _finish_async,
        "primitive": _primitive,
        "typeName": lambda target: type(target).__name__,
        "describe": repr,
    }


def _index(key: str) -> int | None:
    return int(key) if key.isdigit() and key.isascii() else None


def _find(target: Any, key: str) -> Any:
    if isinstance(target, Mapping):
        if key in target:
            return target[key]
    elif isinstance(target, Sequence):
        index = _index(key)
        if index is not None:
            return target[index] if index < len(target) else _MISSING
        if key == "length":
            return len(target)
    return _MISSING if key.startswith("_") else getattr(target, key, _MISSING)


def _get(target: Any, key: str) -> Any:
    found = _find(target, key)
    return None if found is _MISSING else Public(found)


def _has(target: Any, key: str) -> bool:
    try:
        return _find(target, key) is not _MISSING
    except Exception:  # it is there, and throws when it is read
        return True


def _set(target: Any, key: str, value: object) -> bool:
    index = _index(key)
    if isinstance(target, MutableMapping):
        target[key] = value
    elif index is not None and hasattr(target, "__setitem__"):
        target[index] = value
    elif key.startswith("_"):
        return False
    else:
        setattr(target, key, value)
    return True


def _remove(target: Any, key: str) -> bool:
    if isinstance(target, MutableMapping):
        target.pop(key, None)
    elif key.startswith("_") or not hasattr(target, key):
        return not key.startswith("_")
    else:
        delattr(target, key)
    return True


def _keys(target: Any) -> list[str]:
    if isinstance(target, Mapping):
        return [key for key in target if isinstance(key, str)]
    if isinstance(target, Sequence):
        return [str(index) for index in range(len(target))]
    return [name for name in dir(target) if not name.startswith("_")]


def _can(target: Any, what: str) -> bool:
    return isinstance(target, Iterable if what == "iterate" else AsyncIterable)


def _advance(iterator: Any) -> tuple[bool, Any]:
    value = next(iterator, _MISSING)
    return (True, None) if value is _MISSING else (False, Public(value))


async def _advance_async(iterator: Any) -> tuple[bool, Any]:
    try:
        return (False, Public(await iterator.__anext__()))
    except StopAsyncIteration:
        return (True, None)


def _finish(iterator: Any) -> None:
    if hasattr(iterator, "close"):
        iterator.close()


async def _finish_async(iterator: Any) -> None:
    if hasattr(iterator, "aclose"):
        await iterator.aclose()


def _primitive(target: Any, hint: str) -> Any:
    if hint == "number" and isinstance(target, (int, float)):
        return target
    return str(target)
