// SPDX-License-Identifier: Apache-2.0
//
// What is behind a URL, made a module record: source text, or a synthetic module whose exports come from
// elsewhere (a builtin, CommonJS, JSON).
'use strict';

const binding = internalBinding('modules');
const fs = internalBinding('module_files');
const registered = require('internal/modules/hooks');
const { dirname } = require('internal/modules/paths');
const { pathToUrl, urlToPath } = require('internal/modules/esm/urls');

const stripBOM = (text) => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);

function dataBytes(url) {
  const { pathname, search } = new (require('internal/url').URL)(url);
  const [, base64, body] = /^[^,]*?(;base64)?,(.*)$/s.exec(pathname + search) ?? [];
  if (body === undefined) throw new (require('internal/errors').codes.ERR_INVALID_URL)(url);
  const { Buffer } = require('buffer');
  return Buffer.from(decodeURIComponent(body), base64 ? 'base64' : 'utf8');
}

function readSource(url) {
  return stripBOM(url.startsWith('data:') ? dataBytes(url).toString() : fs.readFileUtf8(urlToPath(url)));
}

const stripTypes = (source, url) =>
  require('internal/modules/typescript').stripFile(source, url.startsWith('file:') ? urlToPath(url) : url);

// --- Source text ----------------------------------------------------------------------------------

function fillMeta(job) {
  const meta = binding.getMeta(job.id);
  if (job.url.startsWith('file:')) {
    const path = urlToPath(job.url);
    meta.dirname = dirname(path);
    meta.filename = path;
  }
  meta.main = job.isMain;
  if (!registered.isOwnThread) meta.resolve = makeMetaResolve(job.url);
  meta.url = job.url;
}

function resolveSync(specifier, parentUrl) {
  if (registered.resolveHooks.length > 0 || registered.asynchronous !== undefined)
    return require('internal/modules/esm/hooked').resolve(specifier, parentUrl).url;
  return require('internal/modules/esm/resolve').resolve(specifier, parentUrl);
}

// import.meta.resolve gives the URL also of a file that is not there. Another parent than the module itself is an
// experiment of Node.
function makeMetaResolve(ownUrl) {
  return function resolve(specifier, parent = ownUrl) {
    const { getOptionValue } = require('internal/options');
    const parentUrl = getOptionValue('--experimental-import-meta-resolve') ? checkedParent(parent) : ownUrl;
    try {
      return resolveSync(`${specifier}`, parentUrl);
    } catch (error) {
      const isMissing =
        error?.code === 'ERR_MODULE_NOT_FOUND' || error?.code === 'ERR_UNSUPPORTED_DIR_IMPORT';
      if (isMissing && error.url) return error.url;
      throw error;
    }
  };
}

function checkedParent(parent) {
  if (typeof parent === 'string') return parent;
  if (parent instanceof require('internal/url').URL) return parent.href;
  const {
    codes: { ERR_INVALID_ARG_TYPE },
  } = require('internal/errors');
  throw new ERR_INVALID_ARG_TYPE('parentURL', ['string', 'URL'], parent);
}

function translateModule(job, source) {
  registered.keepSourceMap?.(job.url, source);
  let mentionsMeta;
  try {
    mentionsMeta = binding.compile(job.id, source);
  } catch (error) {
    throw require('internal/modules/esm/errors').sourcePhaseError(error, job.url, source) ?? error;
  }
  if (mentionsMeta) fillMeta(job);
}

// --- Builtins -------------------------------------------------------------------------------------

const builtins = []; // that have run: { id, exports, names }

function setExports({ id, exports, names }) {
  for (const name of names) {
    binding.setExport(id, name, Object.hasOwn(exports, name) ? exports[name] : undefined);
  }
}

function translateBuiltin({ id, url }) {
  const exports = require('internal/modules/cjs/loader').loadBuiltin(url); // throws for one that is not there
  const names = Object.keys(exports).filter((name) => name !== 'default');
  binding.createSynthetic(id, [...names, 'default'], () => {
    const builtin = { id, exports, names };
    builtins.push(builtin);
    setExports(builtin);
    binding.setExport(id, 'default', exports);
  });
}

// module.syncBuiltinESMExports: what was assigned to a builtin's exports shows in the bindings of its importers.
function syncBuiltinESMExports() {
  builtins.forEach(setExports);
}

// --- CommonJS -------------------------------------------------------------------------------------

const lexed = new Map(); // file -> { exports, reexports }

// esbuild lists all of a bundle's exports at its end, for this very purpose. The lexer takes 0.2 s for a megabyte, so
// of a large bundle it reads the list only.
const LARGE = 512 * 1024;
const EXPORTS_OF_BUNDLE =
  '// Annotate the CommonJS export names for ESM import in node:\n0 && (module.exports = {';

function partToLex(source) {
  const start = source.length < LARGE ? -1 : source.lastIndexOf(EXPORTS_OF_BUNDLE);
  const end = start === -1 ? -1 : source.indexOf('\n});', start);
  return end === -1 ? source : source.slice(start, end + 4);
}

const LONG = 64 * 1024; // the interpreter takes 6 ms to lex as much, and C a tenth to leave most of it out

// The lexer's answer, out of the cache if it has been asked about this text before.
function lexText(text, filename) {
  const cache = internalBinding('code_cache');
  const cached = cache.read(cache.NAMES, filename, text);
  if (cached !== undefined) return JSON.parse(cached);
  const { parse } = require('internal/deps/cjs-module-lexer/lexer');
  let found;
  try {
    found = parse(text.length < LONG ? text : fs.condense(text));
  } catch {
    found = { exports: [], reexports: [] }; // text that the lexer cannot read has a default export only
  }
  cache.write(cache.NAMES, filename, text, JSON.stringify(found));
  return found;
}

