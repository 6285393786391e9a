// SPDX-License-Identifier: Apache-2.0
//
// vm.Script and vm.compileFunction: text compiled once, run in any context.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { isArrayBufferView } = require('internal/util/types');
const {
  validateArray,
  validateBoolean,
  validateBuffer,
  validateInt32,
  validateObject,
  validateString,
  validateStringArray,
  validateUint32,
  kValidateObjectAllowObjectsAndNull,
} = require('internal/validators');
const { contextOptions, createContext, isContext, realmFor } = require('internal/vm/contexts');
const { hostFor } = require('internal/vm/hosts');

const scripts = internalBinding('scripts');

const kParsingContext = Symbol('script parsing context');
const kAsync = Symbol('top-level await'); // option of ours: the value of a run is a promise of { value }

const SOURCE_MAP_URL = /\/\/[#@] sourceMappingURL=(\S+)\s*$/;

// Errors that leave the script show its source line, unless `displayErrors` is false.
function showing(displayErrors, filename, source, run) {
  if (!displayErrors) return run();
  try {
    return run();
  } catch (error) {
    if (typeof error === 'object' && error !== null) require('internal/process/uncaught').decorate(error, filename, source);
    throw error;
  }
}

// [timeout in ms, break on SIGINT, display errors] of a run.
function runArguments(options = {}) {
  validateObject(options, 'options');
  const { timeout, displayErrors = true, breakOnSigint = false } = options;
  if (timeout !== undefined) validateUint32(timeout, 'options.timeout', true);
  validateBoolean(displayErrors, 'options.displayErrors');
  validateBoolean(breakOnSigint, 'options.breakOnSigint');
  return { limits: [timeout ?? 0, breakOnSigint], displayErrors };
}

function validateContext(object) {
  if (!isContext(object)) throw new ERR_INVALID_ARG_TYPE('contextifiedObject', 'vm.Context', object);
}

class Script {
  #code; // of the engine
  #seal;
  #show;

  constructor(code, options = {}) {
    const source = `${code}`;
    if (typeof options === 'string') options = { filename: options };
    else validateObject(options, 'options');
    const {
      filename = 'evalmachine.<anonymous>',
      lineOffset = 0,
      columnOffset = 0,
      cachedData,
      produceCachedData = false,
      importModuleDynamically,
      [kParsingContext]: parsingContext,
      [kAsync]: isAsync = false,
    } = options;
    validateString(filename, 'options.filename');
    validateInt32(lineOffset, 'options.lineOffset');
    validateInt32(columnOffset, 'options.columnOffset');
    if (cachedData !== undefined && !isArrayBufferView(cachedData)) {
      throw new ERR_INVALID_ARG_TYPE('options.cachedData', ['Buffer', 'TypedArray', 'DataView'], cachedData);
    }
    validateBoolean(produceCachedData, 'options.produceCachedData');
    const host = hostFor(importModuleDynamically, filename);
    if ('referrer' in host) host.referrer = this;
    const realm = parsingContext === undefined ? undefined : realmFor(parsingContext);
    if (cachedData !== undefined) {
      const bytecode = require('internal/vm/cached_data').open(cachedData, source, filename);
      this.cachedDataRejected = bytecode === undefined;
      if (bytecode !== undefined) this.#code = scripts.readScript(bytecode, realm, host);
    }
    this.#show = (displayErrors, run) => showing(displayErrors, filename, source, run);
    this.#code ??= this.#show(true, () =>
      scripts.compileScript(source, filename, lineOffset, columnOffset, realm, host, isAsync)
    );
    this.sourceMapURL = SOURCE_MAP_URL.exec(source)?.[1];
    this.#seal = () => require('internal/vm/cached_data').seal(scripts.writeScript(this.#code), source, filename);
    if (produceCachedData) {
      this.cachedData = this.#seal();
      this.cachedDataProduced = true;
    }
  }

  createCachedData() {
    return this.#seal();
  }

  #run(realm, options) {
    const { limits, displayErrors } = runArguments(options);
    return this.#show(displayErrors, () => scripts.runScript(this.#code, realm, ...limits));
  }

  runInThisContext(options) {
    return this.#run(undefined, options);
  }

  runInContext(contextifiedObject, options) {
    validateContext(contextifiedObject);
    return this.#run(realmFor(contextifiedObject), options);
  }

  runInNewContext(contextObject, options) {
    return this.runInContext(createContext(contextObject, contextOptions(options)), options);
  }
}

function compileFunction(code, params, options = {}) {
  validateString(code, 'code');
  validateObject(options, 'options');
  if (params !== undefined) validateStringArray(params, 'params');
  const {
    filename = '',
    columnOffset = 0,
    lineOffset = 0,
    cachedData,
    produceCachedData = false,
    parsingContext,
    contextExtensions = [],
    importModuleDynamically,
  } = options;
  validateString(filename, 'options.filename');
  validateInt32(columnOffset, 'options.columnOffset');
  validateInt32(lineOffset, 'options.lineOffset');
  if (cachedData !== undefined) validateBuffer(cachedData, 'options.cachedData');
  validateBoolean(produceCachedData, 'options.produceCachedData');
  if (parsingContext !== undefined && (!isObject(parsingContext) || !isContext(parsingContext))) {
    throw new ERR_INVALID_ARG_TYPE('options.parsingContext', 'Context', parsingContext);
  }
  validateArray(contextExtensions, 'options.contextExtensions');
  contextExtensions.forEach((extension, i) =>
    validateObject(extension, `options.contextExtensions[${i}]`, kValidateObjectAllowObjectsAndNull)
  );
  const host = hostFor(importModuleDynamically, filename);
  const realm = parsingContext === undefined ? undefined : realmFor(parsingContext);
  const extensions = contextExtensions.map((extension) => extension ?? {});
  const compiled = showing(true, filename, code, () =>
    scripts.compileFunction(code, filename, params ?? [], lineOffset, columnOffset, realm, extensions, host)
  );
  if ('referrer' in host) host.referrer = compiled;
  // A function's code is not kept: it is compiled anew each time.
  if (cachedData !== undefined) compiled.cachedDataRejected = true;
  if (produceCachedData) compiled.cachedDataProduced = false;
  return compiled;
}

const isObject = (value) => typeof value === 'object' && value !== null;

module.exports = { compileFunction, kAsync, kParsingContext, runArguments, Script, validateContext };
