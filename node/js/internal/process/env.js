// SPDX-License-Identifier: Apache-2.0
//
// process.env: the environment of the process itself, so that native code and child processes see changes.
'use strict';

const { get, list } = internalBinding('environment');

function coerce(value) {
  if (typeof value === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string');
  return String(value);
}

function assign(name, value) {
  internalBinding('process_host').setVariable(coerce(name), coerce(value));
  return true;
}

const env = new Proxy(
  {},
  {
    __proto__: null,
    get(target, name) {
      const value = typeof name === 'string' ? get(name) : undefined;
      return value === undefined ? Reflect.get(target, name) : value;
    },
    set(target, name, value) {
      return assign(name, value);
    },
    has(target, name) {
      return (typeof name === 'string' && get(name) !== undefined) || Reflect.has(target, name);
    },
    deleteProperty(target, name) {
      if (typeof name === 'string' && get(name) !== undefined)
        internalBinding('process_host').unsetVariable(name);
      return true;
    },
    ownKeys() {
      return list();
    },
    getOwnPropertyDescriptor(target, name) {
      const value = typeof name === 'string' ? get(name) : undefined;
      if (value === undefined) return undefined;
      return { configurable: true, enumerable: true, value, writable: true };
    },
    defineProperty(target, name, descriptor) {
      const {
        codes: { ERR_INVALID_OBJECT_DEFINE_PROPERTY },
      } = require('internal/errors');
      if ('value' in descriptor && descriptor.configurable && descriptor.writable && descriptor.enumerable) {
        return assign(name, descriptor.value);
      }
      if ('get' in descriptor || 'set' in descriptor) {
        throw new ERR_INVALID_OBJECT_DEFINE_PROPERTY(
          "'process.env' does not accept an accessor(getter/setter) descriptor"
        );
      }
      throw new ERR_INVALID_OBJECT_DEFINE_PROPERTY(
        "'process.env' only accepts a configurable, writable, and enumerable data descriptor"
      );
    },
  }
);

module.exports = { env };
