// SPDX-License-Identifier: Apache-2.0
// What every form of `fs` shares: checking arguments with Node's texts, and the classes it returns.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE },
} = require('internal/errors');
const { validateFunction, validateInteger, validateUint32 } = require('internal/validators');
const { lazyConstants } = require('internal/host_constants');

const kMaxUserId = 2 ** 32 - 1;

const constants = () => lazyConstants('fs');

// -- arguments

function checkPath(path, name) {
  if (typeof path !== 'string' && !(path instanceof Uint8Array)) {
    throw new ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'URL'], path);
  }
  if (typeof path === 'string' ? path.includes('\u0000') : path.includes(0)) {
    throw new ERR_INVALID_ARG_VALUE(name, path, 'must be a string, Uint8Array, or URL without null bytes');
  }
  return path;
}

// A path as the host takes it: a string or bytes. `file:` URLs become strings.
function getValidatedPath(path, name = 'path') {
  if (typeof path === 'string') return checkPath(path, name);
  if (path !== null && typeof path === 'object' && !(path instanceof Uint8Array)) {
    return checkPath(require('internal/url').toPathIfFileURL(path), name);
  }
  return checkPath(path, name);
}

function getValidatedFd(fd, name = 'fd') {
  if (Object.is(fd, -0)) return 0;
  validateInteger(fd, name, 0, 2147483647);
  return fd;
}

function isFd(value) {
  return typeof value === 'number' && value >= 0 && Number.isInteger(value);
}

function assertEncoding(encoding) {
  if (encoding && encoding !== 'buffer' && !Buffer.isEncoding(encoding)) {
    throw new ERR_INVALID_ARG_VALUE('encoding', encoding, 'is invalid encoding');
  }
}

// An options argument that may be missing, a callback in its place, an encoding, or an object.
function getOptions(options, defaults = {}) {
  if (options === null || options === undefined || typeof options === 'function') return defaults;
  const given = typeof options === 'string' ? { encoding: options } : options;
  if (typeof given !== 'object') throw new ERR_INVALID_ARG_TYPE('options', ['string', 'Object'], options);
  if (given.encoding !== 'buffer') assertEncoding(given.encoding);
  if (given.signal !== undefined) require('internal/validators').validateAbortSignal(given.signal, 'options.signal');
  return { ...defaults, ...given };
}

const openFlags = {
  '__proto__': null,
  'r': ['O_RDONLY'],
  'rs': ['O_RDONLY', 'O_SYNC'],
  'r+': ['O_RDWR'],
  'rs+': ['O_RDWR', 'O_SYNC'],
  'w': ['O_TRUNC', 'O_CREAT', 'O_WRONLY'],
  'wx': ['O_TRUNC', 'O_CREAT', 'O_WRONLY', 'O_EXCL'],
  'w+': ['O_TRUNC', 'O_CREAT', 'O_RDWR'],
  'wx+': ['O_TRUNC', 'O_CREAT', 'O_RDWR', 'O_EXCL'],
  'a': ['O_APPEND', 'O_CREAT', 'O_WRONLY'],
  'ax': ['O_APPEND', 'O_CREAT', 'O_WRONLY', 'O_EXCL'],
  'as': ['O_APPEND', 'O_CREAT', 'O_WRONLY', 'O_SYNC'],
  'a+': ['O_APPEND', 'O_CREAT', 'O_RDWR'],
  'ax+': ['O_APPEND', 'O_CREAT', 'O_RDWR', 'O_EXCL'],
  'as+': ['O_APPEND', 'O_CREAT', 'O_RDWR', 'O_SYNC'],
};
const flagAliases = {
  '__proto__': null,
  'sr': 'rs',
  'sr+': 'rs+',
  'xw': 'wx',
  'xw+': 'wx+',
  'xa': 'ax',
  'xa+': 'ax+',
  'sa': 'as',
  'sa+': 'as+',
};
const knownFlags = new Map();

function stringToFlags(flags, name = 'flags') {
  if (typeof flags === 'number') {
    validateInteger(flags, name, -2147483648, 2147483647);
    return flags;
  }
  if (flags === null || flags === undefined || flags === 'r') return 0; // O_RDONLY on every system
  let value = knownFlags.get(flags);
  if (value === undefined) {
    const names = openFlags[flagAliases[flags] ?? flags];
    if (names === undefined) throw new ERR_INVALID_ARG_VALUE(name, flags);
    value = names.reduce((sum, flag) => sum | constants()[flag], 0);
    knownFlags.set(flags, value);
  }
  return value;
}

