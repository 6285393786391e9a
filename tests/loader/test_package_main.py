# SPDX-License-Identifier: Apache-2.0
"""`main` of package.json, and what stands in for it."""


def test_main_without_extension(tree, required):
    tree(
        {"node_modules/p/package.json": '{"main": "lib/m"}', "node_modules/p/lib/m.js": "module.exports = 1"}
    )
    assert required("p") == [1]


def test_main_that_is_a_folder(tree, required):
    tree({"node_modules/p/package.json": '{"main": "lib"}', "node_modules/p/lib/index.json": "[1]"})
    assert required("p") == [[1]]


def test_wrong_main_with_an_index(tree, run_edgejs):
    tree({"p/package.json": '{"main": "nope.js"}', "p/index.js": "module.exports = 'index'"})
    done = run_edgejs("console.log(require('./p'))")
    assert done.stdout == "index\n"
    assert "[DEP0128] DeprecationWarning: Invalid 'main' field in '" in done.stderr


def test_wrong_main_without_an_index(tree, run_edgejs):
    folder = tree({"p/package.json": '{"main": "nope.js"}'})
    done = run_edgejs(
        "try { require('./p'); } catch (error) { console.log(error.message); console.log(error.path); }"
    )
    assert done.stdout == (
        f"Cannot find module '{folder}/p/nope.js'. Please verify that the package.json has a valid \"main\" entry\n"
        f"{folder}/p/package.json\n"
    )


def test_package_json_that_is_no_json(tree, required):
    tree({"node_modules/p/package.json": "{bad", "node_modules/p/index.js": "1"})
    assert required("p") == [
        {
            "code": "ERR_INVALID_PACKAGE_CONFIG",
            "name": "Error",
            "message": "Invalid package config /node_modules/p/package.json.",
        }
    ]
