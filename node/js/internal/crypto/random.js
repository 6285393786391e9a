// SPDX-License-Identifier: Apache-2.0
// Random bytes, integers and UUIDs.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE },
} = require('internal/errors');
const { validateBoolean, validateFunction, validateNumber, validateObject } = require('internal/validators');
const { isBytes, toBuffer } = require('internal/crypto/util');
const { request: startRequest } = require('internal/requests');

const host = internalBinding('random_host');

const kMaxSize = 2 ** 31 - 1;
const kMaxRange = 2 ** 48 - 1;
const kQuota = 65536;

function assertSize(size, elementSize, offset, length) {
  validateNumber(size, 'size');
  size *= elementSize;
  if (Number.isNaN(size) || size > kMaxSize || size < 0)
    throw new ERR_OUT_OF_RANGE('size', `>= 0 && <= ${kMaxSize}`, size);
  if (size + offset > length) throw new ERR_OUT_OF_RANGE('size + offset', `<= ${length}`, size + offset);
  return size >>> 0;
}

function assertOffset(offset, elementSize, length) {
  validateNumber(offset, 'offset');
  offset *= elementSize;
  const limit = Math.min(length, kMaxSize);
  if (Number.isNaN(offset) || offset > limit || offset < 0)
    throw new ERR_OUT_OF_RANGE('offset', `>= 0 && <= ${limit}`, offset);
  return offset >>> 0;
}

function randomBytes(size, callback) {
  size = assertSize(size, 1, 0, Infinity);
  if (callback === undefined) return toBuffer(host.bytes(size));
  validateFunction(callback, 'callback');
  startRequest('RANDOMBYTESREQUEST', () => host.bytesLater(size).then(toBuffer), callback);
  return undefined;
}

function fillRange(buffer, offset, size) {
  if (!isBytes(buffer)) throw new ERR_INVALID_ARG_TYPE('buf', ['ArrayBuffer', 'ArrayBufferView'], buffer);
  const elementSize = buffer.BYTES_PER_ELEMENT || 1;
  const start = assertOffset(offset ?? 0, elementSize, buffer.byteLength);
  if (size === undefined) return { start, length: buffer.byteLength - start };
  return { start, length: assertSize(size, elementSize, start, buffer.byteLength) };
}

const bytesOf = (buffer) =>
  ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);

function randomFillSync(buffer, offset = 0, size = undefined) {
  const { start, length } = fillRange(buffer, offset, size);
  if (length > 0) host.fill(bytesOf(buffer), start, length);
  return buffer;
}

function randomFill(buffer, offset, size, callback) {
  if (typeof offset === 'function') [offset, size, callback] = [0, undefined, offset];
  else if (typeof size === 'function') [size, callback] = [undefined, size];
  const { start, length } = fillRange(buffer, offset, size);
  validateFunction(callback, 'callback');
  const run = () =>
    host.bytesLater(length).then((bytes) => {
      bytesOf(buffer).set(bytes, start);
      return buffer;
    });
  startRequest('RANDOMBYTESREQUEST', run, callback);
}

// Six random bytes are thrown again while they are in the last, incomplete multiple of the range.
function randomBelow(range) {
  const limit = kMaxRange + 1 - ((kMaxRange + 1) % range);
  let number;
  do {
    const [a, b, c, d, e, f] = host.bytes(6);
    number = ((a * 256 + b) * 256 + c) * 2 ** 24 + ((d * 256 + e) * 256 + f);
  } while (number >= limit);
  return number % range;
}

function randomInt(min, max, callback) {
  const isFromZero = max === undefined || typeof max === 'function';
  if (isFromZero) [min, max, callback] = [0, min, max];
  const isSync = callback === undefined;
  if (!isSync) validateFunction(callback, 'callback');
  if (!Number.isSafeInteger(min)) throw new ERR_INVALID_ARG_TYPE('min', 'a safe integer', min);
  if (!Number.isSafeInteger(max)) throw new ERR_INVALID_ARG_TYPE('max', 'a safe integer', max);
  if (max <= min) throw new ERR_OUT_OF_RANGE('max', `greater than the value of "min" (${min})`, max);
  const range = max - min;
  if (range > kMaxRange) {
    throw new ERR_OUT_OF_RANGE(isFromZero ? 'max' : 'max - min', `<= ${kMaxRange}`, range);
  }
  const number = randomBelow(range) + min;
  if (isSync) return number;
  process.nextTick(callback, undefined, number);
  return undefined;
}

const kUuids = 128;
let ahead; // bytes of UUIDs to come
let nextUuid = kUuids;

// 16 bytes that are used once. Most callers have them from a store.
function uuidBytes(options) {
  let disableEntropyCache = false;
  if (options !== undefined) {
    validateObject(options, 'options');
    ({ disableEntropyCache = false } = options);
    validateBoolean(disableEntropyCache, 'options.disableEntropyCache');
  }
  if (disableEntropyCache) return toBuffer(host.bytes(16));
  if (nextUuid === kUuids) {
    ahead = toBuffer(host.bytes(kUuids * 16));
    nextUuid = 0;
  }
  const start = nextUuid++ * 16;
  return ahead.subarray(start, start + 16);
}

function uuidFrom(bytes, version) {
  bytes[6] = (bytes[6] & 0x0f) | (version << 4);
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = bytes.hexSlice();
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}

function randomUUID(options) {
  return uuidFrom(uuidBytes(options), 4);
}

// Version 7 starts with the milliseconds of the clock.
function randomUUIDv7(options) {
  const bytes = uuidBytes(options);
  let now = Date.now();
  for (let i = 5; i >= 0; i--) {
    bytes[i] = now % 256;
    now = Math.floor(now / 256);
  }
  return uuidFrom(bytes, 7);
}

const integerArrays = new Set([
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'BigInt64Array',
  'BigUint64Array',
]);

function getRandomValues(array) {
  const name = ArrayBuffer.isView(array) ? Object.prototype.toString.call(array).slice(8, -1) : '';
  if (!integerArrays.has(name)) {
    throw new DOMException('The data argument must be an integer-type TypedArray', 'TypeMismatchError');
  }
  if (array.byteLength > kQuota) {
    throw new DOMException('The requested length exceeds 65,536 bytes', 'QuotaExceededError');
  }
  return randomFillSync(array);
}

module.exports = {
  getRandomValues,
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
  randomUUIDv7,
};
