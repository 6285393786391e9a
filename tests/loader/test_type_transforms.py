# SPDX-License-Identifier: Apache-2.0
"""--experimental-transform-types, and text with types on the command line."""

import pytest

TRANSFORM = "--experimental-transform-types"


@pytest.mark.parametrize(
    "source, printed",
    [
        ("enum C { A, B = 5, D, E = 'e' } console.log(C.A, C[5], C.D, C.E)", "0 B 6 e"),
        (
            "class P { constructor(private x: number, readonly y = 2) {} } console.log(new P(1))",
            "P { x: 1, y: 2 }",
        ),
        ("import fs = require('node:fs'); console.log(typeof fs.statSync)", "function"),
        ("class A {} namespace A { export const x = 1 } console.log((A as any).x)", "1"),
        ("namespace A { export let n = 1; export function up() { n++ } } A.up(); console.log(A.n)", "2"),
        (
            "namespace A.B { export const { p: [q] } = { p: [3] }; export const x = 1,\n y = x } console.log(A.B.y, A.B.q)",
            "1 3",
        ),
        ("namespace A { export namespace B { export enum C { D } } } console.log(A.B.C.D)", "0"),
        ("declare namespace A { const x: 1 } console.log(1)", "1"),
    ],
)
def test_what_has_code_of_its_own(tree, run_edgejs, source, printed):
    done = run_edgejs(tree({"a.cts": source}) / "a.cts", options=[TRANSFORM, "--no-warnings"])
    assert (done.stdout.strip(), done.stderr) == (printed, "")


@pytest.mark.parametrize(
    "options, source, printed",
    [
        ([], "let x: number = 1; console.log(x)", "1\n"),
        ([], "import os from 'os'; let x: string = 'm'; console.log(x, typeof os.cpus)", "m function\n"),
        (["--input-type=module-typescript"], "let x: 1 = 1; console.log(x, this)", "1 undefined\n"),
        (
            ["--input-type=commonjs-typescript"],
            "let x = <T,>(a: T) => a; console.log(x(typeof require))",
            "function\n",
        ),
    ],
)
def test_text_of_the_command_line(run_edgejs, options, source, printed):
    done = run_edgejs(None, options=[*options, "-e", source])
    assert (done.stdout, done.stderr) == (printed, "")


@pytest.mark.parametrize("options", [["--no-strip-types"], ["--input-type=commonjs"]])
def test_types_are_mistakes_in_javascript(run_edgejs, options):
    done = run_edgejs(None, options=[*options, "-e", "let x: number = 1"])
    assert done.returncode == 1
    assert "SyntaxError" in done.stderr and "TYPESCRIPT" not in done.stderr
