// SPDX-License-Identifier: Apache-2.0
//
// module.registerHooks(): synchronous hooks around resolving and loading, for require() and import alike
// (https://nodejs.org/api/module.html#synchronous-hooks-accepted-by-moduleregisterhooks).
'use strict';

const { loadHooks, resolveHooks } = require('internal/modules/hooks');
const { isPublic } = require('internal/builtins');
const { isAbsolute } = require('internal/modules/paths');
const { pathToUrl, urlToPath } = require('internal/modules/esm/urls');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
const {
  codes: { ERR_INVALID_RETURN_PROPERTY_VALUE },
} = require('internal/errors');

const remove = (list, hooks) => {
  const index = list.indexOf(hooks);
  if (index !== -1) list.splice(index, 1);
};

class ModuleHooks {
  constructor(resolve, load) {
    this.resolve = resolve;
    this.load = load;
    if (resolve) resolveHooks.push(this);
    if (load) loadHooks.push(this);
    Object.freeze(this);
  }

  deregister() {
    remove(resolveHooks, this);
    remove(loadHooks, this);
  }
}

function registerHooks({ resolve, load }) {
  const { validateFunction } = require('internal/validators');
  if (resolve) validateFunction(resolve, 'hooks.resolve');
  if (load) validateFunction(load, 'hooks.load');
  return new ModuleHooks(resolve, load);
}

// --- Names ----------------------------------------------------------------------------------------
// CommonJS knows modules by file or builtin, hooks by URL. Patched loaders use names that are neither.

function filenameToUrl(filename) {
  if (!filename) return filename;
  if (isPublic(filename)) return filename.startsWith('node:') ? filename : `node:${filename}`;
  return isAbsolute(filename) ? pathToUrl(filename) : filename;
}

function urlToFilename(url) {
  if (!url) return url;
  if (isPublic(url)) {
    const bare = url.startsWith('node:') ? url.slice(5) : url;
    return isPublic(bare) ? bare : url;
  }
  return url.startsWith('file://') ? urlToPath(url) : url;
}

// --- Chains ---------------------------------------------------------------------------------------

// The newest hook comes first, `defaultStep` last. The steps share one context, into which each puts what it was
// given; a hook that does not call the next one has to say so.
function chainOf(hooks, name, defaultStep, validate, shared) {
  let lastRun = hooks.length;
  const wrap = (index, step, next) =>
    function nextStep(argument, context) {
      lastRun = index;
      if (context && context !== shared) Object.assign(shared, context);
      const result = step(argument, shared, next);
      if (lastRun > 0 && lastRun === index && !result.shortCircuit) {
        throw new ERR_INVALID_RETURN_PROPERTY_VALUE('true', name, 'shortCircuit', result.shortCircuit);
      }
      return validate(argument, result);
    };
  return hooks.reduce(
    (next, hook, index) => wrap(index + 1, hook[name], next),
    wrap(0, defaultStep, undefined)
  );
}

function validateResolve(specifier, { url, format, importAttributes }) {
  const invalid = (expected, property, value) =>
    new ERR_INVALID_RETURN_PROPERTY_VALUE(expected, 'resolve', property, value);
  if (typeof url !== 'string') throw invalid('a URL string', 'url', url);
  if (format && typeof format !== 'string') throw invalid('a string', 'format', format);
  if (importAttributes && typeof importAttributes !== 'object')
    throw invalid('an object', 'importAttributes', importAttributes);
  return { __proto__: null, url, format, importAttributes };
}

const isBytes = (value) => isAnyArrayBuffer(value) || isArrayBufferView(value);

// Builtins have no source, addons neither.
function validateLoad(url, result) {
  const { source, format } = result;
  if (!url.startsWith('node:') && typeof source !== 'string' && !isBytes(source) && format !== 'addon') {
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE(
      'a string, an ArrayBuffer, or a TypedArray',
      'load',
      'source',
      source
    );
  }
  if (typeof format !== 'string' && format !== undefined)
    throw new ERR_INVALID_RETURN_PROPERTY_VALUE('a string', 'load', 'format', format);
  return result;
}

// import lets CommonJS without a source through: it is read from its file then.
function validateImportLoad(url, result) {
  return result.format === 'commonjs' && result.source == null ? result : validateLoad(url, result);
}

class ModuleResolveContext {
  constructor(parentURL, importAttributes, conditions) {
    this.parentURL = parentURL;
    this.importAttributes = importAttributes;
    this.conditions = conditions;
  }
}

class ModuleLoadContext {
  constructor(format, importAttributes, conditions) {
    this.format = format;
    this.importAttributes = importAttributes;
    this.conditions = conditions;
  }
}

// { url, format, importAttributes } for `specifier`. `defaultResolve(specifier, context)` ends the chain.
function resolveWithHooks(specifier, parentURL, importAttributes, conditions, defaultResolve) {
  const context = new ModuleResolveContext(parentURL, importAttributes, conditions);
  return chainOf(resolveHooks, 'resolve', defaultResolve, validateResolve, context)(specifier, context);
}

const TEXTS = new Set([
  undefined,
  'module',
  'commonjs',
  'json',
  'module-typescript',
  'commonjs-typescript',
  'typescript',
]);

// The source of a text format as a string.
function decodeSource(result) {
  if (TEXTS.has(result.format) && isBytes(result.source)) {
    result.source = new (require('internal/encoding').TextDecoder)().decode(result.source);
  }
  return result;
}

// { source, format } behind `url`. `defaultLoad(url, context)` ends the chain.
function loadWithHooks(url, format, importAttributes, conditions, defaultLoad, validate) {
  const context = new ModuleLoadContext(format, importAttributes, conditions);
  return decodeSource(chainOf(loadHooks, 'load', defaultLoad, validate, context)(url, context));
}

module.exports = {
  decodeSource,
  filenameToUrl,
  isBytes,
  loadWithHooks,
  registerHooks,
  resolveWithHooks,
  urlToFilename,
  validateImportLoad,
  validateLoad,
};
