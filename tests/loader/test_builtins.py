# SPDX-License-Identifier: Apache-2.0
"""Builtin modules: with and without `node:`, unknown ones, ones that are not there yet."""


def test_with_and_without_prefix(tree, run_edgejs):
    tree({"node_modules/path/index.js": "module.exports = 'a package'"})
    script = "console.log(require('path') === require('node:path'), require('path').sep, require.resolve('node:path'))"
    assert run_edgejs(script).stdout == "true / node:path\n"


def test_unknown(required):
    assert required("node:nope") == [
        {
            "code": "ERR_UNKNOWN_BUILTIN_MODULE",
            "name": "Error",
            "message": "No such built-in module: node:nope",
        }
    ]


def test_not_there_yet(required):
    (error,) = required("node:_stream_wrap")
    assert error["code"] == "ERR_METHOD_NOT_IMPLEMENTED"
    assert "_stream_wrap" in error["message"]


def test_names_that_need_the_prefix(tree, required):
    tree({"node_modules/test/index.js": "module.exports = 'a package'"})
    assert required("test") == ["a package"]


def test_the_list(run_edgejs):
    script = """
    const { builtinModules, isBuiltin } = require('module');
    console.log(builtinModules.includes('fs'), builtinModules.includes('internal/errors'), builtinModules.every((id) => isBuiltin(id)));
    console.log(isBuiltin('node:fs'), isBuiltin('nope'), isBuiltin('test'), isBuiltin('node:test'));
    """
    assert run_edgejs(script).stdout == "true false true\ntrue false false true\n"
