// SPDX-License-Identifier: Apache-2.0
//
// WebAssembly.Global. One that JavaScript makes has its value here until an instance imports it.
'use strict';

const { Adoption, isObject, publish } = require('internal/webassembly/interfaces');
const { getHost, objectFor, Place } = require('internal/webassembly/store');
const { convert, INCOMPATIBLE } = require('internal/webassembly/values');

const DEFAULTS = {
  __proto__: null, i32: 0, i64: 0n, f32: 0, f64: 0, externref: undefined, funcref: null,
};

class Global {
  #place; // undefined until a store has it
  #value; // until then
  #content;
  #mutable;

  constructor(descriptor, value) {
    if (descriptor instanceof Adoption) {
      this.#place = descriptor.place;
      this.#content = descriptor.type.value;
      this.#mutable = descriptor.type.mutable;
      return;
    }
    const where = 'WebAssembly.Global()';
    if (!isObject(descriptor)) throw new TypeError(`${where}: Argument 0 must be a global descriptor`);
    this.#mutable = Boolean(descriptor.mutable);
    const named = `${descriptor.value}`;
    this.#content = named === 'anyfunc' ? 'funcref' : named;
    if (!(this.#content in DEFAULTS) || named === 'funcref')
      throw new TypeError(`${where}: Descriptor property 'value' must be a WebAssembly type`);
    try {
      this.#value = convert(this.#content, value === undefined ? DEFAULTS[this.#content] : value);
    } catch (error) {
      throw this.#content === 'funcref' ? new TypeError(`${where}: ${error.message}`) : error;
    }
  }

  static is(value) {
    return isObject(value) && #content in value;
  }

  // Of what an instance needs to know: the store that it is in.
  static storeOf(global) {
    return global.#place?.store;
  }

  static matches(global, { value, mutable }) {
    return global.#content === value && global.#mutable === mutable;
  }

  static isMutable(global) {
    return global.#mutable;
  }

  static valueIn(global) {
    return global.#get();
  }

  // Its number in a store, which gets it if no other has it.
  static bind(global, store) {
    if (global.#place === undefined) {
      const number = getHost().newGlobal(store, global.#content, global.#mutable, global.#value);
      global.#place = new Place(store, number);
      global.#value = undefined;
      store.objects.set(number, global);
    }
    return global.#place.number;
  }

  #get() {
    if (this.#content === 'v128' || this.#content === 'exnref') throw new TypeError(INCOMPATIBLE);
    return this.#place === undefined ? this.#value : getHost().globalGet(this.#place.store, this.#place.number);
  }

  valueOf() {
    return this.#get();
  }

  get value() {
    return this.#get();
  }

  set value(value) {
    if (arguments.length === 0) throw new TypeError('set WebAssembly.Global.value: Argument 0 is required');
    if (!this.#mutable) throw new TypeError("set WebAssembly.Global.value): Can't set the value of an immutable global.");
    if (this.#place === undefined) this.#value = convert(this.#content, value);
    else getHost().globalSet(this.#place.store, this.#place.number, value);
  }
}

const { bind, is, isMutable, matches, storeOf, valueIn } = Global;
const inner = { bind, is, isMutable, matches, storeOf, valueIn };
for (const name of Object.keys(inner)) delete Global[name];
Object.defineProperty(Global, 'length', { __proto__: null, configurable: true, value: 1 });
publish(Global, ['valueOf', 'value']);

function globalFor(store, number, type) {
  return objectFor(store, number, (place) => new Global(new Adoption(place, type)));
}

module.exports = { Global, globalFor, globals: inner };
