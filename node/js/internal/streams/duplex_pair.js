// SPDX-License-Identifier: Apache-2.0
// stream.duplexPair(): what is written to one side is read from the other.
'use strict';

const { Duplex } = require('stream');

const kOther = Symbol('other side');
const kPending = Symbol('callback of a write that waits for the reader');

class Side extends Duplex {
  constructor(options) {
    super(options);
    this[kOther] = null;
    this[kPending] = null;
  }

  _read() {
    const callback = this[kPending];
    if (callback === null) return;
    this[kPending] = null;
    callback();
  }

  _write(chunk, encoding, callback) {
    if (chunk.length === 0) {
      process.nextTick(callback);
      return;
    }
    this[kOther].push(chunk);
    this[kOther][kPending] = callback;
  }

  _final(callback) {
    this[kOther].on('end', callback);
    this[kOther].push(null);
  }
}

module.exports = function duplexPair(options) {
  const one = new Side(options);
  const other = new Side(options);
  one[kOther] = other;
  other[kOther] = one;
  return [one, other];
};
