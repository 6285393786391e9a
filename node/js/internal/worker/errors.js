// SPDX-License-Identifier: Apache-2.0
//
// Errors that nobody caught, on their way to the parent thread: as what they are where that can be cloned, else as what
// util.inspect shows of them.
'use strict';

const CLASSES = ['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'];

// The name of the language's own class that an error is of.
function baseClass(error) {
  for (let proto = Object.getPrototypeOf(error); proto !== null; proto = Object.getPrototypeOf(proto)) {
    const { constructor } = proto;
    if (typeof constructor === 'function' && CLASSES.includes(constructor.name)) {
      if (globalThis[constructor.name]?.prototype === proto) return constructor.name;
    }
  }
  return 'Error';
}

// [name, enumerable, value] of the properties that show, with those of the prototypes below the language's own.
function propertiesOf(error) {
  const properties = new Map();
  for (let object = error; object !== null && object !== Object.prototype; object = Object.getPrototypeOf(object)) {
    for (const name of Object.getOwnPropertyNames(object)) {
      if (properties.has(name) || name === 'constructor') continue;
      const { enumerable, get, value: plain } = Object.getOwnPropertyDescriptor(object, name);
      let value = plain;
      if (get !== undefined) {
        try {
          value = get.call(error);
        } catch {
          continue; // a getter that throws is left out, as in Node
        }
      }
      if (typeof value === 'function' || (name === 'stack' && typeof value !== 'string')) continue;
      properties.set(name, [name, enumerable, name === 'cause' ? serializeError(value) : value]);
    }
  }
  return [...properties.values()].filter(([, , value]) => isCloneable(value));
}

function isCloneable(value) {
  try {
    structuredCloneOf(value);
    return true;
  } catch {
    return false;
  }
}

function structuredCloneOf(value) {
  return require('internal/worker/messaging').structuredClone(value);
}

function serializeError(error) {
  const { isNativeError } = require('internal/util/types');
  try {
    if (typeof error === 'object' && error !== null && isNativeError(error)) {
      return { kind: 'error', base: baseClass(error), properties: propertiesOf(error) };
    }
  } catch {
    // A proxy in the way, or memory is short: then what can be shown of it.
  }
  if (typeof error === 'symbol') return { kind: 'symbol', text: require('internal/util/inspect').inspect(error) };
  try {
    structuredCloneOf(error);
    return { kind: 'value', value: error };
  } catch {
    return { kind: 'shown', text: require('internal/util/inspect').inspect(error) };
  }
}

function makeError({ base, properties }) {
  const error = new globalThis[base]();
  Object.defineProperty(error, 'stack', {
    __proto__: null, configurable: true, enumerable: false, value: undefined, writable: true,
  });
  for (const [name, enumerable, value] of properties) {
    Object.defineProperty(error, name, {
      __proto__: null,
      configurable: true,
      enumerable,
      value: name === 'cause' ? deserializeError(value) : value,
      writable: true,
    });
  }
  return error;
}

function deserializeError(serialized) {
  switch (serialized.kind) {
    case 'error':
      return makeError(serialized);
    case 'value':
      return serialized.value;
    case 'symbol':
      return { __proto__: null, [Symbol.for('nodejs.util.inspect.custom')]: () => serialized.text };
    default:
      return { __proto__: null, [Symbol.for('nodejs.util.inspect.custom')]: () => serialized.text };
  }
}

module.exports = { deserializeError, serializeError };
