// SPDX-License-Identifier: Apache-2.0
//
// buf.readInt16LE and its relatives. One scratch area, seen as bytes and as numbers, does the conversions.
'use strict';

const {
  codes: { ERR_BUFFER_OUT_OF_BOUNDS, ERR_OUT_OF_RANGE },
} = require('internal/errors');
const { validateNumber } = require('internal/validators');

const scratch = new DataView(new ArrayBuffer(8));
const scratchBytes = new Uint8Array(scratch.buffer);

function boundsError(value, length, name) {
  if (Math.floor(value) !== value) {
    validateNumber(value, name);
    throw new ERR_OUT_OF_RANGE(name || 'offset', 'an integer', value);
  }
  if (length < 0) throw new ERR_BUFFER_OUT_OF_BOUNDS();
  throw new ERR_OUT_OF_RANGE(name || 'offset', `>= ${name ? 1 : 0} and <= ${length}`, value);
}

function checkOffset(buffer, offset, size) {
  validateNumber(offset, 'offset');
  if (buffer[offset] === undefined || buffer[offset + size - 1] === undefined) {
    boundsError(offset, buffer.length - size);
  }
}

// `> 2 ** 32` is easier to read than ten digits.
function rangeError(value, min, max, bits) {
  const isBig = typeof min === 'bigint';
  const n = isBig ? 'n' : '';
  if (bits > 32) {
    const range =
      min === 0 || min === 0n
        ? `>= 0${n} and < 2${n} ** ${bits}${n}`
        : `>= -(2${n} ** ${bits - 1}${n}) and < 2${n} ** ${bits - 1}${n}`;
    return new ERR_OUT_OF_RANGE('value', range, value);
  }
  return new ERR_OUT_OF_RANGE('value', `>= ${min}${n} and <= ${max}${n}`, value);
}

// Integers of up to 32 bits, by arithmetic: the most used methods, so each reads and writes without detours.
function integer(bits, isSigned) {
  const size = bits / 8;
  const max = 2 ** (isSigned ? bits - 1 : bits) - 1;
  const min = isSigned ? -max - 1 : 0;
  const shift = 32 - bits; // moves the sign to where the language looks for it
  const finish = isSigned ? (value) => (value << shift) >> shift : (value) => value >>> 0;
  const check = (buffer, value, offset) => {
    if (value > max || value < min) throw rangeError(value, min, max, bits);
    checkOffset(buffer, offset, size);
  };
  const one = {
    read(offset = 0) {
      const value = this[offset];
      if (value === undefined || typeof offset !== 'number') checkOffset(this, offset, 1);
      return isSigned ? (value << 24) >> 24 : value;
    },
    write(value, offset = 0) {
      value = +value;
      check(this, value, offset);
      this[offset] = value;
      return offset + 1;
    },
  };
  const two = (low, high) => ({
    read(offset = 0) {
      const value = this[offset + low] | (this[offset + high] << 8);
      if (this[offset] === undefined || this[offset + 1] === undefined || typeof offset !== 'number') {
        checkOffset(this, offset, 2);
      }
      return isSigned ? (value << 16) >> 16 : value;
    },
    write(value, offset = 0) {
      value = +value;
      check(this, value, offset);
      this[offset + low] = value;
      this[offset + high] = value >>> 8;
      return offset + 2;
    },
  });
  const four = (a, b, c, d) => ({
    read(offset = 0) {
      if (this[offset] === undefined || this[offset + 3] === undefined || typeof offset !== 'number') {
        checkOffset(this, offset, 4);
      }
      return finish(
        this[offset + a] | (this[offset + b] << 8) | (this[offset + c] << 16) | (this[offset + d] << 24)
      );
    },
    write(value, offset = 0) {
      value = +value;
      check(this, value, offset);
      this[offset + a] = value;
      this[offset + b] = value >>> 8;
      this[offset + c] = value >>> 16;
      this[offset + d] = value >>> 24;
      return offset + 4;
    },
  });
  return (isLittle) => {
    if (size === 1) return one;
    if (size === 2) return isLittle ? two(0, 1) : two(1, 0);
    return isLittle ? four(0, 1, 2, 3) : four(3, 2, 1, 0);
  };
}

// The bytes of one number, to the scratch area and from it: 4 or 8, without a loop.
function load(buffer, offset, size) {
  scratchBytes[0] = buffer[offset];
  scratchBytes[1] = buffer[offset + 1];
  scratchBytes[2] = buffer[offset + 2];
  scratchBytes[3] = buffer[offset + 3];
  if (size === 4) return;
  scratchBytes[4] = buffer[offset + 4];
  scratchBytes[5] = buffer[offset + 5];
  scratchBytes[6] = buffer[offset + 6];
  scratchBytes[7] = buffer[offset + 7];
}

function store(buffer, offset, size) {
  for (let i = 0; i < size; i++) buffer[offset + i] = scratchBytes[i];
}