function lex(filename, source) {
  let found = lexed.get(filename);
  if (found === undefined) {
    found = lexText(partToLex(source ?? readSource(pathToUrl(filename))), filename);
    lexed.set(filename, found);
  }
  return found;
}

// Adds the names that file `filename` and the files that it re-exports seem to export.
function collectNames(filename, source, names, seen) {
  if (seen.has(filename)) return;
  seen.add(filename);
  const { Module } = require('internal/modules/cjs/loader');
  const { exports, reexports } = lex(filename, source);
  for (const name of exports) names.add(name);
  for (const request of reexports) {
    const parent = new Module(filename, null);
    parent.filename = filename;
    parent.paths = Module._nodeModulePaths(dirname(filename));
    let target;
    try {
      target = Module._resolveFilename(request, parent);
    } catch {
      continue; // requiring it is what will report this
    }
    const { findLongestRegisteredExtension } = require('internal/modules/cjs/loader');
    if (target.startsWith('/') && findLongestRegisteredExtension(target) === '.js')
      collectNames(target, undefined, names, seen);
  }
}

function setCommonJSExports(id, names, exports) {
  const isObject = exports !== null && (typeof exports === 'object' || typeof exports === 'function');
  for (const name of names) {
    if (!isObject || name === 'default' || !Object.hasOwn(exports, name)) continue;
    let value;
    try {
      value = exports[name];
    } catch {
      continue; // a getter that throws: the name stays undefined, as in Node
    }
    binding.setExport(id, name, value);
  }
  binding.setExport(id, 'module.exports', exports);
  binding.setExport(id, 'default', exports);
}

const running = []; // jobs of CommonJS modules that the engine has begun and not finished

// True while require() runs the module: there is nothing yet to export.
function isHalfLoaded({ format, url }) {
  if (format !== 'commonjs') return false;
  const { Module } = require('internal/modules/cjs/loader');
  return Module._cache[url.startsWith('file:') ? urlToPath(url) : url]?.loaded === false;
}

function translateCommonJS(job, source) {
  const { Module, takeExports } = require('internal/modules/cjs/loader');
  const filename = job.url.startsWith('file:') ? urlToPath(job.url) : job.url;
  const names = new Set();
  collectNames(filename, source, names, new Set());
  names.delete('module.exports');
  names.add('default');
  binding.createSynthetic(job.id, [...names, 'module.exports'], () => {
    running.push(job);
    try {
      // The hooks have had their say. A Module._load that somebody patched resolves for itself.
      const isResolved = job.resolvedByHooks || job.isFromThread;
      const resolved = isResolved ? { filename, format: job.format, url: job.url } : undefined;
      const makeRequire = job.isFromThread
        ? (module) => require('internal/modules/esm/imported_require').makeRequire(module, job.url)
        : undefined;
      const how = { makeRequire, resolved, shouldSkipModuleHooks: true, source };
      const cached = Module._cache[filename];
      const exports = cached?.loaded ? takeExports(cached) : Module._load(filename, undefined, job.isMain, how);
      setCommonJSExports(job.id, names, exports);
    } finally {
      running.pop();
    }
  });
}

// --- JSON -----------------------------------------------------------------------------------------

// A file without a query is the same object for require().
function translateJSON(job, source) {
  const filename = job.url.startsWith('file:') ? urlToPath(job.url) : undefined;
  const isShared = filename !== undefined && !/[?#]/.test(job.url);
  const { Module } = require('internal/modules/cjs/loader');
  const cached = isShared ? Module._cache[filename] : undefined;
  let value = cached?.exports;
  if (!cached?.loaded) {
    try {
      value = JSON.parse(source);
    } catch (error) {
      error.message = `${filename ?? job.url}: ${error.message}`;
      throw error;
    }
    if (isShared) Module._cache[filename] = { exports: value, loaded: true };
  }
  binding.createSynthetic(job.id, ['default'], () => binding.setExport(job.id, 'default', value));
}

// --- Others ---------------------------------------------------------------------------------------

function translateTypeScript(job, source) {
  const isModule = job.format === 'module-typescript';
  job.format = isModule ? 'module' : 'commonjs';
  (isModule ? translateModule : translateCommonJS)(job, stripTypes(source, job.url));
}

const warnExperimental = (feature) =>
  require('internal/process/warning').emitExperimentalWarning(feature);

function translateText(job, source) {
  warnExperimental('Text import');
  binding.createSynthetic(job.id, ['default'], () => binding.setExport(job.id, 'default', source));
}

// Its names are not known before it is loaded.
function translateAddon(job) {
  warnExperimental('Importing addons');
  const { Module } = require('internal/modules/cjs/loader');
  binding.createSynthetic(job.id, ['default', 'module.exports'], () =>
    setCommonJSExports(job.id, [], Module._load(urlToPath(job.url), undefined, job.isMain))
  );
}

function translateWasm(job) {
  throw require('internal/refuse').refusal(`importing WebAssembly (${job.url})`);
}

const translators = {
  '__proto__': null,
  'addon': translateAddon,
  'builtin': translateBuiltin,
  'commonjs': translateCommonJS,
  'commonjs-typescript': translateTypeScript,
  'json': translateJSON,
  'module': translateModule,
  'module-typescript': translateTypeScript,
  'text': translateText,
  'wasm': translateWasm,
};

module.exports = {
  dataBytes,
  isHalfLoaded,
  readSource,
  resolveSync,
  running,
  stripBOM,
  syncBuiltinESMExports,
  translators,
};
