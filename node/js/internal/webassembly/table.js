// SPDX-License-Identifier: Apache-2.0
//
// WebAssembly.Table. One that JavaScript makes has its elements here until an instance imports it.
'use strict';

const { Adoption, isObject, limitsOf, publish, toSize } = require('internal/webassembly/interfaces');
const { getHost, objectFor, Place } = require('internal/webassembly/store');
const { convert, isExportedFunction, NOT_A_FUNCTION } = require('internal/webassembly/values');

const MOST_ELEMENTS = 10_000_000;
const ELEMENTS = { __proto__: null, anyfunc: 'funcref', externref: 'externref' };

class Table {
  #place; // undefined until a store has it
  #elements; // until then
  #maximum;
  #element;

  constructor(descriptor, value) {
    if (descriptor instanceof Adoption) {
      this.#place = descriptor.place;
      this.#element = descriptor.type.element;
      return;
    }
    const where = 'WebAssembly.Table()';
    if (!isObject(descriptor)) throw new TypeError(`${where}: Argument 0 must be a table descriptor`);
    this.#element = ELEMENTS[descriptor.element];
    if (this.#element === undefined)
      throw new TypeError(`${where}: Descriptor property 'element' must be a WebAssembly reference type`);
    const { initial, maximum } = limitsOf(descriptor, MOST_ELEMENTS, where);
    this.#maximum = maximum;
    const filling = this.#filling(value !== undefined, value, `${where}: Argument 1 is invalid`);
    this.#elements = new Array(initial).fill(filling);
  }

  static is(value) {
    return isObject(value) && #element in value;
  }

  static storeOf(table) {
    return table.#place?.store;
  }

  // Its number in a store, which gets it if no other has it.
  static bind(table, store) {
    if (table.#place === undefined) {
      const { length } = table.#elements;
      const number = getHost().newTable(store, table.#element, length, table.#maximum, null);
      for (let i = 0; i < length; i++)
        if (table.#elements[i] !== null) getHost().tableSet(store, number, i, table.#elements[i]);
      table.#place = new Place(store, number);
      table.#elements = undefined;
      store.objects.set(number, table);
    }
    return table.#place.number;
  }

  // An argument that may be missing.
  #filling(given, value, where) {
    if (!given && this.#element === 'funcref') return null;
    if (this.#element === 'funcref' && value !== null && !isExportedFunction(value))
      throw new TypeError(`${where}: ${NOT_A_FUNCTION}`);
    return this.#element === 'externref' ? convert('externref', value) : value;
  }

  #check(where) {
    if (!(#element in this)) throw new TypeError(`${where}: Receiver is not a WebAssembly.Table`);
  }

  #size() {
    if (this.#place === undefined) return this.#elements.length;
    return getHost().tableSize(this.#place.store, this.#place.number);
  }

  #index(value, where) {
    this.#check(where);
    const index = toSize(value, `${where}: Argument 0`);
    const size = this.#size();
    if (index >= size)
      throw new RangeError(`${where}: invalid address ${index} in ${this.#element} table of size ${size}`);
    return index;
  }

  get length() {
    this.#check('WebAssembly.Table.length');
    return this.#size();
  }

  grow(delta, value = undefined) {
    const where = 'WebAssembly.Table.grow()';
    this.#check(where);
    const count = toSize(delta, `${where}: Argument 0`);
    const filling = this.#filling(value !== undefined, value, `${where}: Argument 1 is invalid`);
    const size = this.#size();
    let before = -1;
    if (size + count > (this.#maximum ?? MOST_ELEMENTS)) {
      before = -1;
    } else if (this.#place === undefined) {
      this.#elements = this.#elements.concat(new Array(count).fill(filling));
      before = size;
    } else {
      before = getHost().tableGrow(this.#place.store, this.#place.number, count, filling);
    }
    if (before < 0) throw new RangeError(`${where}: failed to grow table by ${count}`);
    return before;
  }

  set(at, value = undefined) {
    const where = 'WebAssembly.Table.set()';
    const index = this.#index(at, where);
    const filling = this.#filling(arguments.length > 1, value, `${where}: Argument 1 is invalid for table`);
    if (this.#place === undefined) this.#elements[index] = filling;
    else getHost().tableSet(this.#place.store, this.#place.number, index, filling);
  }

  get(at) {
    const index = this.#index(at, 'WebAssembly.Table.get()');
    if (this.#place === undefined) return this.#elements[index];
    return getHost().tableGet(this.#place.store, this.#place.number, index);
  }
}

const { bind, is, storeOf } = Table;
const inner = { bind, is, storeOf };
for (const name of Object.keys(inner)) delete Table[name];
Object.defineProperty(Table, 'length', { __proto__: null, configurable: true, value: 1 });
publish(Table, ['length', 'grow', 'set', 'get']);

function tableFor(store, number, type) {
  return objectFor(store, number, (place) => new Table(new Adoption(place, type)));
}

module.exports = { Table, tableFor, tables: inner };
