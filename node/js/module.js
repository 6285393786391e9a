// SPDX-License-Identifier: Apache-2.0
'use strict';

const { Module } = require('internal/modules/cjs/loader');
const { refuse } = require('internal/refuse');

// Exports of Node that this runtime does not have yet refuse by name.
for (const name of [
  'findSourceMap',
  'setSourceMapsSupport',
  'getSourceMapsSupport',
  'SourceMap',
]) {
  Module[name] = refuse(`module.${name}`);
}
const cache = require('internal/modules/compile_cache');
Module.constants = cache.constants;
Module.enableCompileCache = cache.enableCompileCache;
Module.flushCompileCache = cache.flushCompileCache;
Module.getCompileCacheDir = cache.getCompileCacheDir;
Module.register = function register(specifier, parentURL, options) {
  return require('internal/modules/esm/hooks_thread').register(specifier, parentURL, options);
};
Module.registerHooks = function registerHooks(hooks) {
  return require('internal/modules/customization_hooks').registerHooks(hooks);
};
Module.stripTypeScriptTypes = function stripTypeScriptTypes(code, options) {
  require('internal/util').emitExperimentalWarning('stripTypeScriptTypes');
  return require('internal/modules/typescript').stripTypeScriptTypes(code, options);
};
Module.syncBuiltinESMExports = function syncBuiltinESMExports() {
  require('internal/modules/esm/translators').syncBuiltinESMExports();
};

// The nearest package.json of a file, path or URL (module.findPackageJSON).
Module.findPackageJSON = function findPackageJSON(specifier, base) {
  const { readPackageScope } = require('internal/modules/package_json');
  const { dirname, resolve } = require('internal/modules/paths');
  const toPath = (value) =>
    typeof value === 'string' && !value.startsWith('file:')
      ? value
      : require('internal/url').fileURLToPath(value);
  const from = base === undefined ? undefined : toPath(base);
  const name = toPath(specifier);
  if (!/^\.{0,2}\//.test(name) && name !== '.' && name !== '..') {
    for (const folder of Module._nodeModulePaths(dirname(from))) {
      const found = require('internal/modules/package_json').readPackage(resolve(folder, name));
      if (found !== undefined) return found.path;
    }
    return undefined;
  }
  return readPackageScope(from === undefined ? name : resolve(dirname(from), `${name}/x`))?.path;
};

module.exports = Module;
