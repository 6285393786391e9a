# SPDX-License-Identifier: Apache-2.0
"""Everything that follows from the list of Node-API functions.

    generate.py symbols --headers DIR            writes napi/symbols.json
    generate.py build --sources C... --out DIR   writes the C of the table and the trampolines
    generate.py docs                             writes docs/node-api.md

``symbols.json`` is the one list. It is read out of the headers of the ``node-api-headers`` package
and of ``src/experimental.h``, and is checked in. ``build`` is run by CMake. A function
counts as implemented when one of the sources defines it under the name ``ej_`` + symbol, spelt out
at the start of a line: nothing else has to be registered anywhere.

Only the standard library is used: this runs before anything of the project is installed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = [
    "GenerateError",
    "Symbol",
    "default_sources",
    "find_definitions",
    "main",
    "parse_headers",
    "read_symbols",
    "render_build",
    "render_docs",
]

HERE = Path(__file__).resolve().parent
SYMBOLS = HERE / "symbols.json"
SPDX = "SPDX-License-Identifier: Apache-2.0"
EXPERIMENTAL = "experimental"
HEADERS = ("js_native_api.h", "node_api.h")
Version = int | str

# Exported besides the functions of symbols.json: addons for the V8 interface look for the first, libuv's
# users for the second (not `uv__*`, which is libuv's own), Python for the others.
OTHER_EXPORTS = ("node_module_register", "uv_[a-z]*", "PyInit_*", "_cffi_pypyinit_*")


class GenerateError(Exception):
    """The headers, the sources and the list do not fit together."""


@dataclass(frozen=True)
class Symbol:
    """One Node-API function as its header declares it.

    ``since`` is the Node-API version that brought it (1 to 10) or ``"experimental"``. ``env`` says what its
    first parameter is: ``"full"`` (``napi_env``), ``"basic"`` (``node_api_basic_env``: may be called in a
    finalizer) or ``"none"``. ``params`` are pairs of C type and name.
    """

    name: str
    since: Version
    header: str
    env: str
    returns: str
    params: tuple[tuple[str, str], ...]

    @property
    def parameters(self) -> str:
        return ", ".join(f"{kind} {name}" for kind, name in self.params) or "void"

    @property
    def arguments(self) -> str:
        return ", ".join(name for _, name in self.params)

    def declaration(self, name: str) -> str:
        """The prototype under another name, without the final semicolon."""
        return f"{self.returns} {name}({self.parameters})"

    def record(self) -> dict[str, Any]:
        """The form kept in symbols.json."""
        params = [{"type": kind, "name": name} for kind, name in self.params]
        return {
            "name": self.name,
            "since": self.since,
            "header": self.header,
            "env": self.env,
            "returns": self.returns,
            "params": params,
        }


# --- Reading the headers -----------------------------------------------------------------------------

_PROTOTYPE = re.compile(r"NAPI_EXTERN\s+([^;()]*?)\b((?:napi|node_api)_\w+)\s*\(([^()]*)\)\s*;")
_CONDITION = re.compile(r"^\s*#\s*(if|ifdef|ifndef|else|elif|endif)\b\s*(.*)$")
_VERSION = re.compile(r"^NAPI_VERSION\s*>=\s*(\d+)$")


def _strip_comments(text: str) -> str:
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)


def _regions(text: str) -> Iterable[tuple[Version, str]]:
    """The text in pieces, each with the version that its enclosing #if blocks ask for."""
    stack: list[Version] = []
    piece: list[str] = []

    def version() -> Version:
        if EXPERIMENTAL in stack:
            return EXPERIMENTAL
        return max((v for v in stack if isinstance(v, int)), default=1)

    for line in text.splitlines():
        condition = _CONDITION.match(line)
        if condition is None:
            if not line.lstrip().startswith("#"):
                piece.append(line)
            continue
        yield version(), "\n".join(piece)
        piece = []
        word, rest = condition.group(1), condition.group(2).strip()
        if word in ("if", "ifdef", "ifndef"):
            asked = _VERSION.match(rest)
            if asked:
                stack.append(int(asked.group(1)))
            else:
                stack.append(EXPERIMENTAL if (word, rest) == ("ifdef", "NAPI_EXPERIMENTAL") else 1)
        elif word == "endif":
            stack.pop()
        elif stack[-1] != 1:
            raise GenerateError(f"a version block with #{word} is not understood")
    yield version(), "\n".join(piece)


def _parse_parameter(text: str) -> tuple[str, str]:
    match = re.fullmatch(r"(.+?)\s*\b(\w+)", " ".join(text.split()))
    if match is None:
        raise GenerateError(f"parameter {text!r} is not understood")
    kind = re.sub(r"\s*\*", "*", match.group(1))
    return kind, match.group(2)


