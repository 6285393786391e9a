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

Module.findPackageJSON = function findPackageJSON(specifier, base = 'data:') {
  if (arguments.length === 0) throw new (require('internal/errors').codes.ERR_MISSING_ARGS)('specifier');
  return require('internal/modules/find_package_json').findPackageJSON(specifier, base);
};

module.exports = Module;
