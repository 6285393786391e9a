// SPDX-License-Identifier: Apache-2.0
//
// What Python's proxies ask of the objects they stand for (edgejs/proxy.py).
'use strict';

const identities = new WeakMap();
let lastIdentity = 0;

module.exports = {
  // A number that is the same for the same object only.
  identity(target) {
    let identity = identities.get(target);
    if (identity === undefined) identities.set(target, identity = ++lastIdentity);
    return identity;
  },
  same(one, other) {
    return one === other;
  },
  has(target, key) {
    return key in target;
  },
  contains(target, value) {
    if (Array.isArray(target) || ArrayBuffer.isView(target)) return target.includes(value);
    if (target instanceof Map || target instanceof Set) return target.has(value);
    return value in target;
  },
  remove(target, key) {
    return Reflect.deleteProperty(target, key);
  },
  // Undefined for what has no length.
  size(target) {
    if (target instanceof Map || target instanceof Set) return target.size;
    return target.length;
  },
  names(target) {
    const found = new Set();
    for (let object = target; object !== null && object !== Object.prototype; object = Object.getPrototypeOf(object)) {
      for (const name of Object.getOwnPropertyNames(object)) found.add(name);
    }
    return [...found];
  },
  // A function that gives the next value of an iterator over `target`, and calls `end` when there is none. A plain
  // object iterates over its keys, as a dict does.
  iterate(target, end) {
    const iterable = target[Symbol.iterator] === undefined ? Object.keys(target) : target;
    const iterator = iterable[Symbol.iterator]();
    return () => {
      const { done, value } = iterator.next();
      if (done) end();
      return value;
    };
  },
  // The same for `for await`: a promise of the next value.
  iterateAsync(target, end) {
    const iterator = (target[Symbol.asyncIterator] ?? target[Symbol.iterator]).call(target);
    return async () => {
      const { done, value } = await iterator.next();
      if (done) end();
      return value;
    };
  },
  splice(target, start, count, items) {
    return target.splice(start, count, ...items);
  },
  // Calls `settled(error, value)` once, in a later job. A rejection counts as handled.
  settle(promise, settled) {
    Promise.resolve(promise).then((value) => settled(false, value), (reason) => settled(true, reason));
  },
  // Throws, so that the reason of a rejection becomes the exception that Python raises for it.
  raise(reason) {
    throw reason;
  },
};
