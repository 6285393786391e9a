# SPDX-License-Identifier: Apache-2.0
"""WebAssembly behind `internal/webassembly`, over wasmtime.

An isolate has one store. What is made in it, linear memories included, lives as long as the store does, and
the store is dropped after the heap of the isolate: an ArrayBuffer over a memory never outlives it. A memory
does not move, because its whole range of addresses is reserved at first.
"""

from __future__ import annotations

import re

from ..engine.errors import HostError
from ..engine.values import ForeignBytes, JSBigInt, null

try:
    import wasmtime
except ModuleNotFoundError as missing:
    if missing.name != "wasmtime":
        raise
    raise HostError(
        "WebAssembly needs the package wasmtime: pip install 'edgejs[wasm]'", code="ERR_FEATURE_UNAVAILABLE"
    ) from None

from ctypes import POINTER, addressof, byref

# wasmtime.Func asks for the types of a function at each call; the C API below it does not.
from wasmtime import _ffi as c_api
from wasmtime._func import maybe_raise_last_exn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["binding"]

_KINDS = {"i32": 0, "i64": 1, "f32": 2, "f64": 3}
_EXTERNS = {
    "FuncType": "function",
    "TableType": "table",
    "MemoryType": "memory",
    "GlobalType": "global",
    "TagType": "tag",
}


class _Handle:
    """What JavaScript holds of an object of wasmtime; for a module with its bytes."""

    __slots__ = ("source", "value")

    def __init__(self, value: Any, source: bytes = b"") -> None:
        self.value = value
        self.source = source


class _Held:
    """A value of JavaScript, by its number there, inside of an externref. Tells when Wasm let go of it."""

    __slots__ = ("number", "released")

    def __init__(self, number: int, released: list[int]) -> None:
        self.number = number
        self.released = released

    def __del__(self) -> None:
        self.released.append(self.number)


def _identity(structure: Any) -> str:
    """The same text for the same function, memory, table or global of a store."""
    fields = (getattr(structure, name) for name, *_ in structure._fields_)
    return ".".join(_identity(field) if hasattr(field, "_fields_") else str(field) for field in fields)


def _name(kind: wasmtime.ValType) -> str:
    return "externref" if kind == wasmtime.ValType.externref() else str(kind)


def _names(types: list[wasmtime.ValType]) -> list[str]:
    return [_name(one) for one in types]


def _number(source: bytes, at: int) -> tuple[int, int]:
    """The LEB128 number at `at`, and the position after it."""
    result = shift = 0
    while True:
        byte = source[at]
        at += 1
        result |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return result, at


def _mentions_vectors(source: bytes) -> bool:
    """Whether a valid module may have v128 in the type of a function, or of a global that others see.

    wasmtime ends the process when its C API is asked about such a type. A rare other module with the same
    bytes in these sections is refused too; vectors inside of functions are no matter.
    """
    patterns = {1: (b"\x7b",), 2: (b"\x03\x7b",), 6: (b"\x7b\x00\xfd", b"\x7b\x01\xfd", b"\x7b\x00\x23")}
    at = 8
    while at < len(source):
        kind = source[at]
        size, at = _number(source, at + 1)
        _count, start = _number(source, at) if kind in patterns else (0, at)
        if any(pattern in source[start : at + size] for pattern in patterns.get(kind, ())):
            return True
        at += size
    return False


def _reason(error: wasmtime.WasmtimeError) -> str:
    """What is wrong with a module, with V8's form of the place."""
    text = str(error).rpartition("Caused by:")[2].strip()
    return re.sub(r"\(at offset 0x([0-9a-f]+)\)", lambda found: f"@+{int(found[1], 16)}", text)


def _fault(error: BaseException, source: bytes = b"") -> BaseException:
    """The error that JavaScript makes a WebAssembly.RuntimeError of, for a trap.

    V8 tells remainders from divisions and these from conversions, wasmtime does not: the instruction in
    `source`, the module that was called, does.
    """
    if isinstance(error, wasmtime.Trap):
        code, frames = error.trap_code, error.frames
        at = frames[0].module_offset if frames else len(source)
        instruction = source[at] if at < len(source) else None
        return HostError(error.message, trap="" if code is None else code.name, instruction=instruction)
    if isinstance(error, wasmtime.WasmtimeError):
        return HostError(str(error), trap="")
    return error


