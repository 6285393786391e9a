// SPDX-License-Identifier: Apache-2.0
//
// The memory of a WASI program: numbers, lists of pieces, and the structures that calls write.
'use strict';

const { errno } = require('internal/wasi/constants');

class View {
  #memory;
  #view;
  #bytes;

  constructor(memory) {
    this.#memory = memory;
  }

  // A memory that has grown has another buffer.
  get view() {
    const { buffer } = this.#memory;
    if (this.#view?.buffer !== buffer) {
      this.#view = new DataView(buffer);
      this.#bytes = new Uint8Array(buffer);
    }
    return this.#view;
  }

  bytes(at, size) {
    const { byteLength } = this.view;
    if (at + size > byteLength) throw errno.EOVERFLOW;
    return this.#bytes.subarray(at, at + size);
  }

  check(at, size) {
    if (at + size > this.view.byteLength) throw errno.EOVERFLOW;
  }

  text(at, size) {
    return Buffer.from(this.bytes(at, size)).toString();
  }

  u32(at) {
    return this.view.getUint32(at, true);
  }

  setU32(at, value) {
    this.view.setUint32(at, value, true);
  }

  setU64(at, value) {
    this.view.setBigUint64(at, BigInt.asUintN(64, value), true);
  }

  // What `count` descriptions of pieces at `at` name, for reading or writing.
  pieces(at, count) {
    this.check(at, count * 8);
    return Array.from({ length: count }, (_, i) => this.bytes(this.u32(at + 8 * i), this.u32(at + 8 * i + 4)));
  }

  // As much of `bytes` as fits; how much that is.
  put(at, size, bytes) {
    const room = this.bytes(at, size);
    const part = bytes.subarray(0, size);
    room.set(part);
    return part.length;
  }
}

module.exports = { View };
