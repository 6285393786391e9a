// SPDX-License-Identifier: Apache-2.0
//
// Deep equality, loose and strict (https://nodejs.org/api/assert.html#assertdeepstrictequalactual-expected-message).
'use strict';

const { className, getOwnNonIndexProperties } = internalBinding('util');
const types = require('internal/util/types');

const LOOSE = 0;
const STRICT = 1;

const { propertyIsEnumerable, toString } = Object.prototype;
const isEnumerable = (object, key) => propertyIsEnumerable.call(object, key);

function isObject(value) {
  return value !== null && typeof value === 'object';
}

function looseEqual(a, b) {
  return a == b || (a !== a && b !== b);
}

// Pairs that are being compared further up: a cycle is equal when both sides close it together.
class Memory {
  a = new Map();
  b = new Map();
  position = 0;
}

function compare(a, b, mode, memory) {
  if (a === b) return a !== 0 || mode === LOOSE || Object.is(a, b);
  if (mode === STRICT) {
    if (typeof a !== 'object') return typeof a === 'number' && a !== a && b !== b;
    if (typeof b !== 'object' || a === null || b === null) return false;
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  } else {
    if (!isObject(a)) return !isObject(b) ? looseEqual(a, b) : false;
    if (!isObject(b)) return false;
  }
  return compareObjects(a, b, mode, memory);
}

const enumerableNonIndex = (value) => getOwnNonIndexProperties(value, true);

function equalBytes(a, b) {
  if (a.byteLength !== b.byteLength) return false;
  return internalBinding('bytes').compare(new Uint8Array(a.buffer, a.byteOffset, a.byteLength),
    new Uint8Array(b.buffer, b.byteOffset, b.byteLength)) === 0;
}

function equalElements(a, b) {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i] && !(a[i] !== a[i] && b[i] !== b[i])) return false;
  return true;
}

function equalTypedArrays(a, b, mode) {
  if (a.length !== b.length) return false;
  const isFloat = types.isFloat32Array(a) || types.isFloat64Array(a);
  return isFloat && mode === LOOSE ? equalElements(a, b) : equalBytes(a, b);
}

function equalBoxed(a, b) {
  const name = className(a);
  if (name !== className(b)) return false;
  const { valueOf } = globalThis[name].prototype;
  return Object.is(valueOf.call(a), valueOf.call(b));
}

function equalErrors(a, b) {
  const own = (error, key) => Object.hasOwn(error, key) && !isEnumerable(error, key);
  if ((own(a, 'message') || own(b, 'message')) && a.message !== b.message) return false;
  return a.name === b.name || !(own(a, 'name') || own(b, 'name'));
}

const WEAK = new Set(['WeakMap', 'WeakSet', 'Promise', 'WeakRef']);

// False: different. Otherwise how the rest is compared: 'keys', 'array', 'set', 'map' or 'done'.
function compareKind(a, b, mode) {
  const kindA = className(a);
  if (kindA !== className(b) && (types.isNativeError(a) !== types.isNativeError(b) || kindA !== 'Object')) {
    if (!(a instanceof Error && b instanceof Error)) return false;
  }
  if (mode === STRICT ? toString.call(a) !== toString.call(b) : false) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length ? 'array' : false;
  switch (kindA) {
    case 'Date': return Object.is(Date.prototype.getTime.call(a), Date.prototype.getTime.call(b)) && 'keys';
    case 'RegExp':
      return a.source === b.source && a.flags === b.flags && a.lastIndex === b.lastIndex && 'keys';
    case 'Set': return a.size === b.size && 'set';
    case 'Map': return a.size === b.size && 'map';
    case 'ArrayBuffer':
    case 'SharedArrayBuffer':
      return a.byteLength === b.byteLength && equalBytes(new Uint8Array(a), new Uint8Array(b)) && 'keys';
    case 'DataView': return equalBytes(a, b) && 'keys';
    case 'Number':
    case 'String':
    case 'Boolean':
    case 'BigInt':
    case 'Symbol': return equalBoxed(a, b) && (kindA === 'String' ? 'string' : 'keys');
    default:
  }
  if (ArrayBuffer.isView(a)) return equalTypedArrays(a, b, mode) && 'array';
  if (types.isNativeError(a) || a instanceof Error) return equalErrors(a, b) && 'error';
  if (WEAK.has(kindA)) return false; // equal only to themselves
  return 'keys';
}

