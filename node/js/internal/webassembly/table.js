// SPDX-License-Identifier: Apache-2.0
//
// WebAssembly.Table.
'use strict';

const { isObject, limitsOf, publish, toSize } = require('internal/webassembly/interfaces');
const { fromWasm, getHost, toWasm } = require('internal/webassembly/values');

const MOST_ELEMENTS = 10_000_000;
const ELEMENTS = { __proto__: null, anyfunc: 'funcref', externref: 'externref' };
const kAdopted = Symbol('adopted');
const tables = new Map(); // by identity

class Table {
  #handle;
  #element;

  constructor(descriptor, value) {
    if (descriptor?.[kAdopted] !== undefined) {
      this.#adopt(descriptor[kAdopted]);
      return;
    }
    const where = 'WebAssembly.Table()';
    if (!isObject(descriptor)) throw new TypeError(`${where}: Argument 0 must be a table descriptor`);
    const element = ELEMENTS[descriptor.element];
    if (element === undefined)
      throw new TypeError(`${where}: Descriptor property 'element' must be a WebAssembly reference type`);
    const { initial, maximum } = limitsOf(descriptor, MOST_ELEMENTS, where);
    this.#element = element;
    const filling = this.#filling(value !== undefined, value, `${where}: Argument 1 is invalid`);
    this.#adopt(getHost().newTable(element, initial, maximum, filling));
  }

  #adopt({ handle, key, element }) {
    this.#handle = handle;
    this.#element = element;
    tables.set(key, this);
  }

  // An argument that may be missing.
  #filling(given, value, where) {
    if (!given && this.#element === 'funcref') return null;
    try {
      return toWasm(this.#element, value);
    } catch (error) {
      throw error instanceof TypeError ? new TypeError(`${where}: ${error.message}`) : error;
    }
  }

  #check(where) {
    if (!(#handle in this)) throw new TypeError(`${where}: Receiver is not a WebAssembly.Table`);
  }

  #index(value, where) {
    this.#check(where);
    const index = toSize(value, `${where}: Argument 0`);
    const size = getHost().tableSize(this.#handle);
    if (index >= size)
      throw new RangeError(`${where}: invalid address ${index} in ${this.#element} table of size ${size}`);
    return index;
  }

  static handleOf(value) {
    return isObject(value) && #handle in value ? value.#handle : undefined;
  }

  get length() {
    this.#check('WebAssembly.Table.length');
    return getHost().tableSize(this.#handle);
  }

  grow(delta, value = undefined) {
    const where = 'WebAssembly.Table.grow()';
    this.#check(where);
    const count = toSize(delta, `${where}: Argument 0`);
    const filling = this.#filling(value !== undefined, value, `${where}: Argument 1 is invalid`);
    const fits = getHost().tableSize(this.#handle) + count <= MOST_ELEMENTS;
    const before = fits ? getHost().growTable(this.#handle, this.#element, count, filling) : -1;
    if (before < 0) throw new RangeError(`${where}: failed to grow table by ${count}`);
    return before;
  }

  set(at, value = undefined) {
    const where = 'WebAssembly.Table.set()';
    const index = this.#index(at, where);
    const filling = this.#filling(arguments.length > 1, value, `${where}: Argument 1 is invalid for table`);
    getHost().setElement(this.#handle, this.#element, index, filling);
  }

  get(at) {
    const index = this.#index(at, 'WebAssembly.Table.get()');
    return fromWasm(this.#element, getHost().getElement(this.#handle, this.#element, index));
  }
}

const { handleOf: tableHandle } = Table;
delete Table.handleOf;
Object.defineProperty(Table, 'length', { __proto__: null, configurable: true, value: 1 });
publish(Table, ['length', 'grow', 'set', 'get']);

// The one Table for a table of the host.
function tableFor(described) {
  return tables.get(described.key) ?? new Table({ [kAdopted]: described });
}

module.exports = { Table, tableFor, tableHandle };
