# SPDX-License-Identifier: Apache-2.0
"""`module`, `require.main`, parents and children."""


def test_of_the_program(run_edgejs, tmp_path):
    script = """
    console.log(Object.keys(module), module.id, module.loaded, module.parent, require.main === module, process.mainModule === module);
    console.log(module.filename, module.path, module.paths[0], module instanceof require('module'));
    """
    assert run_edgejs(script).stdout == (
        "[\n  'id',      'path',\n  'exports', 'filename',\n  'loaded',  'children',\n  'paths'\n] . false null true true\n"
        f"{tmp_path}/script.js {tmp_path} {tmp_path}/node_modules true\n"
    )


def test_of_what_it_requires(tree, run_edgejs, tmp_path):
    tree(
        {
            "a.js": "exports.id = module.id; exports.parent = module.parent.filename; exports.main = require.main.filename"
        }
    )
    script = "console.log(require('./a'), module.children.length, module.children[0].loaded)"
    assert run_edgejs(script).stdout == (
        f"{{\n  id: '{tmp_path}/a.js',\n  parent: '{tmp_path}/script.js',\n  main: '{tmp_path}/script.js'\n}} 1 true\n"
    )


def test_resolve_with_paths(tree, run_edgejs, tmp_path):
    tree({"sub/node_modules/p/index.js": "", "sub/f.js": ""})
    script = """
    console.log(require.resolve('p', { paths: [`${__dirname}/sub`] }), require.resolve('./f', { paths: [`${__dirname}/sub`] }));
    console.log(require.resolve.paths('fs'), require.resolve.paths('./x'), require.resolve.paths('p')[0]);
    """
    assert run_edgejs(script).stdout == (
        f"{tmp_path}/sub/node_modules/p/index.js {tmp_path}/sub/f.js\nnull [ '{tmp_path}' ] {tmp_path}/node_modules\n"
    )
