// SPDX-License-Identifier: Apache-2.0
// What every part of `crypto` does to its arguments and results.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');

const lazyBuffer = () => require('buffer').Buffer;

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

function toBuffer(bytes) {
  return lazyBuffer().from(bytes.buffer, bytes.byteOffset, bytes.length);
}

module.exports = { callable, isBytes, toBuffer, toBytes };
