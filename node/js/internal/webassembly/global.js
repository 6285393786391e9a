// SPDX-License-Identifier: Apache-2.0
//
// WebAssembly.Global.
'use strict';

const { isObject, publish } = require('internal/webassembly/interfaces');
const { fromWasm, getHost, toWasm } = require('internal/webassembly/values');

const DEFAULTS = { __proto__: null, i32: 0, i64: 0n, f32: 0, f64: 0, externref: undefined, funcref: null };
const kAdopted = Symbol('adopted');
const globals = new Map(); // by identity

class Global {
  #handle;
  #content;
  #mutable;

  constructor(descriptor, value) {
    if (descriptor?.[kAdopted] !== undefined) {
      this.#adopt(descriptor[kAdopted]);
      return;
    }
    const where = 'WebAssembly.Global()';
    if (!isObject(descriptor)) throw new TypeError(`${where}: Argument 0 must be a global descriptor`);
    const mutable = Boolean(descriptor.mutable);
    const named = `${descriptor.value}`;
    const content = named === 'anyfunc' ? 'funcref' : named;
    if (!(content in DEFAULTS) || named === 'funcref')
      throw new TypeError(`${where}: Descriptor property 'value' must be a WebAssembly type`);
    let raw;
    try {
      raw = toWasm(content, value === undefined ? DEFAULTS[content] : value);
    } catch (error) {
      throw content === 'funcref' ? new TypeError(`${where}: ${error.message}`) : error;
    }
    this.#adopt(getHost().newGlobal(content, mutable, raw));
  }

  #adopt({ handle, key, value, mutable }) {
    this.#handle = handle;
    this.#content = value;
    this.#mutable = mutable;
    globals.set(key, this);
  }

  static handleOf(value) {
    return isObject(value) && #handle in value ? value.#handle : undefined;
  }

  #get() {
    return fromWasm(this.#content, getHost().getGlobal(this.#handle, this.#content));
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
    getHost().setGlobal(this.#handle, this.#content, toWasm(this.#content, value));
  }
}

const { handleOf: globalHandle } = Global;
delete Global.handleOf;
Object.defineProperty(Global, 'length', { __proto__: null, configurable: true, value: 1 });
publish(Global, ['valueOf', 'value']);

// The one Global for a global of the host.
function globalFor(described) {
  return globals.get(described.key) ?? new Global({ [kAdopted]: described });
}

module.exports = { Global, globalFor, globalHandle };
