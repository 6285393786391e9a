// SPDX-License-Identifier: Apache-2.0
'use strict';

const { Module } = require('internal/modules/cjs/loader');
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
Module.findSourceMap = function findSourceMap(path) {
  return require('internal/modules/source_maps/registry').findSourceMap(path);
};
Module.getSourceMapsSupport = function getSourceMapsSupport() {
  return require('internal/modules/source_maps/registry').getSourceMapsSupport();
};
Module.setSourceMapsSupport = function setSourceMapsSupport(enabled, options = {}) {
  const { validateBoolean, validateObject } = require('internal/validators');
  validateBoolean(enabled, 'enabled');
  validateObject(options, 'options');
  const { nodeModules = false, generatedCode = false } = options;
  validateBoolean(nodeModules, 'options.nodeModules');
  validateBoolean(generatedCode, 'options.generatedCode');
  require('internal/modules/source_maps/registry').setSourceMapsSupport({ enabled, nodeModules, generatedCode });
};
Module.SourceMap = require('internal/modules/source_maps/source_map').SourceMap;
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
