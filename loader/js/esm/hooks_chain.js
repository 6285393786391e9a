// SPDX-License-Identifier: Apache-2.0
//
// The asynchronous hooks of module.register(), on the thread that runs them: chains of `resolve` and `load`, each with
// Node's own as its last step, and what they may give (https://nodejs.org/api/module.html#asynchronous-customization-hooks).
'use strict';

const { checkAttributes, checkScheme, formatHint, getFormat } = require('internal/modules/esm/format');
const { importConditions } = require('internal/modules/esm/resolve');
const { pathToUrl, urlToPath } = require('internal/modules/esm/urls');
const { isAnyArrayBuffer, isArrayBufferView } = require('internal/util/types');
const { validateObject, validateString } = require('internal/validators');
const {
  codes: {
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_RETURN_PROPERTY_VALUE,
    ERR_INVALID_RETURN_VALUE,
    ERR_LOADER_CHAIN_INCOMPLETE,
    ERR_UNKNOWN_MODULE_FORMAT,
  },
} = require('internal/errors');

let warnedOfAssertions = false;

function warnOfAssertions() {
  if (warnedOfAssertions) return;
  warnedOfAssertions = true;
  process.emitWarning('Use `importAttributes` instead of `importAssertions`', 'ExperimentalWarning');
}

// `importAssertions` is the old name.
function withAssertions(context) {
  return Object.defineProperty(context, 'importAssertions', {
    __proto__: null,
    configurable: true,
    get() {
      warnOfAssertions();
      return this.importAttributes;
    },
    set(value) {
      warnOfAssertions();
      this.importAttributes = value;
    },
  });
}

function attributesOf(result) {
  if ('importAttributes' in result || !('importAssertions' in result)) return result.importAttributes;
  warnOfAssertions();
  return result.importAssertions;
}

// --- The last steps -------------------------------------------------------------------------------

function defaultResolve(specifier, { parentURL, conditions, importAttributes }) {
  const { resolveFor } = require('internal/modules/esm/loader');
  const parent = parentURL === undefined ? pathToUrl(`${process.cwd()}/`) : `${parentURL}`;
  const isUsual = conditions === undefined || conditions === usualConditions;
  const url = resolveFor(parent, specifier, isUsual ? undefined : new Set(conditions));
  if (url.startsWith('node:') || url.startsWith('data:')) return { __proto__: null, url };
  return { __proto__: null, url, format: formatHint(url, importAttributes) };
}

let usualConditions;

// CommonJS has no source here: require() is to read it, so that what patches it works.
function defaultLoad(url, context) {
  const importAttributes = attributesOf(context);
  let { format, source } = context;
  checkScheme(url);
  if (url.startsWith('node:')) {
    source = null;
    format ??= 'builtin';
  } else if (format === 'addon') source = null;
  else if (format !== 'commonjs') {
    if (source === undefined || source === null) {
      const { dataBytes } = require('internal/modules/esm/translators');
      source = url.startsWith('data:') ? dataBytes(url) : require('fs').readFileSync(urlToPath(url));
    }
    format ??= getFormat(url, () => `${source}`, importAttributes);
    if (format === 'commonjs' && context.format !== 'commonjs') source = null;
  }
  checkAttributes(url, format, importAttributes ?? undefined);
  return { __proto__: null, format, responseURL: url, source };
}

// --- A chain --------------------------------------------------------------------------------------

// One run of a chain. `shared` is the context, into which each step puts what it was given.
class Run {
  constructor(name, shared, checkArgument) {
    this.name = name;
    this.shared = shared;
    this.checkArgument = checkArgument;
    this.step = ''; // who is to blame: the file and the name of the hook
    this.isFinished = false; // the last step has run
    this.isShortCircuited = false;
  }

  // The function that calls the hook at `at` of `chain`, which is given the one for the next.
  next(chain, at) {
    const { fn, url } = chain[at];
    const run = this;
    const name = `next${this.name[0].toUpperCase()}${this.name.slice(1)}`;
    const following = at === 0 ? undefined : this.next(chain, at - 1);
    const call = async (argument = undefined, context) => {
      run.step = `${url} '${run.name}'`;
      const place = `${run.step} hook's ${name}()`;
      run.checkArgument(place, argument);
      if (context) validateObject(context, `${place} context`);
      if (at === 0) run.isFinished = true;
      if (context) Object.assign(run.shared, context);
      const output = await fn(argument, run.shared, following);
      checkObject(place, output);
      if (output.shortCircuit === true) run.isShortCircuited = true;
      return output;
    };
    return Object.defineProperty(call, 'name', { __proto__: null, value: name });
  }

