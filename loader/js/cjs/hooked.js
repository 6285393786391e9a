// SPDX-License-Identifier: Apache-2.0
//
// require() through the hooks of module.registerHooks().
'use strict';

const fs = internalBinding('module_files');
const { isMissing, isPublic } = require('internal/builtins');
const { kFormat, kURL, Module } = require('internal/modules/cjs/loader');
const { requireConditions } = require('internal/modules/cjs/resolve');
const hooks = require('internal/modules/customization_hooks');

let conditions; // as hooks are shown them
const conditionList = () => (conditions ??= [...requireConditions()]);

function conditionSet({ conditions: wanted }) {
  if (wanted === undefined || wanted === conditions) return undefined;
  if (!Array.isArray(wanted)) {
    const {
      codes: { ERR_INVALID_ARG_VALUE },
    } = require('internal/errors');
    throw new ERR_INVALID_ARG_VALUE('context.conditions', wanted, 'expected an array');
  }
  return new Set(wanted);
}

function urlOf(module) {
  if (!module) return undefined;
  if (!module[kURL] && module.filename) module[kURL] = hooks.filenameToUrl(module.filename);
  return module[kURL];
}

function resolvePrefixed(specifier) {
  if (isPublic(specifier) || isMissing(specifier)) {
    return { __proto__: null, url: specifier, format: 'builtin' };
  }
  throw new (require('internal/errors').codes.ERR_UNKNOWN_BUILTIN_MODULE)(specifier);
}

// { url, format, filename } of a request. `options` are those of require.resolve, undefined for require.
function resolve(request, parent, isMain, options) {
  const defaultResolve = (specifier, context) => {
    const wanted = conditionSet(context);
    if (options === undefined && specifier.startsWith('node:')) return resolvePrefixed(specifier);
    const filename = Module._resolveFilename(specifier, parent, isMain, {
      __proto__: null,
      paths: options?.paths,
      conditions: wanted,
    });
    return { __proto__: null, url: hooks.filenameToUrl(`${filename}`), format: undefined };
  };
  const { url, format } = hooks.resolveWithHooks(
    request,
    urlOf(parent),
    undefined,
    conditionList(),
    defaultResolve
  );
  return { url, format, filename: hooks.urlToFilename(url) };
}

const READABLE = new Set([
  undefined,
  null,
  'module',
  'commonjs',
  'json',
  'module-typescript',
  'commonjs-typescript',
  'typescript',
]);

function defaultLoad(url, { format }) {
  if (format === 'builtin') return { source: null, format };
  if (READABLE.has(format)) return { source: fs.readFileUtf8(hooks.urlToFilename(url)), format };
  throw new (require('internal/errors').codes.ERR_UNKNOWN_MODULE_FORMAT)(format, url);
}

function load(url, format) {
  return hooks.loadWithHooks(url, format, undefined, conditionList(), defaultLoad, hooks.validateLoad);
}

// { source, format } of a module that is about to be loaded.
function loadSource(module, filename) {
  module[kURL] ??= hooks.filenameToUrl(filename);
  return load(module[kURL], module[kFormat]);
}

// { source, format } when the hooks make something else of a builtin, undefined when they leave it one.
function loadBuiltin(request, url, format) {
  const loaded = load(url ?? (request.startsWith('node:') ? request : `node:${request}`), format || 'builtin');
  return loaded.format && loaded.format !== 'builtin' ? loaded : undefined;
}

module.exports = { loadBuiltin, loadSource, resolve };