def _parse_header(path: Path, header: str) -> Iterable[Symbol]:
    for since, text in _regions(_strip_comments(path.read_text(encoding="utf-8"))):
        for returns, name, inside in _PROTOTYPE.findall(text):
            params = tuple(_parse_parameter(part) for part in inside.split(",") if part.strip())
            first = params[0][0] if params else ""
            env = {"napi_env": "full", "node_api_basic_env": "basic"}.get(first, "none")
            words = ("_Noreturn" if word == "NAPI_NO_RETURN" else word for word in returns.split())
            kind = " ".join(word for word in words if word != "NAPI_CDECL")
            yield Symbol(name, since, header, env, kind, params)


def _versions_of_package(package: Path) -> dict[str, int] | None:
    """The first version that lists each symbol in the package's symbols.js, None when it is not there."""
    listing = package / "symbols.js"
    if not listing.is_file():
        return None
    versions: dict[str, int] = {}
    current = 0
    for line in listing.read_text(encoding="utf-8").splitlines():
        if start := re.match(r"const v(\d+) = \{", line):
            current = int(start.group(1))
        elif entry := re.match(r"\s*'((?:napi|node_api)_\w+)'", line):
            versions.setdefault(entry.group(1), current)
    return versions


def parse_headers(headers: Path) -> list[Symbol]:
    """Every function that the headers declare, by name.

    ``headers`` is the node-api-headers package or its include folder. Raises `GenerateError` when
    the package's own list of symbols disagrees with its headers.
    """
    include = headers / "include" if (headers / "include").is_dir() else headers
    found = [symbol for header in HEADERS for symbol in _parse_header(include / header, header)]
    known = {symbol.name for symbol in found}
    extra = _parse_header(HERE / "src" / "experimental.h", "experimental.h")
    found += [symbol for symbol in extra if symbol.name not in known]
    listed = _versions_of_package(include.parent)
    if listed is not None:
        declared = {s.name: s.since for s in found if s.since != EXPERIMENTAL}
        if declared != listed:
            differing = sorted(set(declared.items()) ^ set(listed.items()))
            raise GenerateError(f"the headers and symbols.js disagree about {differing}")
    return sorted(found, key=lambda symbol: symbol.name)


def _package_version(headers: Path) -> str:
    manifest = (headers if (headers / "package.json").is_file() else headers.parent) / "package.json"
    return str(json.loads(manifest.read_text(encoding="utf-8"))["version"])


def render_symbols(headers: Path) -> str:
    """The text of symbols.json."""
    records = ",\n    ".join(json.dumps(symbol.record()) for symbol in parse_headers(headers))
    package = json.dumps({"name": "node-api-headers", "version": _package_version(headers)})
    return f'{{\n  "package": {package},\n  "symbols": [\n    {records}\n  ]\n}}\n'


def read_symbols(path: Path = SYMBOLS) -> list[Symbol]:
    """The functions listed in symbols.json, by name."""
    records = json.loads(path.read_text(encoding="utf-8"))["symbols"]
    return [
        Symbol(
            record["name"],
            record["since"],
            record["header"],
            record["env"],
            record["returns"],
            tuple((param["type"], param["name"]) for param in record["params"]),
        )
        for record in records
    ]


# --- Scanning the implementation ---------------------------------------------------------------------

_DEFINITION = re.compile(r"(?m)^(?:[A-Za-z_][\w \t*]*?)?\bej_((?:napi|node_api)_\w+)\s*\([^;{}]*\)\s*\{")


def find_definitions(sources: Iterable[Path]) -> dict[str, Path]:
    """The file that defines each ``ej_<symbol>``. Raises `GenerateError` when two do."""
    found: dict[str, Path] = {}
    for source in sources:
        for name in _DEFINITION.findall(_strip_comments(source.read_text(encoding="utf-8"))):
            if name in found:
                raise GenerateError(f"ej_{name} is defined in {found[name]} and in {source}")
            found[name] = source
    return found


# --- The C of the build ------------------------------------------------------------------------------


def _c_file(purpose: str, body: Iterable[str]) -> str:
    return "\n".join([f"// {SPDX}", f"// {purpose} Generated by napi/generate.py.", *body, ""])


def _pointer(symbol: Symbol) -> str:
    """The member of a table that points at the function; pointers know no _Noreturn."""
    return f"{symbol.returns.removeprefix('_Noreturn ')} (*{symbol.name})({symbol.parameters})"


