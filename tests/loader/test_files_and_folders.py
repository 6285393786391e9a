# SPDX-License-Identifier: Apache-2.0
"""Which file a path leads to: extensions, folders, symbolic links."""


def test_extensions_in_order(tree, required):
    tree(
        {
            "a.js": "module.exports = 'js'",
            "a.json": '"json"',
            "b.json": '"json"',
            "c": "module.exports = 'bare'",
        }
    )
    assert required("./a", "./a.json", "./b", "./c") == ["js", "json", "json", "bare"]


def test_a_folder_and_a_file_of_one_name(tree, required):
    tree({"x.js": "module.exports = 'file'", "x/index.js": "module.exports = 'folder'"})
    assert required("./x", "./x/", "./x/.") == ["file", "folder", "folder"]


def test_upwards_through_node_modules(tree, required):
    tree(
        {
            "node_modules/p/index.js": "module.exports = 'outer'",
            "sub/a.js": "module.exports = require('p')",
            "sub/node_modules/p/index.js": "module.exports = 'inner'",
            "sub/node_modules/q/index.js": "module.exports = require('p')",
        }
    )
    assert required("p", "./sub/a", "./sub/node_modules/q") == ["outer", "inner", "inner"]


def test_a_link_is_where_it_leads(tree, required):
    folder = tree({"real/r.js": "module.exports = [__filename, __dirname].map((path) => path.slice(-8))"})
    (folder / "link.js").symlink_to("real/r.js")
    (folder / "links").symlink_to("real")
    assert required("./link", "./links/r") == [["eal/r.js", folder.name[-3:] + "/real"]] * 2


def test_links_kept_on_request(tree, run_edgejs):
    folder = tree({"real/r.js": "console.log(__filename)"})
    (folder / "link.js").symlink_to("real/r.js")
    env = {"NODE_PRESERVE_SYMLINKS": "1"}
    assert run_edgejs("require('./link')", env=env).stdout == f"{folder}/link.js\n"


def test_links_that_lead_to_each_other(tree, required):
    folder = tree({})
    (folder / "a.js").symlink_to("b.js")
    (folder / "b.js").symlink_to("a.js")
    assert required("./a")[0]["code"] == "MODULE_NOT_FOUND"


def test_node_path(tree, run_edgejs):
    folder = tree({"lib/p.js": "module.exports = 'found'"})
    assert run_edgejs("console.log(require('p'))", env={"NODE_PATH": f"{folder}/lib"}).stdout == "found\n"
