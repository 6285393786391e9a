// SPDX-License-Identifier: Apache-2.0
// What every part of `crypto` does to its arguments and results.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');

let Buffer;
const lazyBuffer = () => (Buffer ??= require('buffer').Buffer);

// Of whatever context they are.
const isBytes = (value) => ArrayBuffer.isView(value) || require('internal/util/types').isAnyArrayBuffer(value);

// Data for the host: a string in an encoding, or bytes.
function toBytes(value, name, encoding, types = ['string', 'ArrayBuffer', 'Buffer', 'TypedArray', 'DataView']) {
  if (typeof value === 'string') return lazyBuffer().from(value, encoding === 'buffer' ? 'utf8' : encoding);
  if (!isBytes(value)) throw new ERR_INVALID_ARG_TYPE(name, types, value);
  return ArrayBuffer.isView(value) ? value : new Uint8Array(value);
}

// A class that may also be called without `new`, as those of Node's older days.
function callable(Class, warn) {
  function Shown(...args) {
    if (new.target === undefined) warn?.();
    return Reflect.construct(Class, args, new.target ?? Shown);
  }
  Object.defineProperty(Shown, 'name', { __proto__: null, configurable: true, value: Class.name });
  Object.setPrototypeOf(Shown, Object.getPrototypeOf(Class));
  Shown.prototype = Class.prototype;
  Object.defineProperty(Class.prototype, 'constructor', { __proto__: null, configurable: true, value: Shown, writable: true });
  return Shown;
}

// Bytes of the host's, which nobody else holds: they become a Buffer as they are.
function toBuffer(bytes) {
  return Object.setPrototypeOf(bytes, lazyBuffer().prototype);
}

// An error of OpenSSL's, as Node shows it.
function opensslError(number, library, reason, code) {
  return Object.assign(new Error(`error:${number}:${library}::${reason}`), { library, reason, code });
}

module.exports = { callable, isBytes, opensslError, toBuffer, toBytes };