def _render_header(symbols: Sequence[Symbol]) -> str:
    with_env = [symbol for symbol in symbols if symbol.env != "none"]
    return _c_file(
        "The Node-API table and what fills it.",
        [
            "#ifndef EJ_NAPI_IMPL_H",
            "#define EJ_NAPI_IMPL_H",
            "",
            "#include <node_api.h>",
            "",
            "struct ej_napi_table {",
            *(f"  {_pointer(symbol)};" for symbol in with_env),
            "};",
            "",
            "extern const struct ej_napi_table ej_napi_table_quickjs;",
            "",
            "// The functions that know no env, whose table is the process's.",
            "struct ej_napi_process_table {",
            *(f"  {_pointer(symbol)};" for symbol in symbols if symbol.env == "none"),
            "};",
            "",
            "extern const struct ej_napi_process_table ej_napi_process_functions;",
            "",
            "// The same functions with a record of each call: napi/src/trace.h.",
            "extern const struct ej_napi_table ej_napi_table_traced;",
            "extern const struct ej_napi_process_table ej_napi_process_traced;",
            f"enum {{ EJ_NAPI_FUNCTIONS = {len(symbols)} }};",
            "extern const char *const ej_napi_names[EJ_NAPI_FUNCTIONS];",
            "",
            *(f"{symbol.declaration('ej_' + symbol.name)};" for symbol in symbols),
            "",
            "#endif",
        ],
    )


def _render_stub(symbol: Symbol) -> list[str]:
    """A function that refuses: nothing that is missing may look as if it worked.

    It bears the name of the implementation, so that one which the scan overlooked is a linker error.
    """
    message = f'"{symbol.name} is not implemented"'
    unused = [f"  (void){name};" for _, name in symbol.params[1:]]
    if symbol.env == "basic":
        refuse = [
            f"  ej_set_error({symbol.params[0][1]}, napi_generic_failure);",
            f"  {symbol.params[0][1]}->last_error.error_message = {message};",
            "  return napi_generic_failure;",
        ]
    else:
        refuse = [
            f'  napi_throw_error({symbol.params[0][1]}, "ERR_METHOD_NOT_IMPLEMENTED", {message});',
            f"  return ej_set_error({symbol.params[0][1]}, napi_pending_exception);",
        ]
    return [f"{symbol.declaration('ej_' + symbol.name)} {{", *unused, *refuse, "}", ""]


def _render_table(symbols: Sequence[Symbol], defined: Iterable[str]) -> str:
    missing = [symbol for symbol in symbols if symbol.name not in set(defined)]
    for symbol in missing:
        if symbol.env == "none" or symbol.returns != "napi_status":
            raise GenerateError(f"{symbol.name} has no way to refuse: it must be implemented")
    lines = [line for symbol in missing for line in _render_stub(symbol)]
    return _c_file(
        "The table that an env points at.",
        [
            '#include "env.h"',
            "",
            *lines,
            "const struct ej_napi_table ej_napi_table_quickjs = {",
            *(f"    .{symbol.name} = ej_{symbol.name}," for symbol in symbols if symbol.env != "none"),
            "};",
            "",
            "const struct ej_napi_process_table ej_napi_process_functions = {",
            *(f"    .{symbol.name} = ej_{symbol.name}," for symbol in symbols if symbol.env == "none"),
            "};",
        ],
    )


def _render_traced(symbols: Sequence[Symbol]) -> str:
    lines = ["const char *const ej_napi_names[EJ_NAPI_FUNCTIONS] = {"]
    lines += [*(f'    "{symbol.name}",' for symbol in symbols), "};", ""]
    for number, symbol in enumerate(symbols):
        call = f"ej_{symbol.name}({symbol.arguments});"
        lines += [
            f"static {symbol.declaration('traced_' + symbol.name)} {{",
            f"  ej_trace_call call = ej_trace_begin({number});",
            *(
                [f"  napi_status status = {call}", "  ej_trace_end(&call, status);", "  return status;"]
                if symbol.returns == "napi_status"
                else ["  (void)call;", f"  {call}"]
                if symbol.returns.startswith("_Noreturn")
                else [f"  {call}", "  ej_trace_end(&call, napi_ok);"]
            ),
            "}",
            "",
        ]
    for kind, name, in_process in (
        ("ej_napi_table", "ej_napi_table_traced", False),
        ("ej_napi_process_table", "ej_napi_process_traced", True),
    ):
        members = (symbol for symbol in symbols if (symbol.env == "none") == in_process)
        lines += [f"const struct {kind} {name} = {{"]
        lines += [*(f"    .{symbol.name} = traced_{symbol.name}," for symbol in members), "};", ""]
    return _c_file("Each function with a record of its calls.", ['#include "trace.h"', "", *lines])


