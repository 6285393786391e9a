# SPDX-License-Identifier: Apache-2.0
"""TypeScript by removing its types: what runs, with its line numbers, and what is refused."""

import pytest

PROGRAM = """\
import { type Shape, area } from './shapes.ts';
import type { Nothing } from './nothing.ts';
abstract class Base<T> { declare ghost: T; readonly kept?: number = 1; abstract run(): void; }
class Real extends Base<string> { override run(): void {} }
interface Unused { a?: string }
declare const nope: Unused;
function over(a: string): string; function over(a: number): number; function over(a: any) { return a as unknown; }
const found = <T,>(shape: T): shape is T => true;
console.log(area({ side: 3 } as Shape)!, new Real().kept, 'ghost' in new Real(), over(1), found(2) satisfies boolean);
throw new Error('line 10');
"""


def test_types_go_and_lines_stay(tree, run_edgejs):
    shapes = "export interface Shape { side: number }\nexport const area = (shape: Shape): number => shape.side ** 2;"
    folder = tree({"main.mts": PROGRAM, "shapes.ts": shapes})
    done = run_edgejs(folder / "main.mts")
    assert done.stdout == "9 1 false 1 true\n"
    assert done.stderr.startswith(f"file://{folder}/main.mts:10\n")


def test_commonjs(tree, run_edgejs):
    tree({"a.cts": "const x: number = 1; module.exports = x;", "b.ts": "exports.y = 2 as number;"})
    assert run_edgejs("console.log(require('./a.cts'), require('./b.ts'))").stdout == "1 { y: 2 }\n"


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("enum A { B }", "enum"),
        ("const enum A { B }", "enum"),
        ("namespace N { export const a = 1; }", "namespace declaration"),
        ("class A { constructor(private x: number) {} }", "parameter property"),
    ],
)
def test_what_has_code_of_its_own_is_refused(tree, run_edgejs, source, kind):
    done = run_edgejs(tree({"a.ts": source}) / "a.ts")
    assert done.returncode == 1
    message = f"[ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX]: TypeScript {kind} is not supported in strip-only mode\n"
    assert message in done.stderr


def test_declarations_are_types(tree, run_edgejs):
    source = "declare enum A { B } declare namespace N { const a: number } declare module 'm' { namespace X {} } console.log(1);"
    assert run_edgejs(tree({"a.ts": source}) / "a.ts").stdout == "1\n"


def test_packages_are_javascript(tree, required):
    tree({"node_modules/p/index.ts": ""})
    assert required("p/index.ts")[0] == {
        "code": "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING",
        "name": "Error",
        "message": "Stripping types is currently unsupported for files under node_modules, "
        'for "/node_modules/p/index.ts"',
    }