def _type_of(extern: Any) -> dict[str, object]:
    """What imports and exports say of themselves."""
    described: dict[str, object] = {"kind": _EXTERNS[type(extern).__name__]}
    if isinstance(extern, wasmtime.FuncType):
        described.update(params=_names(extern.params), results=_names(extern.results))
    elif isinstance(extern, wasmtime.GlobalType):
        described.update(value=_name(extern.content), mutable=extern.mutable)
    elif isinstance(extern, wasmtime.TableType):
        described["element"] = _name(extern.element)
    elif isinstance(extern, wasmtime.MemoryType):
        described["maximum"] = extern.limits.max
    return described


class _Host:
    """The store of an isolate, and what JavaScript asks of it."""

    def __init__(self, isolate: Any) -> None:
        self._isolate = isolate
        config = wasmtime.Config()
        config.memory_may_move = False
        config.wasm_gc = config.wasm_function_references = config.wasm_exceptions = False
        self._engine = wasmtime.Engine(config)
        self._store = wasmtime.Store(self._engine)
        self._shown: dict[
            str, tuple[Any, int]
        ] = {}  # memories whose bytes an ArrayBuffer shows, with their pages
        self._on_growth: Any = None
        self._released: list[int] = []

    def set_up(self, on_growth: Any) -> None:
        """Call `on_growth` with the identity of a memory that has outgrown its ArrayBuffer."""
        self._on_growth = on_growth

    def collect(self) -> list[int]:
        """The numbers of externrefs that Wasm no longer has."""
        self._store.gc()
        released = self._released[:]
        del self._released[: len(released)]
        return released

    # --- Modules and instances --------------------------------------------------------------------------

    def compile(self, source: Any) -> dict[str, object]:
        """A module with what it imports and exports."""
        return self._compile(bytes(source))

    def compile_later(self, source: Any) -> Any:
        """The same on a thread of the isolate: a promise."""
        return self._isolate.submit(self._compile, bytes(source))

    def _compile(self, source: bytes) -> dict[str, object]:
        try:
            module = wasmtime.Module(self._engine, source)
        except wasmtime.WasmtimeError as error:
            raise HostError(_reason(error), invalid=True) from None
        if _mentions_vectors(source):
            raise HostError("v128 in the type of a function or global is not supported", invalid=True)
        imports = [
            {"module": one.module, "name": one.name or "", **_type_of(one.type)} for one in module.imports
        ]
        exports = [{"name": one.name, **_type_of(one.type)} for one in module.exports]
        return {"handle": _Handle(module, source), "imports": imports, "exports": exports}

    def validate(self, source: Any) -> bool:
        """Whether `source` is a module."""
        try:
            wasmtime.Module.validate(self._engine, bytes(source))
        except wasmtime.WasmtimeError:
            return False
        return True

    def instantiate(self, module: _Handle, imports: list[Any]) -> list[dict[str, object]]:
        """The exports of a new instance. An import is a handle, or a function of JavaScript."""
        given = [
            one.value if isinstance(one, _Handle) else self._imported(wanted.type, one)
            for wanted, one in zip(module.value.imports, imports, strict=True)
        ]
        try:
            instance = wasmtime.Instance(self._store, module.value, given)
        except wasmtime.Trap as error:
            raise _fault(error) from None
        except wasmtime.WasmtimeError as error:
            raise HostError(str(error).partition("\n")[0], unlinked=True) from None
        self._tell_growth()
        source = module.source
        return [self._describe(extern, source) for extern in instance.exports(self._store).by_index]

    def _describe(self, extern: Any, source: bytes = b"") -> dict[str, object]:
        """What JavaScript makes its object of."""
        structure = next(
            getattr(extern, name)
            for name in ("_func", "_memory", "_table", "_global", "_tag")
            if hasattr(extern, name)
        )
        described = _type_of(extern.type(self._store))
        described.update(key=_identity(structure), handle=_Handle(extern))
        if isinstance(extern, wasmtime.Func):
            described["call"] = self._caller(extern, described["params"], described["results"], source)
        return described

    # --- Calls ------------------------------------------------------------------------------------------

    def _caller(
        self, function: wasmtime.Func, params: Any, results: Any, source: bytes
    ) -> Callable[..., object]:
        """`function` as JavaScript calls it: with values that already have the right types."""
        if not {*params, *results} <= _KINDS.keys():
            return self._general_caller(function, params, results)
        context = self._store._context()
        target = byref(function._func)
        # Wasm reads its arguments before anything else runs and writes its results after that, so a
        # call of the same function in the middle of it may use the same memory.
        arguments = (c_api.wasmtime_val_t * len(params))()
        returned = (c_api.wasmtime_val_t * len(results))()
        for value, kind in zip(arguments, params, strict=True):
            value.kind = _KINDS[kind]
        slots = [(value.of, kind) for value, kind in zip(arguments, params, strict=True)]
        sources = [(value.of, kind) for value, kind in zip(returned, results, strict=True)]
        new_trap = POINTER(c_api.wasm_trap_t)

        def call(*values: Any) -> object:
            for (slot, kind), value in zip(slots, values, strict=True):
                setattr(slot, kind, value)
            trap = new_trap()
            error = c_api.wasmtime_func_call(
                context, target, arguments, len(slots), returned, len(sources), byref(trap)
            )
            if self._shown:
                self._tell_growth()
            if error or trap:
                failure = wasmtime.WasmtimeError._from_ptr(error) if error else wasmtime.Trap._from_ptr(trap)
                maybe_raise_last_exn()
                raise _fault(failure, source)
            found = [
                JSBigInt(source.i64) if kind == "i64" else getattr(source, kind) for source, kind in sources
            ]
            return found[0] if len(found) == 1 else found

        return call

    def _general_caller(
        self, function: wasmtime.Func, params: list[str], results: list[str]
    ) -> Callable[..., object]:
        """The same for functions with references among their arguments or results."""

        def call(*values: Any) -> object:
            given = [self._to_wasm(kind, value) for kind, value in zip(params, values, strict=True)]
            try:
                found = function(self._store, *given)
            except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
                raise _fault(error) from None
            finally:
                self._tell_growth()
            if len(results) < 2:
                return self._to_js(results[0], found) if results else None
            return [self._to_js(kind, value) for kind, value in zip(results, found, strict=True)]

        return call

    def _imported(self, kind: Any, function: Any) -> wasmtime.Func:
        """A function of JavaScript as one of the store."""
        params, results = _names(kind.params), _names(kind.results)
        isolate = self._isolate

        def call(*values: Any) -> object:
            self._tell_growth()
            given = [self._to_js(kind, value) for kind, value in zip(params, values, strict=True)]
            found = isolate.call(function, None, *given)
            if len(results) < 2:
                return self._to_wasm(results[0], found) if results else None
            found = [isolate.get(found, i) for i in range(len(results))]
            return [self._to_wasm(kind, value) for kind, value in zip(results, found, strict=True)]

        return wasmtime.Func(self._store, kind, call)

    def _to_js(self, kind: str, value: Any) -> object:
        if isinstance(value, wasmtime.Val):  # wasmtime's null
            value = value.value
        if kind == "i64":
            return JSBigInt(value)
        if kind in _KINDS:
            return value
        if value is None:
            return null
        return value.number if isinstance(value, _Held) else self._describe(value)

    def _to_wasm(self, kind: str, value: Any) -> Any:
        if kind in ("i32", "i64"):
            return int(value)
        if kind in ("f32", "f64"):
            return float(value)
        if value is None or value is null:
            return None
        return value.value if isinstance(value, _Handle) else _Held(value, self._released)

    # --- Memories ---------------------------------------------------------------------------------------

    def new_memory(self, initial: int, maximum: int | None) -> dict[str, object]:
        """A memory of so many pages."""
        kind = wasmtime.MemoryType(wasmtime.Limits(initial, maximum))
        try:
            return self._describe(wasmtime.Memory(self._store, kind))
        except wasmtime.WasmtimeError as error:
            raise HostError(str(error), name="RangeError") from None

    def memory_bytes(self, handle: _Handle) -> ForeignBytes:
        """The bytes themselves, not a copy: valid until on_growth, and dropped before the store is."""
        memory = handle.value
        self._shown[_identity(memory._memory)] = (memory, memory.size(self._store))
        address = addressof(memory.data_ptr(self._store).contents)
        return ForeignBytes(address, memory.data_len(self._store))

    def grow_memory(self, handle: _Handle, pages: int) -> int:
        """How many pages it had; -1 when it cannot grow."""
        try:
            before: int = handle.value.grow(self._store, pages)
        except wasmtime.WasmtimeError:
            return -1
        return before

    def _tell_growth(self) -> None:
        """Wasm may have grown a memory: its ArrayBuffer ends."""
        for key, (memory, pages) in [*self._shown.items()]:
            if memory.size(self._store) != pages:
                del self._shown[key]
                self._isolate.call(self._on_growth, None, key)

    # --- Tables and globals -----------------------------------------------------------------------------

    def new_table(self, element: str, initial: int, maximum: int | None, value: Any) -> dict[str, object]:
        """A table full of `value`."""
        content = wasmtime.ValType.funcref() if element == "funcref" else wasmtime.ValType.externref()
        kind = wasmtime.TableType(content, wasmtime.Limits(initial, maximum))
        return self._describe(wasmtime.Table(self._store, kind, self._to_wasm(element, value)))

    def table_size(self, handle: _Handle) -> int:
        """How many elements it has."""
        size: int = handle.value.size(self._store)
        return size

    def get_element(self, handle: _Handle, element: str, index: int) -> object:
        """An element, which exists."""
        return self._to_js(element, handle.value.get(self._store, index))

    def set_element(self, handle: _Handle, element: str, index: int, value: Any) -> None:
        """Change an element, which exists."""
        handle.value.set(self._store, index, self._to_wasm(element, value))

    def grow_table(self, handle: _Handle, element: str, count: int, value: Any) -> int:
        """How many elements it had; -1 when it cannot grow."""
        try:
            before: int = handle.value.grow(self._store, count, self._to_wasm(element, value))
        except wasmtime.WasmtimeError:
            return -1
        return before

    def new_global(self, content: str, mutable: bool, value: Any) -> dict[str, object]:
        """A global of a type that JavaScript may make."""
        kind = wasmtime.GlobalType(getattr(wasmtime.ValType, content)(), mutable)
        return self._describe(wasmtime.Global(self._store, kind, self._to_wasm(content, value)))

    def get_global(self, handle: _Handle, content: str) -> object:
        """Its value."""
        return self._to_js(content, handle.value.value(self._store))

    def set_global(self, handle: _Handle, content: str, value: Any) -> None:
        """Change its value."""
        handle.value.set_value(self._store, self._to_wasm(content, value))


def binding(isolate: Any) -> dict[str, Callable[..., Any]]:
    """The functions of `internalBinding('wasm_host')`."""
    host = _Host(isolate)
    return {
        "collect": host.collect,
        "compile": host.compile,
        "compileLater": host.compile_later,
        "getElement": host.get_element,
        "getGlobal": host.get_global,
        "growMemory": host.grow_memory,
        "growTable": host.grow_table,
        "instantiate": host.instantiate,
        "memoryBytes": host.memory_bytes,
        "newGlobal": host.new_global,
        "newMemory": host.new_memory,
        "newTable": host.new_table,
        "setElement": host.set_element,
        "setGlobal": host.set_global,
        "setUp": host.set_up,
        "tableSize": host.table_size,
        "validate": host.validate,
    }
