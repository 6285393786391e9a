// SPDX-License-Identifier: Apache-2.0
//
// Stores. What instances share, memories above all, has to be in the same one; what shares nothing has one of its
// own, and goes with the last reference to it. To JavaScript a store is an array, its items: C puts functions and
// values there that Wasm refers to, and whatever belongs to the store holds the array.
'use strict';

const { callFailure } = require('internal/webassembly/errors');

let host;

function getHost() {
  if (host === undefined) {
    internalBinding('wasm_host').load();
    host = internalBinding('wasm');
  }
  return host;
}

// The several results of an import.
function resultsOf(value, count) {
  const iterator = value === null || typeof value !== 'object' ? undefined : value[Symbol.iterator];
  if (iterator === undefined) throw new TypeError('multi-return value must be iterable');
  const values = [...{ [Symbol.iterator]: () => Reflect.apply(iterator, value, []) }];
  if (values.length !== count) throw new TypeError('multi-return length mismatch');
  return values;
}

// In the order of node/src/wasm_internal.h.
const helpers = [callFailure, (value) => BigInt.asIntN(64, value), resultsOf];

function newStore() {
  const store = [getHost().newStore(), helpers];
  store.objects = new Map(); // by number: the Memory, Table or Global for an item
  return store;
}

// Where an object is: its store, and its number there.
class Place {
  constructor(store, number) {
    this.store = store;
    this.number = number;
  }
}

// The one object for an item of the store.
function objectFor(store, number, make) {
  let object = store.objects.get(number);
  if (object === undefined) {
    object = make(new Place(store, number));
    store.objects.set(number, object);
  }
  return object;
}

module.exports = { getHost, newStore, objectFor, Place };