def _render_trampoline(symbol: Symbol) -> list[str]:
    head = f"NAPI_EXTERN {symbol.declaration(symbol.name)} {{"
    if symbol.env == "none":
        call = f"ej_napi_process->{symbol.name}({symbol.arguments});"
        if symbol.returns == "napi_status":
            return [head, f"  return {call}", "}", ""]
        end = ["  __builtin_unreachable();"] if symbol.returns.startswith("_Noreturn") else []
        return [head, f"  {call}", *end, "}", ""]
    env = symbol.params[0][1]
    return [
        head,
        f"  if ({env} == NULL) return napi_invalid_arg;",
        f"  return {env}->table->{symbol.name}({symbol.arguments});",
        "}",
        "",
    ]


def render_build(symbols: Sequence[Symbol], defined: Iterable[str]) -> dict[str, str]:
    """The generated files by name. Raises `GenerateError` when an implementation cannot be missing."""
    trampolines = [line for symbol in symbols for line in _render_trampoline(symbol)]
    exports = [*(symbol.name for symbol in symbols), *OTHER_EXPORTS]
    return {
        "napi_impl.h": _render_header(symbols),
        "napi_table.c": _render_table(symbols, defined),
        "napi_traced.c": _render_traced(symbols),
        "napi_trampolines.c": _c_file(
            "The symbols that addons import.",
            [
                "#ifndef NAPI_EXPERIMENTAL",
                "#define NAPI_EXPERIMENTAL",
                "#endif",
                '#include "env.h"',
                '#include "experimental.h"',
                '#include "trace.h"',
                "",
                *trampolines,
            ],
        ),
        "exports.map": "{\n  global:\n" + "".join(f"    {name};\n" for name in exports) + "  local: *;\n};\n",
    }


# --- The coverage page -------------------------------------------------------------------------------


def render_docs(symbols: Sequence[Symbol], defined: dict[str, Path], root: Path) -> str:
    """The text of docs/node-api.md."""
    done = sum(symbol.name in defined for symbol in symbols)
    lines = [
        "# Node-API coverage",
        "",
        "<!-- Generated by `python napi/generate.py docs`. Do not edit. -->",
        "",
        f"{done} of {len(symbols)} functions are implemented. One that is not throws an error with the code",
        "`ERR_METHOD_NOT_IMPLEMENTED` that names it. What each does is described in Node's documentation",
        "([Node-API](https://nodejs.org/api/n-api.html)). *Basic* ones may be called in any finalizer.",
        "",
        "| Function | Since | Env | Status | Where |",
        "|---|---|---|---|---|",
    ]
    for symbol in symbols:
        source = defined.get(symbol.name)
        status = "refuses" if source is None else "implemented"
        where = "" if source is None else f"`{source.relative_to(root).as_posix()}`"
        lines.append(f"| `{symbol.name}` | {symbol.since} | {symbol.env} | {status} | {where} |")
    lines += [
        "",
        "Besides these, every `uv_*` function of libuv is exported, and `node_module_register` refuses",
        "addons for the V8 interface with an error that says so.",
        "",
    ]
    return "\n".join(lines)


# --- Command line ------------------------------------------------------------------------------------


def _write(path: Path, text: str) -> None:
    """Leaves an unchanged file alone, so that nothing is compiled for nothing."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def default_sources(root: Path) -> list[Path]:
    """The C files of the repository at ``root`` that may implement Node-API."""
    return sorted([*root.glob("engine/src/*.c"), *root.glob("napi/src/*.c")])


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    parser = argparse.ArgumentParser(description="Generates what follows from the Node-API functions.")
    parser.add_argument("--symbols", type=Path, default=SYMBOLS, help="the list (default: beside this file)")
    commands = parser.add_subparsers(dest="command", required=True)
    symbols = commands.add_parser("symbols", help="write symbols.json from the official headers")
    symbols.add_argument("--headers", type=Path, required=True, help="the node-api-headers package, unpacked")
    build = commands.add_parser("build", help="write the C of the table, the trampolines and the exports")
    build.add_argument("--symbols", type=Path, default=argparse.SUPPRESS)
    build.add_argument("--sources", type=Path, nargs="+", required=True)
    build.add_argument("--out", type=Path, required=True)
    docs = commands.add_parser("docs", help="write docs/node-api.md")
    docs.add_argument("--root", type=Path, default=HERE.parent)
    options = parser.parse_args(arguments)
    try:
        if options.command == "symbols":
            _write(options.symbols, render_symbols(options.headers))
        elif options.command == "build":
            defined = find_definitions(options.sources)
            for name, text in render_build(read_symbols(options.symbols), defined).items():
                _write(options.out / name, text)
        else:
            defined = find_definitions(default_sources(options.root))
            page = render_docs(read_symbols(options.symbols), defined, options.root)
            _write(options.root / "docs" / "node-api.md", page)
    except GenerateError as error:
        print(f"generate.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
