// SPDX-License-Identifier: Apache-2.0
//
// Small things that many builtins need.
'use strict';

const kEmptyObject = Object.freeze({ __proto__: null });
const customInspectSymbol = Symbol.for('nodejs.util.inspect.custom');
const customPromisifyArgs = Symbol('customPromisifyArgs');
const kCustomPromisify = Symbol.for('nodejs.util.promisify.custom');

// Node's name of an encoding ('utf8', 'utf16le', 'latin1', …), undefined when there is none.
const ENCODINGS = {
  '__proto__': null,
  'utf8': 'utf8',
  'utf-8': 'utf8',
  'ucs2': 'utf16le',
  'ucs-2': 'utf16le',
  'utf16le': 'utf16le',
  'utf-16le': 'utf16le',
  'latin1': 'latin1',
  'binary': 'latin1',
  'ascii': 'ascii',
  'hex': 'hex',
  'base64': 'base64',
  'base64url': 'base64url',
};

function normalizeEncoding(encoding) {
  if (encoding == null || encoding === 'utf8' || encoding === 'utf-8' || encoding === '') return 'utf8';
  return ENCODINGS[encoding] ?? ENCODINGS[`${encoding}`.toLowerCase()];
}

// Web classes show their members when enumerated.
function enumerable(Class, ...names) {
  for (const name of names) {
    const descriptor = Object.getOwnPropertyDescriptor(Class.prototype, name);
    Object.defineProperty(Class.prototype, name, { ...descriptor, enumerable: true });
  }
}

function setToStringTag(Class, tag) {
  Object.defineProperty(Class.prototype, Symbol.toStringTag, {
    __proto__: null,
    configurable: true,
    value: tag,
  });
}

// Is the code that called a builtin part of a package? Deprecations of Node speak to applications only.
function isInsideNodeModules() {
  const frames = new Error().stack.split('\n').slice(1);
  const caller = frames.find((frame) => /[(\s](?:\/|file:)/.test(frame));
  return caller !== undefined && /[\\/]node_modules[\\/]/i.test(caller);
}

const warnedCodes = new Set();

// util.deprecate: warns on the first call (once per code).
function deprecate(fn, message, code, useEmitSync) {
  if (code !== undefined) require('internal/validators').validateString(code, 'code');
  let warned = false;
  function warn() {
    if (process.noDeprecation === true || warned) return;
    warned = true;
    if (code !== undefined) {
      if (warnedCodes.has(code)) return;
      warnedCodes.add(code);
      process.emitWarning(message, 'DeprecationWarning', code, useEmitSync ? deprecated : fn);
    } else process.emitWarning(message, 'DeprecationWarning', useEmitSync ? deprecated : fn);
  }
  function deprecated(...args) {
    warn();
    if (new.target) return Reflect.construct(fn, args, new.target);
    return Reflect.apply(fn, this, args);
  }
  Object.setPrototypeOf(deprecated, fn);
  if (fn.prototype) deprecated.prototype = fn.prototype;
  return deprecated;
}

// What a class returns that is called without `new`.
function deprecateInstantiation(target, code, ...args) {
  if (process.noDeprecation !== true && !warnedCodes.has(code)) {
    warnedCodes.add(code);
    process.emitWarning(`Instantiating ${target.name} without the 'new' keyword has been deprecated.`, 'DeprecationWarning', code);
  }
  return Reflect.construct(target, args);
}

function emitExperimentalWarning(feature) {
  require('internal/process/warning').emitExperimentalWarning(feature);
}

// util.promisify. `kCustomPromisify` on a function replaces the result.
function promisify(original) {
  const { validateFunction } = require('internal/validators');
  validateFunction(original, 'original');
  if (original[kCustomPromisify]) {
    const custom = original[kCustomPromisify];
    validateFunction(custom, 'util.promisify.custom');
    return Object.defineProperty(custom, kCustomPromisify, {
      __proto__: null,
      configurable: true,
      enumerable: false,
      value: custom,
      writable: false,
    });
  }
  // Functions such as fs.read call back with several values and name them.
  const names = original[customPromisifyArgs];
  function fn(...args) {
    return new Promise((resolve, reject) => {
      Reflect.apply(original, this, [
        ...args,
        (error, ...values) => {
          if (error) reject(error);
          else if (names !== undefined && values.length > 1) {
            resolve(Object.fromEntries(names.map((name, index) => [name, values[index]])));
          } else resolve(values[0]);
        },
      ]);
    });
  }
  Object.setPrototypeOf(fn, Object.getPrototypeOf(original));
  Object.defineProperty(fn, kCustomPromisify, {
    __proto__: null,
    configurable: true,
    enumerable: false,
    value: fn,
    writable: false,
  });
  const descriptors = Object.getOwnPropertyDescriptors(original);
  delete descriptors.prototype; // of a class or plain function: not configurable on `fn`
  return Object.defineProperties(fn, descriptors);
}
promisify.custom = kCustomPromisify;

module.exports = {
  deprecateInstantiation,
  customInspectSymbol,
  customPromisifyArgs,
  deprecate,
  emitExperimentalWarning,
  enumerable,
  isInsideNodeModules,
  kEmptyObject,
  normalizeEncoding,
  promisify,
  setToStringTag,
};
