# SPDX-License-Identifier: Apache-2.0
"""What an ES module imports: bindings that stay live, circles, and names that are not there."""

import pytest


def test_bindings_are_live(tree, run_edgejs):
    folder = tree(
        {
            "counter.mjs": "export let count = 0; export function add() { count++; }",
            "main.mjs": "import { add, count } from './counter.mjs'; add(); add(); console.log(count);",
        }
    )
    assert run_edgejs(folder / "main.mjs").stdout == "2\n"


def test_modules_in_a_circle_share_their_bindings(tree, run_edgejs):
    folder = tree(
        {
            "a.mjs": "import { b } from './b.mjs'; export function a() { return 'a'; } console.log('a', b);",
            "b.mjs": "import { a } from './a.mjs'; export const b = a() + 'b'; console.log('b');",
        }
    )
    assert run_edgejs(folder / "a.mjs").stdout == "b\na ab\n"


def test_what_hangs_off_a_circle_runs_in_its_turn(tree, run_edgejs):
    folder = tree(
        {
            "main.mjs": "import './back.mjs'; import './after.cjs'; console.log('main'); export const x = 1;",
            "back.mjs": "import { x } from './main.mjs'; console.log('back'); export const y = 2;",
            "after.cjs": """
            console.log('after', require('./leaf.mjs').leaf);
            for (const file of ['./back.mjs', './main.mjs']) {
              try { require(file); } catch ({ code }) { console.log(code); }
            }
            """,
            "leaf.mjs": "export const leaf = 'leaf';",
        }
    )
    cycle = "ERR_REQUIRE_CYCLE_MODULE\n"
    assert run_edgejs(folder / "main.mjs").stdout == f"back\nafter leaf\n{cycle}{cycle}main\n"


def test_each_module_runs_once_and_in_order(tree, run_edgejs):
    folder = tree(
        {
            "leaf.mjs": "console.log('leaf');",
            "one.mjs": "import './leaf.mjs'; console.log('one');",
            "two.mjs": "import './leaf.mjs'; console.log('two');",
            "main.mjs": "import './one.mjs'; import './two.mjs'; console.log('main');",
        }
    )
    assert run_edgejs(folder / "main.mjs").stdout == "leaf\none\ntwo\nmain\n"


@pytest.mark.parametrize(
    ("importer", "message"),
    [
        (
            "import { no } from './side.mjs';",
            "The requested module './side.mjs' does not provide an export named 'no'",
        ),
        (
            "export { no } from './side.mjs';",
            "The requested module './side.mjs' does not provide an export named 'no'",
        ),
        (
            "import no from './side.mjs';",
            "The requested module './side.mjs' does not provide an export named 'default'",
        ),
        (
            "import { no } from './c.cjs';",
            "Named export 'no' not found. The requested module './c.cjs' is a CommonJS module, which may not support "
            "all module.exports as named exports.",
        ),
    ],
)
def test_a_missing_name_stops_before_anything_runs(tree, run_edgejs, importer, message):
    folder = tree({"side.mjs": "console.log('ran'); export {};", "c.cjs": "", "main.mjs": importer})
    done = run_edgejs(folder / "main.mjs")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"SyntaxError: {message}\n" in done.stderr
    assert done.stderr.startswith(f"file://{folder}/main.mjs:1\n")


def test_an_error_is_the_same_each_time(tree, run_edgejs):
    folder = tree(
        {
            "bad.mjs": "globalThis.runs = (globalThis.runs ?? 0) + 1; throw new Error('once');",
            "over.mjs": "import './bad.mjs';",
            "hole.mjs": "import './nothing.mjs'; import './circle.mjs';",
            "circle.mjs": "import './hole.mjs';",
            "main.mjs": """
            const errors = [];
            for (const name of ['bad', 'over', 'bad', 'hole', 'circle', 'hole']) {
              await import(`./${name}.mjs`).catch((error) => errors.push(error));
            }
            console.log(errors.map((error) => error.code ?? error.message).join(), runs);
            console.log(errors[0] === errors[1], errors[0] === errors[2], errors[3] === errors[5]);
            """,
        }
    )
    done = run_edgejs(folder / "main.mjs")
    missing = "ERR_MODULE_NOT_FOUND"
    assert done.stdout == f"once,once,once,{missing},{missing},{missing} 1\ntrue true true\n", done.stderr
