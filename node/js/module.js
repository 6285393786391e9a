// SPDX-License-Identifier: Apache-2.0
'use strict';

const { Module } = require('internal/modules/cjs/loader');
const { refuse } = require('internal/refuse');

// Exports of Node that this runtime does not have yet refuse by name.
for (const name of [
  'enableCompileCache',
  'findSourceMap',
  'flushCompileCache',
  'getCompileCacheDir',
  'register',
  'registerHooks',
  'setSourceMapsSupport',
  'getSourceMapsSupport',
  'stripTypeScriptTypes',
  'SourceMap',
]) {
  Module[name] = refuse(`module.${name}`);
}
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
