# SPDX-License-Identifier: Apache-2.0
"""require() of ES modules, and import() from CommonJS."""


def test_what_require_gives(tree, run_edgejs):
    tree(
        {
            "named.mjs": "export const a = 1;",
            "both.mjs": "export const a = 1; export default 2;",
            "own.mjs": "export { x as 'module.exports' }; const x = 'mine';",
            "pkg/package.json": '{"type": "module"}',
            "pkg/index.js": "export const b = 2;",
            "syntax.js": "export const c = 3;",
        }
    )
    script = "for (const x of ['./named.mjs', './both.mjs', './own.mjs', './pkg', './syntax']) console.log(require(x));"
    assert run_edgejs(script).stdout == (
        "[Module: null prototype] { a: 1 }\n"
        "[Module: null prototype] { __esModule: true, a: 1, default: 2 }\n"
        "mine\n"
        "[Module: null prototype] { b: 2 }\n"
        "[Module: null prototype] { c: 3 }\n"
    )


def test_a_graph_that_awaits_is_refused_before_it_runs(tree, run_edgejs):
    tree(
        {
            "wait.mjs": "console.log('ran'); await 1; export const x = 1;",
            "over.mjs": "import './wait.mjs';",
            "inner.mjs": "export async function f() { await 1; }",
        }
    )
    done = run_edgejs(
        "require('./inner.mjs'); try { require('./over.mjs'); } catch (e) { console.log(e.code, e.message); }"
    )
    folder = str(tree({}))
    assert done.stdout == (
        "ERR_REQUIRE_ASYNC_MODULE require() cannot be used on an ESM graph with top-level await. Use import() instead. "
        "To see where the top-level await comes from, use --experimental-print-required-tla.\n"
        f"  From {folder}/script.js \n  Requiring {folder}/over.mjs \n"
    )


def test_a_circle_through_require_is_refused(tree, run_edgejs):
    folder = tree(
        {
            "main.mjs": "import seen from './c.cjs'; console.log(seen);",
            "c.cjs": "try { require('./main.mjs') } catch ({ code }) { module.exports = code; }",
        }
    )
    assert run_edgejs(folder / "main.mjs").stdout == "ERR_REQUIRE_CYCLE_MODULE\n"


def test_a_module_that_runs_may_require_another(tree, run_edgejs):
    folder = tree(
        {
            "main.mjs": "import './first.mjs'; import value from './c.cjs'; console.log(value);",
            "first.mjs": "export const first = 1;",
            "c.cjs": "module.exports = [require('./first.mjs').first, require('./second.mjs').second];",
            "second.mjs": "import { first } from './first.mjs'; export const second = first + 1;",
        }
    )
    assert run_edgejs(folder / "main.mjs").stdout == "[ 1, 2 ]\n"


def test_import_from_commonjs(tree, run_edgejs):
    tree(
        {
            "lib/m.mjs": "export const here = import.meta.url.split('/').at(-1);",
            "lib/c.js": "exports.load = () => import('./m.mjs');",
        }
    )
    script = """
    require('./lib/c').load().then((m) => console.log(m.here))
      .then(() => import('./no.mjs')).catch((error) => console.log(error.code));
    """
    assert run_edgejs(script).stdout == "m.mjs\nERR_MODULE_NOT_FOUND\n"


def test_an_import_of_commonjs_that_is_still_loading_is_refused(tree, run_edgejs):
    tree({"m.mjs": "import './half.cjs';", "half.cjs": "require('./m.mjs');"})
    done = run_edgejs(
        "try { require('./half.cjs'); } catch (error) { console.log(error.code, error.message); }"
    )
    folder = tree({})
    message = f"Cannot import CommonJS Module ./half.cjs in a cycle. (from {folder}/m.mjs)"
    assert done.stdout == f"ERR_REQUIRE_CYCLE_MODULE {message}\n"


def test_a_module_that_has_waited_is_still_refused(tree, run_edgejs):
    tree({"wait.mjs": "await 1;"})
    script = "import('./wait.mjs').then(() => { try { require('./wait.mjs'); } catch ({ code }) { console.log(code); } });"
    assert run_edgejs(script).stdout == "ERR_REQUIRE_ASYNC_MODULE\n"


def test_module_syntax_where_only_commonjs_may_be(tree, run_edgejs):
    folder = tree({"a.cjs": "import fs from 'fs';"})
    done = run_edgejs("require('./a.cjs')")
    assert "SyntaxError: Cannot use import statement outside a module\n" in done.stderr
    advice = 'Make sure to set "type": "module" in the nearest package.json file or use the .mjs extension.'
    assert f"Warning: Failed to load the ES module: {folder}/a.cjs. {advice}\n" in done.stderr


def test_a_new_module_that_imports_one_that_runs_is_refused(tree, run_edgejs):
    folder = tree(
        {
            "main.mjs": "import message from './c.cjs'; console.log(message); export const x = 1;",
            "c.cjs": "try { require('./new.mjs'); } catch ({ message }) { module.exports = message; }",
            "new.mjs": "import { x } from './main.mjs';",
        }
    )
    message = f"Cannot import Module ./main.mjs in a cycle. (from {folder}/new.mjs)"
    assert run_edgejs(folder / "main.mjs").stdout == f"{message}\n"
