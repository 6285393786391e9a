// SPDX-License-Identifier: Apache-2.0
// generatePrime and checkPrime.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE },
} = require('internal/errors');
const { validateBoolean, validateFunction, validateInt32, validateObject } = require('internal/validators');
const { isBytes } = require('internal/crypto/util');
const { request: startRequest } = require('internal/requests');

const host = internalBinding('crypto.primes');

function bytesOfBigInt(value, name) {
  if (value < 0n) throw new ERR_OUT_OF_RANGE(name, '>= 0', value);
  const digits = value.toString(16);
  return require('buffer').Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex');
}

const numberOf = (bytes) => BigInt(`0x${require('buffer').Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex') || '0'}`);

const viewOf = (value) => (ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : new Uint8Array(value));

function bytesOption(value, name) {
  if (typeof value === 'bigint') return bytesOfBigInt(value, name);
  if (value !== undefined && !isBytes(value)) {
    throw new ERR_INVALID_ARG_TYPE(name, ['ArrayBuffer', 'TypedArray', 'Buffer', 'DataView', 'bigint'], value);
  }
  return value;
}

function primeError(code, message) {
  const error = new RangeError(message);
  error.code = code;
  return error;
}

function primeRequest(size, options) {
  validateInt32(size, 'size', 1);
  validateObject(options, 'options');
  const { safe = false, bigint = false } = options;
  validateBoolean(safe, 'options.safe');
  validateBoolean(bigint, 'options.bigint');
  const add = bytesOption(options.add, 'options.add');
  const rem = bytesOption(options.rem, 'options.rem');
  if (add !== undefined) {
    const addNumber = numberOf(viewOf(add));
    if (addNumber.toString(2).length > size) throw primeError('ERR_OUT_OF_RANGE', 'invalid options.add');
    if (rem !== undefined && numberOf(viewOf(rem)) >= addNumber) throw primeError('ERR_OUT_OF_RANGE', 'invalid options.rem');
  }
  const finish = (bytes) => (bigint ? numberOf(bytes) : bytes.slice().buffer);
  return [finish, size, safe, add, rem];
}

function generatePrimeSync(size, options = {}) {
  const [finish, ...request] = primeRequest(size, options);
  return finish(host.generate(...request));
}

function generatePrime(size, options, callback) {
  if (typeof options === 'function') [callback, options] = [options, {}];
  validateFunction(callback, 'callback');
  const [finish, ...request] = primeRequest(size, options ?? {});
  startRequest('RANDOMPRIMEREQUEST', () => host.generateLater(...request).then(finish), callback);
}

function checkRequest(candidate, options) {
  const bytes = typeof candidate === 'bigint' ? bytesOfBigInt(candidate, 'candidate') : candidate;
  if (!isBytes(bytes)) {
    throw new ERR_INVALID_ARG_TYPE('candidate', ['ArrayBuffer', 'TypedArray', 'Buffer', 'DataView', 'bigint'], candidate);
  }
  validateObject(options, 'options');
  const { checks = 0 } = options;
  validateInt32(checks, 'options.checks', 0);
  return [bytes, checks];
}

const checkPrimeSync = (candidate, options = {}) => host.check(...checkRequest(candidate, options));

function checkPrime(candidate, options = {}, callback = undefined) {
  if (typeof options === 'function') [callback, options] = [options, {}];
  const request = checkRequest(candidate, options);
  validateFunction(callback, 'callback');
  startRequest('CHECKPRIMEREQUEST', () => host.checkLater(...request), callback);
}

module.exports = { checkPrime, checkPrimeSync, generatePrime, generatePrimeSync };
