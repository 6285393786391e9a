// SPDX-License-Identifier: Apache-2.0
// Deep equality as `assert` and `util.isDeepStrictEqual` define it: https://nodejs.org/api/assert.html
'use strict';

const kindsOfKeys = require('internal/crypto/kinds');
const types = require('internal/util/types');

// Modes. Loose compares primitives with `==` and no prototypes; partial asks that the second value is within the first.
const kLoose = 0;
const kStrict = 1;
const kPartial = 2;

const isObject = (value) => typeof value === 'object' && value !== null;
const isEnumerable = (object, key) => Object.prototype.propertyIsEnumerable.call(object, key);

// -- the objects that are being compared further up

class Memory {
  constructor(mode, skipPrototype = false) {
    this.mode = mode;
    this.checksPrototype = mode === kStrict && !skipPrototype;
    this.seen = new Set();
  }

  // `compare()`, or the answer that a cycle gives: equal when both sides close at once.
  within(first, second, compare) {
    const { seen } = this;
    if (seen.has(first) || seen.has(second)) return seen.has(first) && seen.has(second);
    seen.add(first).add(second);
    const equal = compare();
    seen.delete(first);
    seen.delete(second);
    return equal;
  }
}

function samePrimitives(first, second, mode) {
  if (mode !== kLoose) return Object.is(first, second);
  return first == second || (Number.isNaN(first) && Number.isNaN(second));
}

function deepEqual(first, second, memory) {
  const { mode } = memory;
  if (first === second) return first !== 0 || mode === kLoose || Object.is(first, second);
  if (!isObject(first) || !isObject(second)) {
    if (mode === kLoose && (isObject(first) || isObject(second))) return false;
    if (mode !== kLoose && typeof first !== typeof second) return false;
    return samePrimitives(first, second, mode);
  }
  if (memory.checksPrototype && Object.getPrototypeOf(first) !== Object.getPrototypeOf(second)) return false;
  return sameObjects(first, second, memory);
}

// -- kinds of objects

const tagOf = (value) => Object.prototype.toString.call(value);

function sameObjects(first, second, memory) {
  if (memory.mode === kStrict && !memory.checksPrototype) {
    // without prototypes, what they say of their kind does not count either
  } else if (tagOf(first) !== tagOf(second)) return false;
  if (Array.isArray(first)) return Array.isArray(second) && sameArrays(first, second, memory);
  if (Array.isArray(second)) return false;
  for (const [is, same] of kinds) {
    if (is(first)) return is(second) && same(first, second, memory) && sameProperties(first, second, memory);
    if (is(second)) return false;
  }
  return sameProperties(first, second, memory);
}

const kinds = [
  [types.isDate, (first, second) => Object.is(Number(first), Number(second))],
  [
    types.isRegExp,
    (first, second) => {
      return (
        first.source === second.source && first.flags === second.flags && first.lastIndex === second.lastIndex
      );
    },
  ],
  [(value) => types.isNativeError(value) || value instanceof Error, sameErrors],
  [
    types.isAnyArrayBuffer,
    (first, second, { mode }) => sameBytes(new Uint8Array(first), new Uint8Array(second), mode),
  ],
  [ArrayBuffer.isView, sameViews],
  [
    types.isSet,
    (first, second, memory) => memory.within(first, second, () => sameSets(first, second, memory)),
  ],
  [
    types.isMap,
    (first, second, memory) => memory.within(first, second, () => sameMaps(first, second, memory)),
  ],
  [types.isBoxedPrimitive, sameBoxes],
  // Nothing can be seen of what these hold: only the same object is equal.
  [types.isWeakMap, () => false],
  [types.isWeakSet, () => false],
  [types.isPromise, () => false],
  [
    (value) => typeof value.href === 'string' && require('internal/url').isURLInstance(value),
    (first, second) => first.href === second.href,
  ],
  [(value) => kindsOfKeys.keys?.isKeyObject(value) === true, (first, second) => first.equals(second)],
  [(value) => kindsOfKeys.keys?.isCryptoKey(value) === true, sameCryptoKeys],
];

function sameCryptoKeys(first, second, memory) {
  const { keyObjectOf } = kindsOfKeys.keys;
  const { handleOf } = require('internal/crypto/crypto_key');
  return (
    first.extractable === second.extractable &&
    deepEqual(first.algorithm, second.algorithm, memory) &&
    deepEqual(first.usages, second.usages, memory) &&
    keyObjectOf(handleOf(first)).equals(keyObjectOf(handleOf(second)))
  );
}

function sameErrors(first, second, memory) {
  for (const name of ['message', 'name', 'cause', 'errors']) {
    if (memory.mode === kPartial && name === 'message' && !Object.hasOwn(second, name)) continue;
    if (Object.hasOwn(first, name) !== Object.hasOwn(second, name) && name !== 'name' && name !== 'message') {
      if (memory.mode !== kPartial || Object.hasOwn(second, name)) return false;
      continue;
    }
    if (!isEnumerable(first, name) && !deepEqual(first[name], second[name], memory)) return false;
  }
  return true;
}

function sameBytes(first, second, mode) {
  if (mode === kPartial ? first.length < second.length : first.length !== second.length) return false;
  if (mode !== kPartial) return internalBinding('bytes').compare(first, second) === 0;
  for (let i = 0; i < second.length; i++) if (first[i] !== second[i]) return false;
  return true;
}

