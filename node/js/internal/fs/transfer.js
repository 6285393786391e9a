// SPDX-License-Identifier: Apache-2.0
// Reading and writing at a descriptor: what the many signatures of read() and write() mean, and the host calls.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { validateEncoding, validateInteger, validateObject } = require('internal/validators');
const host = require('internal/fs/host');
const {
  getValidatedFd,
  validateBuffer,
  validateBufferArray,
  validatePosition,
  validateTransfer,
} = require('internal/fs/utils');

const kDefaultReadSize = 16 * 1024;

function allocate(size) {
  return require('buffer').Buffer.alloc(size);
}

// A view's bytes, whatever its element size.
function bytesOf(view) {
  return view instanceof Uint8Array ? view : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

// (buffer[, options]), (options) or (buffer, offset, length, position)
function readRequest(fd, args) {
  let [buffer, offset, length, position] = args;
  if (
    args.length < 1 ||
    (args.length === 1 && !ArrayBuffer.isView(buffer) && (buffer === undefined || typeof buffer === 'object'))
  ) {
    const options = buffer ?? {};
    validateObject(options, 'options', 0);
    ({ buffer = allocate(kDefaultReadSize), offset, length, position } = options);
  } else if (offset !== null && typeof offset === 'object') {
    if (args.length === 2) validateObject(offset, 'options');
    ({ offset, length, position } = offset);
  } else if (args.length === 2 && offset !== undefined && offset !== null) {
    validateObject(offset, 'options');
  }
  validateBuffer(buffer);
  if (offset === undefined || offset === null) offset = 0;
  else validateInteger(offset, 'offset', 0);
  length = length === undefined || length === null ? buffer.byteLength - offset : length | 0;
  const request = { fd: getValidatedFd(fd), buffer, offset, length, position: null };
  if (length === 0) return request;
  if (buffer.byteLength === 0) throw new ERR_INVALID_ARG_VALUE('buffer', buffer, 'is empty and cannot be written');
  validateTransfer(offset, length, buffer.byteLength);
  request.position = validatePosition(position, 'position', length);
  return request;
}

function readNow(fd, ...args) {
  validateBuffer(args[0]);
  const { buffer, offset, length, position } = readRequest(fd, args);
  if (length === 0) return 0;
  return host.files.read(fd, bytesOf(buffer), offset, length, position);
}

// `signature`: what the caller gave after the descriptor.
function readLater(fd, ...args) {
  const { buffer, offset, length, position } = readRequest(fd, args);
  const started =
    length === 0
      ? Promise.resolve(0)
      : host.files.submit('read', fd, bytesOf(buffer), offset, length, position);
  return started.then((bytesRead) => ({ __proto__: null, bytesRead, buffer }));
}

// (buffer[, options]), (buffer, offset, length, position) or (string, position, encoding)
function writeRequest(fd, args) {
  const [data] = args;
  let [, offset, length, position] = args;
  getValidatedFd(fd);
  if (!ArrayBuffer.isView(data)) {
    if (typeof data !== 'string') {
      throw new ERR_INVALID_ARG_TYPE('buffer', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
    }
    const encoding = typeof length === 'string' ? length : 'utf8';
    validateEncoding(data, encoding);
    const bytes = require('buffer').Buffer.from(data, encoding);
    const at = typeof offset === 'number' || typeof offset === 'bigint' ? offset : null;
    return { buffer: data, bytes, offset: 0, length: bytes.length, position: validatePosition(at, 'position', 0) };
  }
  if (offset !== null && typeof offset === 'object') ({ offset, length, position } = offset);
  if (offset === undefined || offset === null || typeof offset === 'function') offset = 0;
  else validateInteger(offset, 'offset', 0);
  if (typeof length !== 'number') length = data.byteLength - offset;
  validateTransfer(offset, length, data.byteLength);
  const at = typeof position === 'number' || typeof position === 'bigint' ? position : null;
  return { buffer: data, bytes: bytesOf(data), offset, length, position: validatePosition(at, 'position', 0) };
}

function writeNow(fd, ...args) {
  const { bytes, offset, length, position } = writeRequest(fd, args);
  return host.files.write(fd, bytes, offset, length, position);
}

function writeLater(fd, ...args) {
  const { buffer, bytes, offset, length, position } = writeRequest(fd, args);
  return host.files
    .submit('write', fd, bytes, offset, length, position)
    .then((bytesWritten) => ({ __proto__: null, bytesWritten, buffer }));
}

// -- vectors: a read fills the buffers in turn, a write sends them as one

function vectorLength(buffers) {
  return validateBufferArray(buffers).reduce((sum, buffer) => sum + buffer.byteLength, 0);
}

function scatter(buffers, read) {
  const bytes = read.whole.subarray(0, read.count);
  let at = 0;
  for (const buffer of buffers) {
    const part = bytes.subarray(at, at + buffer.byteLength);
    bytesOf(buffer).set(part);
    at += part.length;
  }
  return bytes.length;
}

function gather(buffers) {
  const { Buffer } = require('buffer');
  return Buffer.concat(validateBufferArray(buffers).map(bytesOf));
}

function vectorPosition(position) {
  return typeof position === 'number' ? validatePosition(position, 'position', 0) : null;
}

function readvNow(fd, buffers, position) {
  getValidatedFd(fd);
  const whole = new Uint8Array(vectorLength(buffers));
  const count = host.files.read(fd, whole, 0, whole.length, vectorPosition(position));
  return scatter(buffers, { whole, count });
}

function readvLater(fd, buffers, position) {
  getValidatedFd(fd);
  const whole = new Uint8Array(vectorLength(buffers));
  return host.files
    .submit('read', fd, whole, 0, whole.length, vectorPosition(position))
    .then((count) => ({ __proto__: null, bytesRead: scatter(buffers, { whole, count }), buffers }));
}

function writevNow(fd, buffers, position) {
  getValidatedFd(fd);
  const bytes = gather(buffers);
  return bytes.length === 0 ? 0 : host.files.write(fd, bytes, 0, bytes.length, vectorPosition(position));
}

function writevLater(fd, buffers, position) {
  getValidatedFd(fd);
  const bytes = gather(buffers);
  const started =
    bytes.length === 0
      ? Promise.resolve(0)
      : host.files.submit('write', fd, bytes, 0, bytes.length, vectorPosition(position));
  return started.then((bytesWritten) => ({ __proto__: null, bytesWritten, buffers }));
}

module.exports = {
  readLater,
  readNow,
  readvLater,
  readvNow,
  writeLater,
  writeNow,
  writevLater,
  writevNow,
};