// Methods of DataView do floating point numbers and those of 64 bits.
function fixed(kind, bits, { isBig = false, isSigned = false } = {}) {
  const size = bits / 8;
  const read = DataView.prototype[`get${kind}`];
  const write = DataView.prototype[`set${kind}`];
  const max = (1n << BigInt(isSigned ? bits - 1 : bits)) - 1n;
  const min = isSigned ? -max - 1n : 0n;
  return (isLittle) => ({
    read(offset = 0) {
      checkOffset(this, offset, size);
      load(this, offset, size);
      return read.call(scratch, 0, isLittle);
    },
    write(value, offset = 0) {
      if (isBig && (value > max || value < min)) throw rangeError(value, min, max, bits);
      if (isBig && typeof value !== 'bigint') {
        throw new TypeError('Cannot mix BigInt and other types, use explicit conversions');
      }
      checkOffset(this, offset, size);
      write.call(scratch, 0, value, isLittle);
      store(this, offset, size);
      return offset + size;
    },
  });
}

function checkByteLength(byteLength) {
  if (byteLength === undefined) {
    const {
      codes: { ERR_INVALID_ARG_TYPE },
    } = require('internal/errors');
    throw new ERR_INVALID_ARG_TYPE('byteLength', 'number', byteLength);
  }
  if (!(byteLength >= 1 && byteLength <= 6) || Math.floor(byteLength) !== byteLength) {
    boundsError(byteLength, 6, 'byteLength');
  }
}

function checkPresent(offset) {
  if (offset === undefined) {
    const {
      codes: { ERR_INVALID_ARG_TYPE },
    } = require('internal/errors');
    throw new ERR_INVALID_ARG_TYPE('offset', 'number', offset);
  }
}

// Numbers of 1 to 6 bytes.
function variable(isLittle, isSigned) {
  return {
    read(offset, byteLength) {
      checkPresent(offset);
      checkByteLength(byteLength);
      checkOffset(this, offset, byteLength);
      let value = 0;
      for (let i = 0; i < byteLength; i++) {
        value = value * 256 + this[offset + (isLittle ? byteLength - 1 - i : i)];
      }
      return isSigned && value >= 2 ** (8 * byteLength - 1) ? value - 2 ** (8 * byteLength) : value;
    },
    write(value, offset, byteLength) {
      checkByteLength(byteLength);
      const bits = 8 * byteLength;
      value = +value;
      const max = 2 ** (isSigned ? bits - 1 : bits) - 1;
      const min = isSigned ? -max - 1 : 0;
      if (value > max || value < min) throw rangeError(value, min, max, bits);
      checkPresent(offset);
      checkOffset(this, offset, byteLength);
      let rest = Math.trunc(value) || 0;
      if (rest < 0) rest += 2 ** bits;
      for (let i = 0; i < byteLength; i++) {
        this[offset + (isLittle ? i : byteLength - 1 - i)] = rest % 256;
        rest = Math.floor(rest / 256);
      }
      return offset + byteLength;
    },
  };
}

function define(prototype, names, method) {
  for (const name of names) {
    Object.defineProperty(prototype, name, {
      __proto__: null,
      configurable: true,
      enumerable: true,
      value: method,
      writable: true,
    });
  }
}

// [suffix of the names, maker]: the unsigned ones have a second name, `UInt8` and `Uint8`.
const FIXED = [
  ['BigUInt64', fixed('BigUint64', 64, { isBig: true })],
  ['BigInt64', fixed('BigInt64', 64, { isBig: true, isSigned: true })],
  ['UInt16', integer(16, false)],
  ['UInt32', integer(32, false)],
  ['Int16', integer(16, true)],
  ['Int32', integer(32, true)],
  ['Float', fixed('Float32', 32)],
  ['Double', fixed('Float64', 64)],
];

const bothSpellings = (name) => (name.includes('UInt') ? [name, name.replace('UInt', 'Uint')] : [name]);

function addNumberMethods(prototype) {
  const addPair = (suffix, { read, write }) => {
    Object.defineProperty(read, 'name', { __proto__: null, configurable: true, value: `read${suffix}` });
    Object.defineProperty(write, 'name', { __proto__: null, configurable: true, value: `write${suffix}` });
    define(prototype, bothSpellings(`read${suffix}`), read);
    define(prototype, bothSpellings(`write${suffix}`), write);
  };
  for (const [name, make] of FIXED) {
    addPair(`${name}LE`, make(true));
    addPair(`${name}BE`, make(false));
  }
  addPair('UInt8', integer(8, false)(true));
  addPair('Int8', integer(8, true)(true));
  addPair('UIntLE', variable(true, false));
  addPair('UIntBE', variable(false, false));
  addPair('IntLE', variable(true, true));
  addPair('IntBE', variable(false, true));
}

module.exports = { addNumberMethods };
