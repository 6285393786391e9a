# SPDX-License-Identifier: Apache-2.0
"""What packages replace: Module._load, _resolveFilename, _extensions, _compile, the cache, the wrapper."""

import pytest

CASES = {
    "load": (
        "const load = Module._load; Module._load = function (request, ...rest) {"
        " return request === 'virtual' ? 'mocked' : load.call(this, request, ...rest); };"
        " console.log(require('virtual'));",
        "mocked\n",
    ),
    "resolve": (
        "const resolve = Module._resolveFilename; Module._resolveFilename = function (request, ...rest) {"
        " return resolve.call(this, request === 'alias' ? './a' : request, ...rest); };"
        " console.log(require('alias'));",
        "a\n",
    ),
    "extension": (
        "require.extensions['.foo'] = (module, file) => { module.exports = file.slice(-5); };"
        " console.log(require('./b'), require('./b.foo'));",
        "b.foo b.foo\n",
    ),
    "compile": (
        "const js = Module._extensions['.js']; Module._extensions['.js'] = (module, file) => {"
        " const compile = module._compile;"
        " module._compile = function (code, name) { return compile.call(this, `${code}; module.exports += '!'`, name); };"
        " js(module, file); }; console.log(require('./a'));",
        "a!\n",
    ),
    "cache": (
        "require('./a'); require.cache[require.resolve('./a')].exports = 'replaced'; console.log(require('./a'));"
        " delete require.cache[require.resolve('./a')]; console.log(require('./a'));",
        "replaced\na\n",
    ),
    "wrap": (
        "const wrap = Module.wrap; Module.wrap = (text) => wrap(`${text}; module.exports += ' wrapped'`);"
        " console.log(require('./a'));",
        "a wrapped\n",
    ),
    "new Module": (
        "const made = new Module('/virtual/x.js', module); made.filename = '/virtual/x.js'; made.paths = module.paths;"
        " made._compile('module.exports = [__filename, __dirname, module.id]', '/virtual/x.js'); console.log(made.exports);",
        "[ '/virtual/x.js', '/virtual', '/virtual/x.js' ]\n",
    ),
    "createRequire": (
        "console.log(Module.createRequire(__filename)('./a'), Module.createRequire(__dirname + '/')('./a'),"
        " Module.createRequire('file://' + __filename).resolve('./a') === require.resolve('./a'));",
        "a a true\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_replaced(tree, run_edgejs, name):
    tree({"a.js": "module.exports = 'a'", "b.foo": "text"})
    script, expected = CASES[name]
    done = run_edgejs(f"const Module = require('module'); {script}")
    assert (done.stdout, done.stderr) == (expected, "")