function compareObjects(a, b, mode, memory) {
  const kind = compareKind(a, b, mode);
  if (kind === false) return false;
  const isIndexed = kind === 'array' || kind === 'string';
  const keysA = isIndexed ? enumerableNonIndex(a).filter((key) => typeof key === 'string') : Object.keys(a);
  const keysB = isIndexed ? enumerableNonIndex(b).filter((key) => typeof key === 'string') : Object.keys(b);
  if (keysA.length !== keysB.length || !keysA.every((key) => isEnumerable(b, key))) return false;
  if (mode === STRICT) {
    const symbols = (object) => Object.getOwnPropertySymbols(object).filter((key) => isEnumerable(object, key));
    const symbolsA = symbols(a);
    if (symbolsA.length !== symbols(b).length || !symbolsA.every((key) => isEnumerable(b, key))) return false;
    keysA.push(...symbolsA);
  }
  if (kind === 'error') {
    for (const key of ['cause', 'errors']) {
      if (Object.hasOwn(a, key) !== Object.hasOwn(b, key)) return false;
      if (Object.hasOwn(a, key) && !keysA.includes(key)) keysA.push(key);
    }
  }
  const isLeaf = keysA.length === 0 && (kind === 'keys' || kind === 'string' || kind === 'error' ||
    ((kind === 'array' && a.length === 0) || ((kind === 'set' || kind === 'map') && a.size === 0)));
  if (isLeaf || ArrayBuffer.isView(a)) return keysA.every((key) => compare(a[key], b[key], mode, memory));
  return compareMembers(a, b, mode, kind, keysA, memory ?? new Memory());
}

function compareMembers(a, b, mode, kind, keys, memory) {
  const seenA = memory.a.get(a);
  if (seenA !== undefined) {
    const seenB = memory.b.get(b);
    if (seenB !== undefined) return seenA === seenB;
  }
  memory.position++;
  memory.a.set(a, memory.position);
  memory.b.set(b, memory.position);
  const result = equalContents(a, b, mode, kind, keys, memory);
  memory.a.delete(a);
  memory.b.delete(b);
  return result;
}

function equalContents(a, b, mode, kind, keys, memory) {
  if (kind === 'set' && !equalSets(a, b, mode, memory)) return false;
  if (kind === 'map' && !equalMaps(a, b, mode, memory)) return false;
  if (kind === 'array') {
    for (let i = 0; i < a.length; i++) {
      if (Object.hasOwn(a, i)) {
        if (!Object.hasOwn(b, i) || !compare(a[i], b[i], mode, memory)) return false;
      } else if (Object.hasOwn(b, i)) return false;
    }
  }
  return keys.every((key) => compare(a[key], b[key], mode, memory));
}

// A primitive that only an identical one equals: no need to search.
function isExact(value, mode) {
  return mode === STRICT ? typeof value !== 'object' || value === null :
    typeof value === 'symbol' || typeof value === 'function';
}

function takeMatch(candidates, matches) {
  for (const candidate of candidates) {
    if (matches(candidate)) {
      candidates.delete(candidate);
      return true;
    }
  }
  return false;
}

function equalSets(a, b, mode, memory) {
  const rest = [];
  for (const value of a) {
    if (b.has(value)) continue;
    if (isExact(value, mode)) return false;
    rest.push(value);
  }
  const candidates = new Set([...b].filter((value) => !a.has(value)));
  return rest.every((value) => takeMatch(candidates, (other) => compare(value, other, mode, memory)));
}

function equalMaps(a, b, mode, memory) {
  const rest = [];
  for (const [key, value] of a) {
    if (b.has(key) && compare(value, b.get(key), mode, memory)) continue;
    if (isExact(key, mode) || (b.has(key) && typeof key !== 'object' && mode === STRICT)) return false;
    rest.push(key);
  }
  const candidates = new Set([...b.keys()].filter((key) => rest.length > 0 &&
    !(a.has(key) && compare(a.get(key), b.get(key), mode, memory))));
  return rest.every((key) => takeMatch(candidates, (other) => compare(key, other, mode, memory) &&
    compare(a.get(key), b.get(other), mode, memory)));
}

module.exports = {
  isDeepEqual: (a, b) => compare(a, b, LOOSE),
  isDeepStrictEqual: (a, b) => compare(a, b, STRICT),
};
