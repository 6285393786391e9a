// SPDX-License-Identifier: Apache-2.0
//
// process.env: the environment of the process itself, so that native code and child processes see changes.
'use strict';

const { get, list } = internalBinding('environment');

// A deprecation that --pending-deprecation tells of.
function warnOfType(value) {
  if (['string', 'number', 'boolean'].includes(typeof value)) return;
  if (!require('internal/options').getOptionValue('--pending-deprecation')) return;
  process.emitWarning(
    'Assigning any value other than a string, number, or boolean to a process.env property is deprecated. Please make ' +
      'sure to convert the value to a string before setting process.env with it.',
    'DeprecationWarning',
    'DEP0104',
  );
}

function coerce(value) {
  if (typeof value === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string');
  return String(value);
}

// What the proxy works on: the process's environment, or the worker's own.
const ofProcess = {
  get,
  list,
  set(name, value) {
    internalBinding('process_host').setVariable(name, value);
    if (name === 'TZ') require('internal/intl/zone_changes').changed();
  },
  unset(name) {
    internalBinding('process_host').unsetVariable(name);
    if (name === 'TZ') require('internal/intl/zone_changes').changed();
  },
};

function ownStore(initial) {
  const variables = new Map(Object.entries(initial));
  return {
    get: (name) => variables.get(name),
    list: () => [...variables.keys()],
    set: (name, value) => variables.set(name, value),
    unset: (name) => variables.delete(name),
  };
}

function checkDescriptor(descriptor) {
  if ('value' in descriptor && descriptor.configurable && descriptor.writable && descriptor.enumerable) return;
  const {
    codes: { ERR_INVALID_OBJECT_DEFINE_PROPERTY },
  } = require('internal/errors');
  throw new ERR_INVALID_OBJECT_DEFINE_PROPERTY(
    'get' in descriptor || 'set' in descriptor
      ? "'process.env' does not accept an accessor(getter/setter) descriptor"
      : "'process.env' only accepts a configurable, writable, and enumerable data descriptor"
  );
}

function makeEnvironment(store) {
  const find = (name) => (typeof name === 'string' ? store.get(name) : undefined);
  const assign = (name, value) => {
    warnOfType(value);
    store.set(coerce(name), coerce(value));
    return true;
  };
  return new Proxy(
    {},
    {
      __proto__: null,
      get(target, name) {
        const value = find(name);
        return value === undefined ? Reflect.get(target, name) : value;
      },
      set(target, name, value) {
        return assign(name, value);
      },
      has(target, name) {
        return find(name) !== undefined || Reflect.has(target, name);
      },
      deleteProperty(target, name) {
        if (find(name) !== undefined) store.unset(name);
        return true;
      },
      ownKeys() {
        return store.list();
      },
      getOwnPropertyDescriptor(target, name) {
        const value = find(name);
        if (value === undefined) return undefined;
        return { configurable: true, enumerable: true, value, writable: true };
      },
      defineProperty(target, name, descriptor) {
        checkDescriptor(descriptor);
        return assign(name, descriptor.value);
      },
    }
  );
}

module.exports = {
  env: makeEnvironment(ofProcess),
  // For a worker that does not share its parent's.
  makeOwnEnvironment: (initial) => makeEnvironment(ownStore(initial)),
};
