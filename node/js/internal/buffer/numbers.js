// SPDX-License-Identifier: Apache-2.0
//
// buf.readInt16LE and its relatives. One scratch area, seen as bytes and as numbers, does the conversions.
'use strict';

const { codes: { ERR_BUFFER_OUT_OF_BOUNDS, ERR_OUT_OF_RANGE } } = require('internal/errors');
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
    const range = min === 0 || min === 0n ? `>= 0${n} and < 2${n} ** ${bits}${n}` :
      `>= -(2${n} ** ${bits - 1}${n}) and < 2${n} ** ${bits - 1}${n}`;
    return new ERR_OUT_OF_RANGE('value', range, value);
  }
  return new ERR_OUT_OF_RANGE('value', `>= ${min}${n} and <= ${max}${n}`, value);
}

// Methods of DataView do the numbers of 8, 16, 32 and 64 bits.
function fixed(kind, bits, { isBig = false, isFloat = false, isSigned = false } = {}) {
  const size = bits / 8;
  const read = DataView.prototype[`get${kind}`];
  const write = DataView.prototype[`set${kind}`];
  const max = isBig ? (1n << BigInt(isSigned ? bits - 1 : bits)) - 1n : 2 ** (isSigned ? bits - 1 : bits) - 1;
  const min = isSigned ? -max - (isBig ? 1n : 1) : isBig ? 0n : 0;
  return (isLittle) => ({
    read(offset = 0) {
      checkOffset(this, offset, size);
      for (let i = 0; i < size; i++) scratchBytes[i] = this[offset + i];
      return read.call(scratch, 0, isLittle);
    },
    write(value, offset = 0) {
      if (!isFloat) {
        if (!isBig) value = +value;
        if (value > max || value < min) throw rangeError(value, min, max, bits);
      }
      checkOffset(this, offset, size);
      write.call(scratch, 0, value, isLittle);
      for (let i = 0; i < size; i++) this[offset + i] = scratchBytes[i];
      return offset + size;
    },
  });
}

function checkByteLength(byteLength) {
  if (byteLength === undefined) {
    const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
    throw new ERR_INVALID_ARG_TYPE('byteLength', 'number', byteLength);
  }
  if (!(byteLength >= 1 && byteLength <= 6) || Math.floor(byteLength) !== byteLength) {
    boundsError(byteLength, 6, 'byteLength');
  }
}

function checkPresent(offset) {
  if (offset === undefined) {
    const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
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
      __proto__: null, configurable: true, enumerable: true, value: method, writable: true,
    });
  }
}

// [suffix of the names, maker]: the unsigned ones have a second name, `UInt8` and `Uint8`.
const FIXED = [
  ['BigUInt64', fixed('BigUint64', 64, { isBig: true })],
  ['BigInt64', fixed('BigInt64', 64, { isBig: true, isSigned: true })],
  ['UInt16', fixed('Uint16', 16)],
  ['UInt32', fixed('Uint32', 32)],
  ['Int16', fixed('Int16', 16, { isSigned: true })],
  ['Int32', fixed('Int32', 32, { isSigned: true })],
  ['Float', fixed('Float32', 32, { isFloat: true })],
  ['Double', fixed('Float64', 64, { isFloat: true })],
];

const bothSpellings = (name) => name.includes('UInt') ? [name, name.replace('UInt', 'Uint')] : [name];

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
  addPair('UInt8', fixed('Uint8', 8)(true));
  addPair('Int8', fixed('Int8', 8, { isSigned: true })(true));
  addPair('UIntLE', variable(true, false));
  addPair('UIntBE', variable(false, false));
  addPair('IntLE', variable(true, true));
  addPair('IntBE', variable(false, true));
}

module.exports = { addNumberMethods };
