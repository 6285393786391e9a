// SPDX-License-Identifier: Apache-2.0
'use strict';

const { defineLazy } = require;
const { debuglog } = require('internal/util/debuglog');
const { format, formatWithOptions } = require('internal/util/format');
const { inspect } = require('internal/util/inspect');
const { refuse } = require('internal/refuse');
const { deprecate, promisify } = require('internal/util');
const types = require('internal/util/types');
const { stripVTControlCharacters: strip } = require('internal/util/string_width');
const { validateFunction, validateInteger, validateNumber, validateString } = require('internal/validators');

// The rejection of a function that was made a callback one: a falsy reason is wrapped.
function callbackifyOnRejected(reason, callback) {
  if (!reason) {
    const {
      codes: { ERR_FALSY_VALUE_REJECTION },
    } = require('internal/errors');
    reason = new ERR_FALSY_VALUE_REJECTION(reason);
    Error.captureStackTrace(reason, callbackifyOnRejected);
  }
  return callback(reason);
}

function callbackify(original) {
  validateFunction(original, 'original');
  function callbackified(...args) {
    const callback = args.pop();
    validateFunction(callback, 'last argument');
    const bound = callback.bind(this);
    Reflect.apply(original, this, args).then(
      (result) => process.nextTick(bound, null, result),
      (reason) => process.nextTick(callbackifyOnRejected, reason, bound)
    );
  }
  const descriptors = Object.getOwnPropertyDescriptors(original);
  if (typeof descriptors.length.value === 'number') descriptors.length.value++;
  if (typeof descriptors.name.value === 'string') descriptors.name.value += 'Callbackified';
  delete descriptors.prototype;
  return Object.defineProperties(callbackified, descriptors);
}

function inherits(constructor, superConstructor) {
  const {
    codes: { ERR_INVALID_ARG_TYPE },
  } = require('internal/errors');
  if (constructor === undefined || constructor === null)
    throw new ERR_INVALID_ARG_TYPE('ctor', 'Function', constructor);
  if (superConstructor === undefined || superConstructor === null) {
    throw new ERR_INVALID_ARG_TYPE('superCtor', 'Function', superConstructor);
  }
  if (superConstructor.prototype === undefined) {
    throw new ERR_INVALID_ARG_TYPE('superCtor.prototype', 'Object', superConstructor.prototype);
  }
  Object.defineProperty(constructor, 'super_', {
    __proto__: null,
    configurable: true,
    value: superConstructor,
    writable: true,
  });
  Object.setPrototypeOf(constructor.prototype, superConstructor.prototype);
}

function isDeepStrictEqual(a, b, skipPrototype) {
  return require('internal/util/comparisons').isDeepStrictEqual(a, b, skipPrototype === true);
}

function stripVTControlCharacters(text) {
  validateString(text, 'str');
  return strip(text);
}

function getSystemErrorName(errno) {
  validateNumber(errno, 'err');
  if (errno >= 0 || !Number.isSafeInteger(errno)) {
    const {
      codes: { ERR_OUT_OF_RANGE },
    } = require('internal/errors');
    throw new ERR_OUT_OF_RANGE('err', 'a negative integer', errno);
  }
  return require('internal/errors').systemErrorOf(errno)[0];
}

function getSystemErrorMessage(errno) {
  validateNumber(errno, 'err');
  return require('internal/errors').systemErrorOf(errno)[1];
}

function getSystemErrorMap() {
  const { errno } = require('os').constants;
  return new Map(
    Object.values(errno).map((number) => [-number, require('internal/errors').systemErrorOf(-number)])
  );
}

function getCallSites(frameCount = 10, options) {
  const { validateObject } = require('internal/validators');
  if (options === undefined && frameCount !== null && typeof frameCount === 'object') {
    validateObject(frameCount, 'options');
    frameCount = 10;
  } else if (options !== undefined) validateObject(options, 'options');
  validateInteger(frameCount, 'frameCount', 1, 200);
  return internalBinding('errors')
    .captureSites(frameCount + 1)
    .slice(1)
    .map((site) => ({
      functionName: site.functionName ?? '',
      scriptId: '0',
      scriptName: site.scriptName,
      lineNumber: site.lineNumber,
      columnNumber: site.column,
      column: site.column,
    }));
}

// The steps from `expected` to `actual`, as [1 for what only actual has, -1 for only expected, 0 for both, value].
function diff(actual, expected) {
  const { validateStringArray } = require('internal/validators');
  if (actual === expected) return [];
  for (const [value, name] of [[actual, 'actual'], [expected, 'expected']]) {
    if (Array.isArray(value)) validateStringArray(value, name);
    else if (typeof value !== 'string') {
      const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
      throw new ERR_INVALID_ARG_TYPE(name, ['string', 'string[]'], value);
    }
  }
  const SIGNS = { '__proto__': null, '+': 1, '-': -1, ' ': 0 };
  const { diffLines } = require('internal/assert/assertion_error');
  const same = (one, other) => (one === other ? one : undefined);
  return diffLines([...actual], [...expected], same).map(([sign, value]) => [SIGNS[sign], value]);
}

// 128 and the signal's number, as shells report it.
function convertProcessSignalToExitCode(signal) {
  const { validateOneOf } = require('internal/validators');
  const numbers = internalBinding('process_host').signalNumbers();
  validateOneOf(signal, 'signalCode', Object.keys(numbers));
  return 128 + numbers[signal];
}

function _extend(target, source) {
  if (source === null || typeof source !== 'object') return target;
  return Object.assign(target, source);
}

function _errnoException(...args) {
  const { ErrnoException } = require('internal/errors');
  return new ErrnoException(...args);
}

function _exceptionWithHostPort(...args) {
  const { ExceptionWithHostPort } = require('internal/errors');
  return new ExceptionWithHostPort(...args);
}

function parseEnv(content) {
  validateString(content, 'content');
  return internalBinding('dotenv').parse(content);
}

module.exports = {
  _errnoException,
  _exceptionWithHostPort,
  _extend: deprecate(
    _extend,
    'The `util._extend` API is deprecated. Please use Object.assign() instead.',
    'DEP0060'
  ),
  callbackify,
  convertProcessSignalToExitCode,
  debug: debuglog,
  debuglog,
  deprecate,
  diff,
  format,
  formatWithOptions,
  getCallSites,
  getSystemErrorMap,
  getSystemErrorMessage,
  getSystemErrorName,
  inherits,
  inspect,
  isArray: Array.isArray,
  isDeepStrictEqual,
  parseEnv,
  promisify,
  setTraceSigInt: refuse('util.setTraceSigInt'),
  stripVTControlCharacters,
  toUSVString: (text) => `${text}`.toWellFormed(),
  types,
};
defineLazy(module.exports, 'internal/util/style_text', ['styleText'], true);
defineLazy(module.exports, 'internal/util/parse_args', ['parseArgs'], true);
defineLazy(module.exports, 'internal/util/mime', ['MIMEType', 'MIMEParams'], true);
defineLazy(module.exports, 'internal/encoding', ['TextDecoder', 'TextEncoder'], true);
defineLazy(
  module.exports,
  'internal/abort_controller',
  ['aborted', 'transferableAbortController', 'transferableAbortSignal'],
  true
);
