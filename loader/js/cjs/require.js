// SPDX-License-Identifier: Apache-2.0
//
// The `require` that a module's body gets.
'use strict';

const { resolveHooks } = require('internal/modules/hooks');

const internalRequire = require;

// The validators come with all of the error messages: a program that makes no mistake does without.
function checkRequest(request) {
  if (typeof request !== 'string') internalRequire('internal/validators').validateString(request, 'request');
}

function makeRequireFunction(Module, module) {
  const { setOwn } = internalRequire('internal/modules/cjs/loader');
  function require(path) {
    return module.require(path);
  }

  function resolve(request, options) {
    checkRequest(request);
    if (resolveHooks.length === 0) return Module._resolveFilename(request, module, false, options);
    const found = internalRequire('internal/modules/cjs/hooked').resolve(request, module, false, options ?? {});
    return found.url === request && request.startsWith('node:') ? request : found.filename;
  }
  resolve.paths = function paths(request) {
    checkRequest(request);
    return Module._resolveLookupPaths(request, module);
  };

  require.resolve = resolve;
  setOwn(require, 'main', process.mainModule);
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  return require;
}

module.exports = { makeRequireFunction };