const isFloats = (view) =>
  types.isFloat32Array(view) || types.isFloat64Array(view) || types.isFloat16Array?.(view);

const { get: viewName } = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag
);

// Each item of a view in another, in this order, others in between.
function containsItems(first, second) {
  const items = (view) => (types.isDataView(view) ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength) : view);
  let at = 0;
  const inside = items(first);
  for (const item of items(second)) {
    while (at < inside.length && !Object.is(inside[at], item)) at++;
    if (at++ >= inside.length) return false;
  }
  return true;
}

function sameViews(first, second, { mode }) {
  if (viewName.call(first) !== viewName.call(second)) return false;
  if (mode === kPartial) return containsItems(first, second);
  if (isFloats(first) && isFloats(second)) {
    if (mode === kPartial ? first.length < second.length : first.length !== second.length) return false;
    return [...second].every((item, i) => (mode === kLoose ? item === first[i] : Object.is(item, first[i])));
  }
  const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return sameBytes(bytes(first), bytes(second), mode);
}

// What a boxed primitive holds, whatever its own valueOf says.
function unbox(value) {
  for (const Class of [Number, String, Boolean, BigInt, Symbol]) {
    if (types[`is${Class.name}Object`](value)) return Class.prototype.valueOf.call(value);
  }
  return undefined;
}

function sameBoxes(first, second) {
  return Object.is(unbox(first), unbox(second));
}

// -- properties

function ownKeys(object) {
  const symbols = Object.getOwnPropertySymbols(object).filter((key) => isEnumerable(object, key));
  return [...Object.keys(object), ...symbols];
}

function sameProperties(first, second, memory) {
  const ofSecond = comparedKeys(second, memory.mode);
  if (memory.mode !== kPartial && comparedKeys(first, memory.mode).length !== ofSecond.length) return false;
  for (const key of ofSecond) if (!isEnumerable(first, key)) return false;
  if (ofSecond.length === 0) return true;
  return memory.within(first, second, () =>
    ofSecond.every((key) => deepEqual(first[key], second[key], memory))
  );
}

// Indices of views and strings are compared as content already.
function comparedKeys(object, mode) {
  if (!ArrayBuffer.isView(object) && !types.isStringObject(object)) {
    return mode === kLoose ? Object.keys(object) : ownKeys(object);
  }
  const keys = internalBinding('util').getOwnNonIndexProperties(object, true);
  return mode === kLoose ? keys.filter((key) => typeof key !== 'symbol') : keys;
}

function sameArrays(first, second, memory) {
  if (memory.mode === kPartial)
    return memory.within(first, second, () => containsInOrder(first, second, memory));
  if (first.length !== second.length) return false;
  return sameProperties(first, second, memory);
}

// Each item of `second` in `first`, in this order, others in between. Holes ask for nothing.
function containsInOrder(first, second, memory) {
  if (second.length > first.length) return false;
  let at = 0;
  for (const key of ownKeys(second)) {
    if (typeof key === 'symbol' || !/^(?:0|[1-9]\d*)$/.test(key)) {
      if (!isEnumerable(first, key) || !deepEqual(first[key], second[key], memory)) return false;
      continue;
    }
    while (at < first.length && !(at in first && deepEqual(first[at], second[key], memory))) at++;
    if (at++ === first.length) return false;
  }
  return true;
}

// -- sets and maps: members of one are looked for in the other, first by identity, then one by one

function sameSets(first, second, memory) {
  if (memory.mode === kPartial ? first.size < second.size : first.size !== second.size) return false;
  const missing = [...second].filter((item) => !first.has(item));
  if (missing.length === 0) return true;
  if (memory.mode !== kLoose && missing.some((item) => !isObject(item))) return false;
  const candidates = [...first].filter((item) => !second.has(item));
  return missing.every((item) => {
    const at = candidates.findIndex((candidate) => deepEqual(candidate, item, memory));
    if (at !== -1) candidates.splice(at, 1);
    return at !== -1;
  });
}

function sameMaps(first, second, memory) {
  if (memory.mode === kPartial ? first.size < second.size : first.size !== second.size) return false;
  const missing = [];
  for (const [key, value] of second) {
    if (!first.has(key)) {
      if (memory.mode !== kLoose && !isObject(key)) return false;
      missing.push([key, value]);
    } else if (!deepEqual(first.get(key), value, memory)) {
      if (memory.mode !== kLoose || isObject(key)) return false;
      missing.push([key, value]);
    }
  }
  const candidates =
    missing.length === 0
      ? []
      : [...first].filter(([key, value]) => {
          return !second.has(key) || !deepEqual(value, second.get(key), memory);
        });
  return missing.every(([key, value]) => {
    const at = candidates.findIndex(
      (pair) => deepEqual(pair[0], key, memory) && deepEqual(pair[1], value, memory)
    );
    if (at !== -1) candidates.splice(at, 1);
    return at !== -1;
  });
}

function isDeepEqual(first, second) {
  return deepEqual(first, second, new Memory(kLoose));
}

function isDeepStrictEqual(first, second, skipPrototype) {
  return deepEqual(first, second, new Memory(kStrict, skipPrototype));
}

function isPartialStrictEqual(first, second) {
  return deepEqual(first, second, new Memory(kPartial));
}

module.exports = { isDeepEqual, isDeepStrictEqual, isPartialStrictEqual };
