// SPDX-License-Identifier: Apache-2.0
//
// WebAssembly.Memory. Its buffer shows the bytes that Wasm works with; growing detaches it.
'use strict';

const { Adoption, isObject, limitsOf, publish, toSize } = require('internal/webassembly/interfaces');
const { getHost, newStore, objectFor, Place } = require('internal/webassembly/store');
const { refusal } = require('internal/refuse');

const MOST_PAGES = 65536;
const { transfer } = ArrayBuffer.prototype;
const detachedOf = Reflect.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'detached').get;

class Memory {
  #place;
  #maximum;
  #buffer;

  constructor(descriptor) {
    if (descriptor instanceof Adoption) {
      this.#place = descriptor.place;
      this.#maximum = descriptor.type.maximum;
      return;
    }
    const where = 'WebAssembly.Memory()';
    if (!isObject(descriptor)) throw new TypeError(`${where}: Argument 0 must be a memory descriptor`);
    const { initial, maximum } = limitsOf(descriptor, MOST_PAGES, where);
    if (descriptor.shared) throw refusal('WebAssembly.Memory({ shared: true })');
    const store = newStore();
    let number;
    try {
      number = getHost().newMemory(store, initial, maximum);
    } catch (error) {
      throw error instanceof RangeError ? new RangeError(`${where}: could not allocate memory`) : error;
    }
    this.#maximum = maximum;
    this.#place = new Place(store, number);
    store.objects.set(number, this);
  }

  static placeOf(value) {
    return isObject(value) && #place in value ? value.#place : undefined;
  }

  grow(delta) {
    const where = 'WebAssembly.Memory.grow()';
    if (!(#place in this)) throw new TypeError(`${where}: Receiver is not a WebAssembly.Memory`);
    const pages = toSize(delta, `${where}: Argument 0`);
    const { store, number } = this.#place;
    const { buffer } = this; // ends, even if nothing is added
    const before = getHost().growMemory(store, number, pages);
    if (before < 0) {
      throw new RangeError(
        `${where}: ${this.#maximum == null ? 'Unable to grow instance memory' : 'Maximum memory size exceeded'}`
      );
    }
    if (!Reflect.apply(detachedOf, buffer, [])) Reflect.apply(transfer, buffer, [0]);
    this.#buffer = undefined;
    return before;
  }

  get buffer() {
    if (!(#place in this)) throw new TypeError('WebAssembly.Memory.buffer: Receiver is not a WebAssembly.Memory');
    if (this.#buffer === undefined || Reflect.apply(detachedOf, this.#buffer, []))
      this.#buffer = getHost().memoryBytes(this.#place.store, this.#place.number);
    return this.#buffer;
  }
}

const { placeOf: memoryPlace } = Memory;
delete Memory.placeOf;
publish(Memory, ['grow', 'buffer']);

function memoryFor(store, number, type) {
  return objectFor(store, number, (place) => new Memory(new Adoption(place, type)));
}

module.exports = { Memory, memoryFor, memoryPlace };
