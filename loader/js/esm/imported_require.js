// SPDX-License-Identifier: Apache-2.0
//
// The `require` of CommonJS whose text asynchronous hooks have made: what it requires goes through these hooks, too.
'use strict';

const { Module } = require('internal/modules/cjs/loader');
const { isPublic } = require('internal/builtins');
const { pathToUrl, urlToPath } = require('internal/modules/esm/urls');
const { extname } = require('internal/modules/paths');

const internalRequire = require;
const pathOf = (url) => (url.startsWith('file:') ? urlToPath(url) : url);

// [specifier, attributes] as the hooks get them: a file by its URL.
function requestOf(specifier, module) {
  if (isPublic(specifier)) return [specifier];
  const path = Module._resolveFilename(specifier, module);
  return [pathToUrl(path), extname(path) === '.json' ? { type: 'json' } : undefined];
}

function makeRequire(module, url) {
  const { requireRequest } = internalRequire('internal/modules/esm/require');
  const hooked = internalRequire('internal/modules/cjs/hooked');
  const registered = internalRequire('internal/modules/hooks');

  function require(specifier) {
    if (specifier.endsWith('.node')) return Module._load(specifier, module, false, { shouldSkipModuleHooks: true });
    const [request, attributes] = requestOf(specifier, module);
    return requireRequest(url, request, attributes, module);
  }

  require.resolve = function resolve(specifier) {
    const { url: found } = hooked.resolve(specifier, module, false);
    return pathOf(registered.asynchronous.resolve(found, url).url);
  };
  require.main = process.mainModule;
  return require;
}

module.exports = { makeRequire };
