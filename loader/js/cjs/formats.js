// SPDX-License-Identifier: Apache-2.0
//
// From a file to a loaded module: the text, its format, and what runs it. Module._extensions and
// Module.prototype._compile, which packages patch.
'use strict';

const fs = internalBinding('module_files');
const contextify = internalBinding('contextify');
const { dirname } = require('internal/modules/paths');
const { compileBody, stripHashbang } = require('internal/modules/cjs/compile');
const hooks = require('internal/modules/hooks');
const {
  esModules,
  isPatched,
  kFormat,
  kIsExecuting,
  kIsMainSymbol,
  Module,
  parentOf,
  requires,
  setOwn,
  sources,
} = require('internal/modules/cjs/loader');

const typeOf = (filename) => require('internal/modules/package_json').readPackageScope(filename)?.type;

// What the name of a file and its package say, undefined when they leave it to the text.
function formatOf(filename) {
  if (filename.endsWith('.js')) {
    const type = typeOf(filename);
    return type === 'none' ? undefined : type;
  }
  if (filename.endsWith('.cjs')) return 'commonjs';
  if (filename.endsWith('.mjs')) return 'module';
  if (!/\.[cm]?ts$/.test(filename) || require('internal/options').getOptionValue('--strip-types') === false)
    return undefined;
  if (filename.endsWith('.mts')) return 'module-typescript';
  if (filename.endsWith('.cts')) return 'commonjs-typescript';
  const type = typeOf(filename);
  return type === 'module' || type === 'commonjs' ? `${type}-typescript` : 'typescript';
}

// [text, format] of `module`, whose file seems to be of `format`.
function loadSource(module, filename, format) {
  module[kFormat] ??= format;
  const given = sources.get(module);
  if (given !== undefined) {
    sources.delete(module);
    return [given, module[kFormat]];
  }
  if (hooks.loadHooks.length === 0) return [fs.readFileUtf8(filename), format];
  const loaded = require('internal/modules/cjs/hooked').loadSource(module, filename);
  module[kFormat] = loaded.format ?? module[kFormat];
  return [loaded.source, module[kFormat]];
}

// --- ES modules -----------------------------------------------------------------------------------

const requireEsmAllowed = () => require('internal/options').getOptionValue('--require-module') !== false;

// As the program's first file it need not be complete at once.
function loadModule(module, filename, source) {
  esModules.add(module);
  if (module[kIsMainSymbol]) {
    process.mainModule = undefined;
    require('internal/modules/esm/main').runFile(filename, source);
  } else require('internal/modules/esm/require').requireModule(module, filename, source, parentOf(module));
}

// Without a word on its format, the syntax of the text decides, unless options forbid it.
function maySyntaxDecide(module, format) {
  if (format === 'commonjs') return false;
  const { getOptionValue } = require('internal/options');
  return module?.[kIsMainSymbol]
    ? getOptionValue('--experimental-detect-module') !== false
    : requireEsmAllowed();
}

// --- CommonJS -------------------------------------------------------------------------------------

const stripBOM = (content) => (content.charCodeAt(0) === 0xfeff ? content.slice(1) : content);

// The module's body as a function, undefined for the text of an ES module.
function compile(module, filename, content, format) {
  if (isPatched()) return contextify.runInThisContext(Module.wrap(stripHashbang(content)), filename, 0);
  try {
    return compileBody(content, filename);
  } catch (error) {
    if (error instanceof SyntaxError && contextify.containsModuleSyntax(content)) {
      if (maySyntaxDecide(module, format)) return undefined;
      require('internal/modules/esm/errors').explainModuleSyntax(error, content, filename);
    }
    throw error;
  }
}

// Runs source text as this module's body and returns what it returns. Packages that replace this call it with two
// arguments.
Module.prototype._compile = function _compile(content, filename, format) {
  content = stripBOM(content);
  if (format !== undefined && format.endsWith('typescript')) {
    content = require('internal/modules/typescript').stripFile(content, filename);
    format = format === 'typescript' ? undefined : format.slice(0, -'-typescript'.length);
  }
  const run = format === 'module' ? undefined : compile(this, filename, content, format);
  if (run === undefined) {
    if (format !== 'module') require('internal/modules/esm/format').warnTypeless(filename);
    loadModule(this, filename, content);
    return undefined;
  }
  hooks.keepSourceMap?.(filename, content, this);
  const { makeRequireFunction } = require('internal/modules/cjs/require');
  this[kIsExecuting] = true;
  const result = Reflect.apply(run, this.exports, [
    this.exports,
    requires.get(this) ?? makeRequireFunction(Module, this),
    this,
    filename,
    dirname(filename),
  ]);
  this[kIsExecuting] = false;
  return result;
};

// --- By extension ---------------------------------------------------------------------------------

Module._extensions['.js'] = function (module, filename) {
  const [source, format] = loadSource(module, filename, formatOf(filename));
  if ((format === 'module' || format === 'module-typescript') && !requireEsmAllowed())
    throw require('internal/modules/esm/errors').requireEsmError(filename, source, parentOf(module));
  module._compile(source, filename, format);
};

Module._extensions['.json'] = function (module, filename) {
  const [content] = loadSource(module, filename, 'json');
  try {
    setOwn(module, 'exports', JSON.parse(stripBOM(content)));
  } catch (error) {
    error.message = `${filename}: ${error.message}`;
    throw error;
  }
};

Module._extensions['.node'] = function (module, filename) {
  return process.dlopen(module, filename);
};
