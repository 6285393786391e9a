// SPDX-License-Identifier: Apache-2.0
//
// Decodes text that comes in pieces: a character that is cut waits for its rest.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_STRING_TOO_LONG, ERR_UNKNOWN_ENCODING },
} = require('internal/errors');
const { getEncodingOps } = require('internal/buffer/encodings');
const { normalizeEncoding } = require('internal/util');

const MAX_STRING_LENGTH = 0x1fffffe8; // buffer.constants.MAX_STRING_LENGTH
const kOps = Symbol('kOps');
const kWaiting = Symbol('kWaiting'); // bytes of the character that is cut

// How many bytes at the end of `view` wait, and how long the character they begin is.
const CUTS = {
  __proto__: null,
  // Whatever looks like the first byte of a character begins one here, though UTF-8 has none of that kind.
  utf8(view) {
    let count = 0;
    for (let i = view.length - 1; i >= 0 && count < 4; i--) {
      count++;
      const byte = view[i];
      if ((byte & 0xc0) === 0x80) continue;
      const total = byte < 0xc0 || byte > 0xf7 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
      return count < total ? { count, total } : { count: 0, total: 0 };
    }
    return { count: 0, total: 0 };
  },
  // A surrogate that waits already waits on when a single byte follows; one that comes with a byte after it does not.
  utf16le(view, waiting) {
    const odd = view.length % 2;
    if (waiting >= 2 && view.length === 3) return { count: 3, total: 4 };
    const high = view[view.length - odd - 1];
    if (odd === 0 && view.length >= 2 && high >= 0xd8 && high <= 0xdb) return { count: 2, total: 4 };
    return { count: odd, total: odd === 0 ? 0 : 2 };
  },
  base64(view) {
    const count = view.length % 3;
    return { count, total: count === 0 ? 0 : 3 };
  },
};
CUTS.base64url = CUTS.base64;

function toView(chunk) {
  if (!ArrayBuffer.isView(chunk))
    throw new ERR_INVALID_ARG_TYPE('buf', ['Buffer', 'TypedArray', 'DataView'], chunk);
  return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

function join(first, second) {
  if (first.length === 0) return second;
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

const NOTHING = new Uint8Array(0);

function StringDecoder(encoding) {
  this.encoding = normalizeEncoding(encoding);
  if (this.encoding === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  const hidden = { __proto__: null, configurable: true, enumerable: false, writable: true };
  Object.defineProperties(this, {
    [kOps]: { ...hidden, value: getEncodingOps(this.encoding) },
    [kWaiting]: { ...hidden, value: NOTHING },
  });
}

StringDecoder.prototype.write = function write(chunk) {
  if (typeof chunk === 'string') return chunk;
  if (this[kOps] === undefined) throw new ERR_INVALID_THIS('StringDecoder');
  const cut = CUTS[this.encoding];
  const view = toView(chunk);
  if (view.length > MAX_STRING_LENGTH) throw new ERR_STRING_TOO_LONG(MAX_STRING_LENGTH);
  if (cut === undefined) return this[kOps].slice(view, 0, view.length);
  const whole = join(this[kWaiting], view);
  const end = whole.length - cut(whole, this[kWaiting].length).count;
  this[kWaiting] = whole.slice(end);
  return this[kOps].slice(whole, 0, end);
};

StringDecoder.prototype.end = function end(chunk) {
  const text = chunk === undefined ? '' : this.write(chunk);
  const waiting = this[kWaiting];
  this[kWaiting] = NOTHING;
  return text + this[kOps].slice(waiting, 0, waiting.length);
};

// Older names of `write` from a position.
StringDecoder.prototype.text = function text(chunk, offset) {
  this[kWaiting] = NOTHING;
  return this.write(chunk.slice(offset));
};

Object.defineProperties(StringDecoder.prototype, {
  lastChar: {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      const buffer = Buffer.alloc(4);
      buffer.set(this[kWaiting]);
      return buffer;
    },
  },
  lastNeed: {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      return this.lastTotal === 0 ? 0 : this.lastTotal - this[kWaiting].length;
    },
  },
  lastTotal: {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      return CUTS[this.encoding]?.(this[kWaiting], this[kWaiting].length).total ?? 0;
    },
  },
});

module.exports = { StringDecoder };