  async of(chain, argument) {
    const output = await this.next(chain, chain.length - 1)(argument, withAssertions(this.shared));
    checkObject(this.step, output);
    if (!this.isFinished && !this.isShortCircuited) throw new ERR_LOADER_CHAIN_INCOMPLETE(this.step);
    return output;
  }

  invalid(expected, property, value) {
    return new ERR_INVALID_RETURN_PROPERTY_VALUE(expected, this.step, property, value);
  }
}

function checkObject(place, output) {
  if (typeof output !== 'object' || output === null) throw new ERR_INVALID_RETURN_VALUE('an object', place, output);
}

const isUrl = (text) => require('internal/url').URL.canParse(text);

const checkSpecifier = (place, specifier) => validateString(specifier, `${place} specifier`);

function checkUrl(place, url) {
  if (typeof url !== 'string') throw new ERR_INVALID_ARG_TYPE(`${place} url`, 'a URL string', url);
  if (!isUrl(url)) throw new ERR_INVALID_ARG_VALUE(`${place} url`, url, 'should be a URL string');
}

// --- The hooks of this thread ---------------------------------------------------------------------

const resolveChain = [{ fn: defaultResolve, url: 'node:internal/modules/esm/resolve' }];
const loadChain = [{ fn: defaultLoad, url: 'node:internal/modules/esm/load' }];

async function resolve(specifier, parentURL, importAttributes = { __proto__: null }) {
  usualConditions ??= Object.freeze([...importConditions()]);
  const run = new Run('resolve', { conditions: usualConditions, importAttributes, parentURL }, checkSpecifier);
  const output = await run.of(resolveChain, specifier);
  const { format, url } = output;
  if (typeof url !== 'string' || !isUrl(url)) throw run.invalid('a URL string', 'url', url);
  const attributes = attributesOf(output);
  if (attributes !== undefined && attributes !== null && typeof attributes !== 'object')
    throw run.invalid('an object', 'importAttributes', attributes);
  if (format !== undefined && format !== null && typeof format !== 'string')
    throw run.invalid('a string', 'format', format);
  return { __proto__: null, format, importAttributes: attributes, url };
}

async function load(url, context = {}) {
  const run = new Run('load', context, checkUrl);
  const output = await run.of(loadChain, url);
  const { format, responseURL = url, source } = output;
  if (typeof responseURL !== 'string' || require('internal/url').URL.parse(responseURL)?.href !== responseURL)
    throw run.invalid('undefined or a fully resolved URL string', 'responseURL', responseURL);
  if (format === undefined || format === null) {
    const [, type] = /^data:([^/]+\/[^;,]+)/.exec(url) ?? [];
    throw new ERR_UNKNOWN_MODULE_FORMAT(type ?? format, url);
  }
  if (typeof format !== 'string') throw run.invalid('a string', 'format', format);
  const isSource =
    source === undefined || source === null || typeof source === 'string' || isAnyArrayBuffer(source);
  if (!isSource && !isArrayBufferView(source))
    throw run.invalid('a string, an ArrayBuffer, or a TypedArray', 'source', source);
  return { __proto__: null, format, responseURL, source };
}

let warnedOfPreload = false;

// Adds the hooks that a module exports.
function add(url, { globalPreload, initialize, load: loadHook, resolve: resolveHook }, data) {
  if (!initialize && globalPreload && !warnedOfPreload) {
    warnedOfPreload = true;
    process.emitWarning(
      '`globalPreload` has been removed; use `initialize` instead.',
      'UnsupportedWarning'
    );
  }
  if (resolveHook) resolveChain.push({ fn: resolveHook, url });
  if (loadHook) loadChain.push({ fn: loadHook, url });
  return initialize?.(data);
}

// Hooks are loaded through those that were there before.
async function register(specifier, parentURL, data) {
  const loader = require('internal/modules/esm/loader');
  let job;
  if (resolveChain.length === 1 && loadChain.length === 1) job = loader.requestJob(parentURL, specifier);
  else {
    const resolution = await resolve(specifier, parentURL);
    job = loader.knownJob(resolution.url);
    if (job === undefined) {
      const { format, importAttributes } = resolution;
      const loaded = await load(resolution.url, { format, importAttributes });
      job = loader.loadJob(resolution.url, require('internal/modules/customization_hooks').decodeSource(loaded));
    }
  }
  await loader.start(job);
  await add(specifier, loader.namespaceOf(job), data);
}

module.exports = { load, register, resolve };
