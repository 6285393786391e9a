// SPDX-License-Identifier: Apache-2.0
//
// structuredClone: StructuredSerialize and StructuredDeserialize of the HTML standard in one pass
// (https://html.spec.whatwg.org/multipage/structured-data.html).
'use strict';

const { className, getConstructorName, getProxyDetails } = internalBinding('util');
const types = require('internal/util/types');

const ERROR_NAMES = new Set([
  'Error',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
]);

function dataCloneError(text) {
  return new DOMException(`${text} could not be cloned.`, 'DataCloneError');
}

function describe(value) {
  return typeof value === 'object' ? `#<${getConstructorName(value) || 'Object'}>` : String(value);
}

function cloneError(error, clone) {
  let { name } = error;
  name = ERROR_NAMES.has(String(name)) ? String(name) : 'Error';
  const copy = new globalThis[name]();
  delete copy.stack;
  const message = Object.getOwnPropertyDescriptor(error, 'message');
  const define = (key, value) =>
    Object.defineProperty(copy, key, {
      __proto__: null,
      configurable: true,
      enumerable: false,
      value,
      writable: true,
    });
  if (message !== undefined && 'value' in message) define('message', String(message.value));
  if (typeof error.stack === 'string') define('stack', error.stack);
  return { copy, fill: () => Object.hasOwn(error, 'cause') && define('cause', clone(error.cause)) };
}

function cloneView(view, clone) {
  const buffer = clone(view.buffer);
  if (types.isDataView(view)) return new DataView(buffer, view.byteOffset, view.byteLength);
  return new globalThis[types.typedArrayName(view)](buffer, view.byteOffset, view.length);
}

function copyProperties(source, target, clone) {
  for (const key of Object.keys(source)) {
    if (!Object.hasOwn(source, key)) continue; // a getter before it took it away
    Object.defineProperty(target, key, {
      __proto__: null,
      configurable: true,
      enumerable: true,
      value: clone(source[key]),
      writable: true,
    });
  }
}

// One kind of object: { copy, fill } where fill, called once the copy is known (it may be its own member), completes it.
function begin(value, clone) {
  switch (className(value)) {
    case 'Boolean':
    case 'Number':
    case 'String':
    case 'BigInt':
      return { copy: Object(globalThis[className(value)].prototype.valueOf.call(value)) };
    case 'Date':
      return { copy: new Date(Date.prototype.getTime.call(value)) };
    case 'RegExp':
      return { copy: new RegExp(value.source, value.flags) };
    case 'ArrayBuffer': {
      if (value.detached)
        throw new DOMException('An ArrayBuffer is detached and could not be cloned.', 'DataCloneError');
      const options = value.resizable ? { maxByteLength: value.maxByteLength } : undefined;
      const copy = new ArrayBuffer(value.byteLength, options);
      new Uint8Array(copy).set(new Uint8Array(value));
      return { copy };
    }
    case 'SharedArrayBuffer':
      return { copy: value };
    case 'Map': {
      const copy = new Map();
      const entries = [...Map.prototype.entries.call(value)];
      return { copy, fill: () => entries.forEach(([key, member]) => copy.set(clone(key), clone(member))) };
    }
    case 'Set': {
      const copy = new Set();
      const members = [...Set.prototype.values.call(value)];
      return { copy, fill: () => members.forEach((member) => copy.add(clone(member))) };
    }
    case 'Error':
      return cloneError(value, clone);
    case 'DOMException':
      return { copy: new DOMException(value.message, value.name) };
    case 'Array': {
      const copy = new Array(value.length);
      return { copy, fill: () => copyProperties(value, copy, clone) };
    }
    case 'Object':
    case 'Arguments': {
      const copy = {};
      return { copy, fill: () => copyProperties(value, copy, clone) };
    }
    default:
      if (ArrayBuffer.isView(value)) return { copy: cloneView(value, clone) };
      throw dataCloneError(describe(value));
  }
}

function transferred(transfer) {
  const buffers = new Map();
  for (const item of transfer) {
    if (!types.isArrayBuffer(item)) {
      throw new DOMException('Value not transferable', 'DataCloneError');
    }
    if (buffers.has(item))
      throw new DOMException('Transfer list contains duplicate ArrayBuffer', 'DataCloneError');
    if (item.detached)
      throw new DOMException('An ArrayBuffer is detached and could not be cloned.', 'DataCloneError');
    buffers.set(item, undefined);
  }
  return buffers;
}

function structuredClone(value, options) {
  const { codes } = require('internal/errors');
  if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('The value argument must be specified');
  if (
    options !== undefined &&
    options !== null &&
    typeof options !== 'object' &&
    typeof options !== 'function'
  ) {
    throw new codes.ERR_INVALID_ARG_TYPE('options', ['Object', 'null', 'undefined'], options);
  }
  const buffers = transferred(options?.transfer ?? []);
  const seen = new Map();
  const clone = (item) => {
    if (typeof item === 'symbol' || typeof item === 'function') throw dataCloneError(describe(item));
    if (typeof item !== 'object' || item === null) return item;
    const known = seen.get(item);
    if (known !== undefined) return known;
    if (getProxyDetails(item) !== undefined) throw dataCloneError('#<Object>');
    if (buffers.has(item)) {
      // Only its place is kept: contents move once nothing can fail any more.
      const copy = item.slice(0);
      buffers.set(item, copy);
      seen.set(item, copy);
      return copy;
    }
    const { copy, fill } = begin(item, clone);
    seen.set(item, copy);
    fill?.();
    return copy;
  };
  const result = clone(value);
  for (const buffer of buffers.keys()) buffer.transfer();
  return result;
}

module.exports = { structuredClone };
