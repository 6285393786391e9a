// SPDX-License-Identifier: Apache-2.0
//
// How a program starts: a file, or a folder that something is required from.
'use strict';

const { Module, createRequireFromPath } = require('internal/modules/cjs/loader');
const finder = require('internal/modules/cjs/resolve');
const { readPackageScope } = require('internal/modules/package_json');
const { extname, resolve } = require('internal/modules/paths');
const { applyOptions, getOptionValue } = require('internal/options');

let prepared = false;

// Options that act before the program, -r among them; once.
function prepareLoading({ preload = true } = {}) {
  if (prepared) return;
  prepared = true;
  applyOptions();
  if (getOptionValue('--enable-source-maps') ?? getOptionValue('--experimental-transform-types')) {
    const { setSourceMapsSupport } = require('internal/modules/source_maps/registry');
    setSourceMapsSupport({ enabled: true, nodeModules: true, generatedCode: true });
  }
  if (internalBinding('environment').get('NODE_COMPILE_CACHE'))
    require('internal/modules/compile_cache').enableCompileCache();
  if (preload) preloadRequired();
}

function preloadRequired() {
  const required = getOptionValue('--require');
  if (required !== undefined) Module._preloadModules(required);
}

// What --require and --import name, for a program that is no file.
function preloadModules() {
  preloadRequired();
  if (getOptionValue('--import') === undefined) return undefined;
  return require('internal/modules/esm/main').preload();
}

// True when a file is an ES module by its name or its package.
function isModuleFile(path) {
  const extension = extname(path);
  if (extension === '.mjs' || extension === '.mts') return true;
  return extension !== '.cjs' && extension !== '.cts' && readPackageScope(path)?.type === 'module';
}

// True when options have something loaded before the program that only import can load.
const needsModuleLoader = () =>
  getOptionValue('--import') !== undefined || getOptionValue('--experimental-loader') !== undefined;

function runMain(file = process.argv[1]) {
  if (getOptionValue('--entry-url')) {
    prepareLoading();
    return runEntryUrl(file);
  }
  const path = resolve(file);
  process.argv[1] = path;
  prepareLoading();
  return Module.runMain(path); // which a preloaded module may have replaced
}

// Module.runMain: the file by whichever loader its name and the options ask for.
function runEntryPoint(main = process.argv[1]) {
  const found = Module._findPath(resolve(main), null, true);
  if (needsModuleLoader() || (found && isModuleFile(found))) {
    if (getOptionValue('--input-type') !== undefined)
      throw new (require('internal/errors').codes.ERR_INPUT_TYPE_NOT_ALLOWED)();
    return require('internal/modules/esm/main').runFile(found || main);
  }
  finder.enterRequire();
  try {
    return Module._load(main, null, true);
  } finally {
    finder.leaveRequire();
  }
}

// --entry-url: the program is named by a URL, relative to the working directory.
function runEntryUrl(text) {
  require('internal/process/warning').emitExperimentalWarning('--entry-url');
  const { URL, pathToFileURL } = require('internal/url');
  const url = new URL(text, pathToFileURL(`${process.cwd()}/`)).href;
  require('internal/modules/esm/main').runUrl(url);
}

const requires = new Map(); // folder -> its require

function requireFrom(directory, id) {
  prepareLoading();
  let required = requires.get(directory);
  if (required === undefined) {
    required = createRequireFromPath(`${resolve(directory)}/`);
    requires.set(directory, required);
  }
  return required(id);
}

module.exports = {
  isModuleFile,
  needsModuleLoader,
  preloadModules,
  prepareLoading,
  requireFrom,
  runEntryPoint,
  runMain,
};
