# SPDX-License-Identifier: Apache-2.0
"""How the text of a module is read: marks, hashbangs, its wrapper, JSON."""


def test_hashbang_and_byte_order_mark(tree, required):
    tree(
        {"hash.js": "#!/usr/bin/env node\nmodule.exports = 'hash'", "bom.js": "\ufeffmodule.exports = 'bom'"}
    )
    assert required("./hash", "./bom") == ["hash", "bom"]


def test_the_function_around_a_module(tree, required):
    tree(
        {
            "m.js": "module.exports = [this === exports, typeof __dirname, arguments.length, "
            "(function () { return this === globalThis; })()]; return; module.exports = 'no';"
        }
    )
    assert required("./m") == [[True, "string", 5, True]]


def test_bad_json_names_the_file(tree, required):
    tree({"bad.json": '{"x": }'})
    (error,) = required("./bad.json")
    assert error["name"] == "SyntaxError"
    assert error["message"].startswith("/bad.json: ")


def test_syntax_error_points_at_its_place(tree, run_edgejs):
    folder = tree({"bad.js": "let fine = 1;\nlet a = ;\n"})
    done = run_edgejs("require('./bad')")
    assert done.returncode == 1
    assert done.stderr.startswith(f"{folder}/bad.js:2\nlet a = ;\n        ^\n\nSyntaxError: ")


def test_a_module_that_throws_runs_again(tree, run_edgejs):
    tree({"t.js": "globalThis.count = (globalThis.count || 0) + 1; throw new Error(`run ${count}`);"})
    script = "for (const _ of [1, 2]) try { require('./t'); } catch (error) { console.log(error.message); }"
    assert run_edgejs(script).stdout == "run 1\nrun 2\n"
