// SPDX-License-Identifier: Apache-2.0
//
// Objects of Python as JavaScript sees them: a proxy in front of the handle that the bridge knows. What a property is
// decides Python (edgejs/shared.py).
'use strict';

const ask = internalBinding('python_objects');
const inspect = Symbol.for('nodejs.util.inspect.custom');

function* iterate(target) {
  const iterator = ask.iterate(target);
  try {
    for (;;) {
      const [done, value] = ask.advance(iterator);
      if (done) return;
      yield value;
    }
  } finally {
    ask.finish(iterator);
  }
}

async function* iterateAsync(target) {
  const iterator = ask.iterateAsync(target);
  try {
    for (;;) {
      const [done, value] = await ask.advanceAsync(iterator);
      if (done) return;
      yield value;
    }
  } finally {
    await ask.finishAsync(iterator);
  }
}

// Symbols that stand for what a Python object can do.
function ofSymbol(target, symbol) {
  switch (symbol) {
    case Symbol.iterator:
      return ask.can(target, 'iterate') ? () => iterate(target) : undefined;
    case Symbol.asyncIterator:
      return ask.can(target, 'iterateAsync') ? () => iterateAsync(target) : undefined;
    case Symbol.toPrimitive:
      return (hint) => ask.primitive(target, hint);
    case Symbol.toStringTag:
      return ask.typeName(target);
    default:
      return undefined;
  }
}

const handler = {
  __proto__: null,
  get(target, key) {
    if (typeof key === 'symbol') return ofSymbol(target, key);
    const value = ask.get(target, key);
    if (value === undefined && key === 'toString') return () => ask.primitive(target, 'string');
    return value;
  },
  set(target, key, value) {
    return typeof key === 'string' && ask.set(target, key, value);
  },
  has: (target, key) => (typeof key === 'symbol' ? ofSymbol(target, key) !== undefined : ask.has(target, key)),
  deleteProperty: (target, key) => typeof key === 'string' && ask.remove(target, key),
  ownKeys: (target) => ask.keys(target),
  getOwnPropertyDescriptor(target, key) {
    if (typeof key === 'symbol' || !ask.has(target, key)) return undefined;
    // An accessor: a property of Python may take its time, or throw.
    return { configurable: true, enumerable: true, get: () => ask.get(target, key), set: (value) => ask.set(target, key, value) };
  },
  defineProperty(target, key, descriptor) {
    return typeof key === 'string' && 'value' in descriptor && ask.set(target, key, descriptor.value);
  },
  preventExtensions: () => false,
  setPrototypeOf: () => false,
};

// What util.inspect looks at, which sees through a proxy.
const prototype = {
  __proto__: null,
  [inspect]() {
    return ask.describe(this);
  },
};

module.exports = {
  wrap: (target) => new Proxy(Object.setPrototypeOf(target, prototype), handler),
};
