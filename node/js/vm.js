// SPDX-License-Identifier: Apache-2.0
// `vm` in this one context. Other contexts, and with them modules and limits of a run, refuse.
'use strict';

const {
  validateArray,
  validateBoolean,
  validateBuffer,
  validateInt32,
  validateObject,
  validateString,
} = require('internal/validators');
const { refusal, refuseAll } = require('internal/refuse');

const host = internalBinding('contextify');

const constants = Object.freeze({
  __proto__: null,
  USE_MAIN_CONTEXT_DEFAULT_LOADER: Symbol('vm_dynamic_import_main_context_default'),
  DONT_CONTEXTIFY: Symbol('vm_context_no_contextify'),
});

// `options` may be just the file's name.
function sourceOptions(options, filenameByDefault) {
  if (typeof options === 'string') options = { filename: options };
  else if (options === undefined) options = {};
  else validateObject(options, 'options');
  const { filename = filenameByDefault, lineOffset = 0, columnOffset = 0, cachedData } = options;
  validateString(filename, 'options.filename');
  validateInt32(lineOffset, 'options.lineOffset');
  validateInt32(columnOffset, 'options.columnOffset');
  if (cachedData !== undefined) validateBuffer(cachedData, 'options.cachedData');
  return { filename, lineOffset, columnOffset, cachedData };
}

function checkRunOptions(options) {
  if (options === undefined || typeof options === 'string') return;
  validateObject(options, 'options');
  if (options.displayErrors !== undefined) validateBoolean(options.displayErrors, 'options.displayErrors');
  if (options.timeout !== undefined) throw refusal('vm with options.timeout');
  if (options.breakOnSigint) throw refusal('vm with options.breakOnSigint');
}

class Script {
  #source;
  #filename;
  #lineOffset;

  constructor(code, options) {
    const { filename, lineOffset, cachedData } = sourceOptions(options, 'evalmachine.<anonymous>');
    this.#source = `${code}`;
    this.#filename = filename;
    this.#lineOffset = lineOffset;
    if (cachedData !== undefined) this.cachedDataRejected = true; // code of another engine is of no use
    this.sourceMapURL = /\/\/[#@] sourceMappingURL=(\S+)\s*$/.exec(this.#source)?.[1];
    host.compileFunction(this.#source, filename, []); // a syntax error shows now, not when it runs
  }

  runInThisContext(options) {
    checkRunOptions(options);
    return host.runInThisContext(this.#source, this.#filename, this.#lineOffset);
  }
}
Object.assign(Script.prototype, refuseAll('vm.Script', ['createCachedData', 'runInContext', 'runInNewContext']));

function runInThisContext(code, options) {
  checkRunOptions(options);
  const { filename, lineOffset } = sourceOptions(options, 'evalmachine.<anonymous>');
  return host.runInThisContext(`${code}`, filename, lineOffset);
}

function compileFunction(code, params, options = {}) {
  validateString(code, 'code');
  if (params !== undefined) {
    validateArray(params, 'params');
    params.forEach((param, i) => validateString(param, `params[${i}]`));
  }
  const { filename } = sourceOptions({ ...options, filename: options.filename ?? '' }, '');
  if (options.parsingContext !== undefined) throw refusal('vm.compileFunction with options.parsingContext');
  if (options.contextExtensions?.length > 0) throw refusal('vm.compileFunction with options.contextExtensions');
  return host.compileFunction(code, filename, params ?? []);
}

// No object has been made a context yet.
function isContext(object) {
  validateObject(object, 'object', 2);
  return false;
}

module.exports = {
  ...refuseAll('vm', ['createContext', 'runInContext', 'runInNewContext', 'measureMemory']),
  Script,
  createScript: (code, options) => new Script(code, options),
  runInThisContext,
  isContext,
  compileFunction,
  constants,
};