function parseFileMode(value, name, fallback) {
  if (value === undefined && fallback !== undefined) return fallback;
  return require('internal/validators').parseFileMode(value, name, fallback);
}

// The mode of access() and copyFile(), three bits each.
function getValidMode(mode) {
  if (mode === null || mode === undefined) return 0;
  validateInteger(mode, 'mode', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  if (mode < 0 || mode > 7) {
    const error = new ERR_OUT_OF_RANGE('mode', '>= 0 && <= 7', mode);
    error.message = 'mode is out of range: >= 0 && <= 7';
    throw error;
  }
  return mode;
}

function validateId(value, name) {
  validateInteger(value, name, -1, kMaxUserId);
  return value === kMaxUserId ? -1 : value;
}

function validateTransfer(offset, length, byteLength) {
  if (offset < 0) throw new ERR_OUT_OF_RANGE('offset', '>= 0', offset);
  if (offset > byteLength) throw new ERR_OUT_OF_RANGE('offset', `<= ${byteLength}`, offset);
  if (length < 0) throw new ERR_OUT_OF_RANGE('length', '>= 0', length);
  if (length > byteLength - offset) throw new ERR_OUT_OF_RANGE('length', `<= ${byteLength - offset}`, length);
}

// Where to read or write: null for the descriptor's own position.
function validatePosition(position, name, length) {
  if (position === null || position === undefined || position === -1 || position === -1n) return null;
  if (typeof position === 'number') {
    validateInteger(position, name, -1);
    return position;
  }
  if (typeof position === 'bigint') {
    const limit = 2n ** 63n - 1n - BigInt(length);
    if (position < -1n || position > limit) throw new ERR_OUT_OF_RANGE(name, `>= -1 && <= ${limit}`, position);
    return position;
  }
  throw new ERR_INVALID_ARG_TYPE(name, ['integer', 'bigint'], position);
}

function validateBuffer(buffer, name = 'buffer') {
  if (!ArrayBuffer.isView(buffer)) {
    throw new ERR_INVALID_ARG_TYPE(name, ['Buffer', 'TypedArray', 'DataView'], buffer);
  }
  return buffer;
}

function validateBufferArray(buffers) {
  if (!Array.isArray(buffers) || !buffers.every((buffer) => ArrayBuffer.isView(buffer))) {
    throw new ERR_INVALID_ARG_TYPE('buffers', 'ArrayBufferView[]', buffers);
  }
  return buffers;
}

// What writeFile writes: a string in an encoding, or bytes.
function dataForHost(data, encoding) {
  if (typeof data !== 'string') {
    if (!ArrayBuffer.isView(data)) {
      throw new ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
    }
    return toBuffer(data);
  }
  return encoding === undefined || encoding === null || encoding === 'utf8' || encoding === 'utf-8'
    ? data
    : Buffer.from(data, encoding);
}

// Seconds, from a number, a string of one, or a Date.
function toUnixTimestamp(time, name = 'time') {
  if (typeof time === 'string' && +time == time) return +time;
  if (Number.isFinite(time)) return time < 0 ? Date.now() / 1000 : time;
  if (time instanceof Date) return time.getTime() / 1000;
  throw new ERR_INVALID_ARG_TYPE(name, ['Date', 'Time in seconds'], time);
}

function makeCallback(callback) {
  validateFunction(callback, 'cb');
  return callback;
}

// -- results

function toBuffer(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function isTextEncoding(encoding) {
  return encoding === undefined || encoding === null || encoding === 'utf8' || encoding === 'utf-8';
}

// A file name from the host: text for UTF-8, else bytes to be encoded as asked for.
function encodeName(name, encoding) {
  if (typeof name === 'string') return name;
  const bytes = toBuffer(name);
  return encoding === 'buffer' ? bytes : bytes.toString(encoding);
}

module.exports = {
  assertEncoding,
  constants,
  dataForHost,
  encodeName,
  getOptions,
  getValidatedFd,
  getValidatedPath,
  getValidMode,
  isFd,
  isTextEncoding,
  makeCallback,
  parseFileMode,
  stringToFlags,
  toBuffer,
  toUnixTimestamp,
  validateBuffer,
  validateBufferArray,
  validateId,
  validatePosition,
  validateTransfer,
  validateUint32,
};
