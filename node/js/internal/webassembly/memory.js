// SPDX-License-Identifier: Apache-2.0
//
// WebAssembly.Memory. Its buffer shows the bytes that Wasm works with; growing detaches it.
'use strict';

const { isObject, limitsOf, publish, toSize } = require('internal/webassembly/interfaces');
const { getHost, memories } = require('internal/webassembly/values');
const { refusal } = require('internal/refuse');

const MOST_PAGES = 65536;
const { transfer } = ArrayBuffer.prototype;
const kAdopted = Symbol('adopted');

class Memory {
  #handle;
  #maximum;
  #buffer;

  constructor(descriptor) {
    if (descriptor?.[kAdopted] !== undefined) {
      this.#adopt(descriptor[kAdopted]);
      return;
    }
    const where = 'WebAssembly.Memory()';
    if (!isObject(descriptor)) throw new TypeError(`${where}: Argument 0 must be a memory descriptor`);
    const { initial, maximum } = limitsOf(descriptor, MOST_PAGES, where);
    if (descriptor.shared) throw refusal('WebAssembly.Memory({ shared: true })');
    this.#adopt(getHost().newMemory(initial, maximum));
  }

  #adopt({ handle, key, maximum }) {
    this.#maximum = maximum;
    this.#handle = handle;
    memories.set(key, { memory: this, detach: () => this.#detach() });
  }

  #detach() {
    if (this.#buffer !== undefined) Reflect.apply(transfer, this.#buffer, [0]);
    this.#buffer = undefined;
  }

  static handleOf(value) {
    return isObject(value) && #handle in value ? value.#handle : undefined;
  }

  grow(delta) {
    const where = 'WebAssembly.Memory.grow()';
    if (!(#handle in this)) throw new TypeError(`${where}: Receiver is not a WebAssembly.Memory`);
    const pages = toSize(delta, `${where}: Argument 0`);
    const before = getHost().growMemory(this.#handle, pages);
    if (before < 0) {
      throw new RangeError(
        `${where}: ${this.#maximum == null ? 'Unable to grow instance memory' : 'Maximum memory size exceeded'}`
      );
    }
    this.#detach();
    return before;
  }

  get buffer() {
    if (!(#handle in this)) throw new TypeError('WebAssembly.Memory.buffer: Receiver is not a WebAssembly.Memory');
    return this.#buffer ??= getHost().memoryBytes(this.#handle);
  }
}

const { handleOf: memoryHandle } = Memory;
delete Memory.handleOf;
publish(Memory, ['grow', 'buffer']);

// The one Memory for a memory of the host.
function memoryFor(described) {
  return memories.get(described.key)?.memory ?? new Memory({ [kAdopted]: described });
}

module.exports = { Memory, memoryFor, memoryHandle };
