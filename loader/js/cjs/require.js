// SPDX-License-Identifier: Apache-2.0
//
// The `require` that a module's body gets.
'use strict';

const { validateString } = require('internal/validators');

function makeRequireFunction(Module, module) {
  function require(path) {
    return module.require(path);
  }

  function resolve(request, options) {
    validateString(request, 'request');
    return Module._resolveFilename(request, module, false, options);
  }
  resolve.paths = function paths(request) {
    validateString(request, 'request');
    return Module._resolveLookupPaths(request, module);
  };

  require.resolve = resolve;
  require.main = process.mainModule;
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  return require;
}

module.exports = { makeRequireFunction };
