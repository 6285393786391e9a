// SPDX-License-Identifier: Apache-2.0
//
// import through the hooks of module.registerHooks().
'use strict';

const hooks = require('internal/modules/customization_hooks');
const registered = require('internal/modules/hooks');
const { checkAttributes, checkScheme, formatHint, getFormat } = require('internal/modules/esm/format');
const { importConditions } = require('internal/modules/esm/resolve');
const { dataBytes, stripBOM } = require('internal/modules/esm/translators');
const { pathToUrl, urlToPath } = require('internal/modules/esm/urls');

const TRANSLATED = new Set(['commonjs-typescript', 'json', 'module', 'module-typescript', 'text', 'wasm']);

let conditions; // as hooks are shown them
const conditionList = () => (conditions ??= Object.freeze([...importConditions()]));

function conditionSet(wanted) {
  if (wanted === undefined || wanted === conditions) return undefined;
  if (!Array.isArray(wanted)) {
    const {
      codes: { ERR_INVALID_ARG_VALUE },
    } = require('internal/errors');
    throw new ERR_INVALID_ARG_VALUE('conditions', wanted, 'expected an array');
  }
  return new Set(wanted);
}

function defaultResolve(specifier, { parentURL, conditions: wanted, importAttributes }) {
  if (parentURL !== undefined && typeof parentURL !== 'string' && typeof parentURL?.href !== 'string') {
    const {
      codes: { ERR_INVALID_ARG_TYPE },
    } = require('internal/errors');
    throw new ERR_INVALID_ARG_TYPE('parentURL', ['string', 'URL'], parentURL);
  }
  if (registered.asynchronous !== undefined)
    return registered.asynchronous.resolve(`${specifier}`, parentURL, importAttributes);
  const parent = parentURL === undefined ? pathToUrl(`${process.cwd()}/`) : `${parentURL}`;
  const { resolveFor } = require('internal/modules/esm/loader');
  const url = resolveFor(parent, `${specifier}`, conditionSet(wanted));
  return url.startsWith('node:')
    ? { __proto__: null, url }
    : { __proto__: null, url, format: formatHint(url, importAttributes) };
}

// { url, format, importAttributes, isByHooks }: the last is true when synchronous hooks did not ask for Node's own step.
function resolve(specifier, parentURL, importAttributes = { __proto__: null }) {
  let isByHooks = true;
  const lastStep = (...request) => {
    if (registered.asynchronous === undefined) isByHooks = false;
    return defaultResolve(...request);
  };
  const found = hooks.resolveWithHooks(specifier, parentURL, importAttributes, conditionList(), lastStep);
  return { ...found, isByHooks: isByHooks && registered.resolveHooks.length > 0 };
}

function readBytes(url) {
  return url.startsWith('data:') ? dataBytes(url) : require('fs').readFileSync(urlToPath(url));
}

function defaultLoad(url, { format, importAttributes, source }) {
  checkScheme(url);
  if (url.startsWith('node:')) {
    source = null;
    format ??= 'builtin';
  } else if (format === 'addon') source = null;
  else {
    source ??= readBytes(url);
    format ??= getFormat(url, () => `${source}`, importAttributes);
  }
  checkAttributes(url, format, importAttributes);
  return { __proto__: null, format, responseURL: url, source };
}

// A load hook of this thread says what it gives; what the other thread gave, Node's translators look at.
function checkSource(source, format) {
  if (typeof source === 'string' || format === 'builtin' || format === 'commonjs' || format === 'addon') return;
  const isText = format !== 'wasm';
  if (hooks.isBytes(source)) return;
  const {
    codes: { ERR_INVALID_RETURN_PROPERTY_VALUE },
  } = require('internal/errors');
  const expected = `${isText ? 'string, ' : ''}array buffer, or typed array`;
  throw new ERR_INVALID_RETURN_PROPERTY_VALUE(expected, 'load', 'source', source);
}

// { format, source, isFromThread } of a URL. CommonJS without a source is read by who loads it.
function load(url, format, importAttributes = { __proto__: null }) {
  let isFromThread = false;
  const lastStep = (asked, context) => {
    if (registered.asynchronous === undefined) return defaultLoad(asked, context);
    isFromThread = true;
    return registered.asynchronous.load(asked, { format: context.format, importAttributes: context.importAttributes });
  };
  const loaded =
    registered.loadHooks.length === 0
      ? hooks.decodeSource(lastStep(url, { format, importAttributes }))
      : hooks.loadWithHooks(url, format, importAttributes, conditionList(), lastStep, hooks.validateImportLoad);
  const { source } = loaded;
  if (TRANSLATED.has(loaded.format)) checkSource(source, loaded.format);
  return {
    format: loaded.format,
    source: typeof source === 'string' ? stripBOM(source) : source,
    isFromThread: isFromThread && source !== null && source !== undefined,
  };
}

module.exports = { load, resolve };
