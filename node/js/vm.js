// SPDX-License-Identifier: Apache-2.0
'use strict';

const { validateObject, validateOneOf } = require('internal/validators');
const { contextOptions, createContext, DONT_CONTEXTIFY, isContext } = require('internal/vm/contexts');
const { USE_MAIN_CONTEXT_DEFAULT_LOADER } = require('internal/vm/hosts');
const { compileFunction, kParsingContext, Script, validateContext } = require('internal/vm/script');

const constants = Object.freeze({ __proto__: null, USE_MAIN_CONTEXT_DEFAULT_LOADER, DONT_CONTEXTIFY });

function createScript(code, options) {
  return new Script(code, options);
}

// `options` may be just the file's name.
function parsedIn(context, options) {
  if (typeof options === 'string') options = { filename: options };
  return { ...options, [kParsingContext]: context };
}

function runInContext(code, contextifiedObject, options) {
  validateContext(contextifiedObject);
  options = parsedIn(contextifiedObject, options);
  return createScript(code, options).runInContext(contextifiedObject, options);
}

function runInNewContext(code, contextObject, options) {
  if (typeof options === 'string') options = { filename: options };
  const context = createContext(contextObject, contextOptions(options));
  options = parsedIn(context, options);
  return createScript(code, options).runInContext(context, options);
}

function runInThisContext(code, options) {
  if (typeof options === 'string') options = { filename: options };
  return createScript(code, options).runInThisContext(options);
}

// The engine has one heap for all contexts and counts it as a whole.
function measureMemory(options = {}) {
  require('internal/util').emitExperimentalWarning('vm.measureMemory');
  validateObject(options, 'options');
  const { mode = 'summary', execution = 'default' } = options;
  validateOneOf(mode, 'options.mode', ['summary', 'detailed']);
  validateOneOf(execution, 'options.execution', ['default', 'eager']);
  const used = process.memoryUsage().heapUsed;
  const measured = () => ({ jsMemoryEstimate: used, jsMemoryRange: [used, used] });
  const result = { total: measured() };
  if (mode === 'detailed') Object.assign(result, { current: measured(), other: [] });
  return Promise.resolve({ ...result, WebAssembly: { code: 0, metadata: 0 } });
}

module.exports = {
  Script,
  createContext,
  createScript,
  runInContext,
  runInNewContext,
  runInThisContext,
  isContext,
  compileFunction,
  measureMemory,
  constants,
};

if (require('internal/options').getOptionValue('--experimental-vm-modules')) {
  const { Module, SourceTextModule, SyntheticModule } = require('internal/vm/module');
  Object.assign(module.exports, { Module, SourceTextModule, SyntheticModule });
}
