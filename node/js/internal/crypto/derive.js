// SPDX-License-Identifier: Apache-2.0
// Keys from passwords and secrets: pbkdf2, scrypt, hkdf.
'use strict';

const {
  codes: { ERR_INCOMPATIBLE_OPTION_PAIR, ERR_OUT_OF_RANGE },
} = require('internal/errors');
const {
  validateFunction,
  validateInt32,
  validateInteger,
  validateObject,
  validateOneOf,
  validateString,
  validateUint32,
} = require('internal/validators');
const { toBuffer, toBytes } = require('internal/crypto/util');
const { request: startRequest } = require('internal/requests');
const { isCryptoKey, isKeyObject, prepareSecretKey } = require('internal/crypto/keys');

const host = internalBinding('crypto.derivation');

const kMaxLength = 2 ** 31 - 1;

function pbkdf2Request(password, salt, iterations, keylen, digest) {
  validateString(digest, 'digest');
  password = toBytes(password, 'password');
  salt = toBytes(salt, 'salt');
  validateInt32(iterations, 'iterations', 1);
  validateInt32(keylen, 'keylen', 0);
  host.checkPbkdf2(digest);
  return [password, salt, iterations, keylen, digest];
}

function pbkdf2Sync(...args) {
  return toBuffer(host.pbkdf2(...pbkdf2Request(...args)));
}

function pbkdf2(password, salt, iterations, keylen, digest, callback) {
  if (typeof digest === 'function') [callback, digest] = [digest, undefined];
  const request = pbkdf2Request(password, salt, iterations, keylen, digest);
  validateFunction(callback, 'callback');
  startRequest('PBKDF2REQUEST', () => host.pbkdf2Later(...request).then(toBuffer), callback);
}

const aliases = [
  ['cost', 'N'],
  ['blockSize', 'r'],
  ['parallelization', 'p'],
];

function scryptRequest(password, salt, keylen, options) {
  password = toBytes(password, 'password');
  salt = toBytes(salt, 'salt');
  validateInt32(keylen, 'keylen', 0);
  const chosen = { cost: 16384, blockSize: 8, parallelization: 1 };
  for (const [name, short] of aliases) {
    const given = options?.[name];
    const givenShort = options?.[short];
    if (given !== undefined && givenShort !== undefined) throw new ERR_INCOMPATIBLE_OPTION_PAIR(short, name);
    const value = given ?? givenShort;
    if (value === undefined) continue;
    validateUint32(value, given === undefined ? short : name);
    chosen[name] = value || chosen[name];
  }
  let maxmem = 32 * 1024 * 1024;
  if (options?.maxmem !== undefined) {
    maxmem = options.maxmem;
    validateInteger(maxmem, 'maxmem', 0);
  }
  const { cost, blockSize, parallelization } = chosen;
  host.checkScrypt(cost, blockSize, parallelization, maxmem);
  return [password, salt, keylen, cost, blockSize, parallelization, maxmem];
}

function scryptSync(password, salt, keylen, options) {
  return toBuffer(host.scrypt(...scryptRequest(password, salt, keylen, options)));
}

function scrypt(password, salt, keylen, options, callback) {
  if (callback === undefined) [callback, options] = [options, undefined];
  const request = scryptRequest(password, salt, keylen, options);
  validateFunction(callback, 'callback');
  startRequest('SCRYPTREQUEST', () => host.scryptLater(...request).then(toBuffer), callback);
}

const hkdfKeyTypes = ['string', 'SecretKeyObject', 'ArrayBuffer', 'TypedArray', 'DataView', 'Buffer'];
const isSecretKeyObject = (key) => isKeyObject(key) || isCryptoKey(key);

function hkdfRequest(digest, key, salt, info, length) {
  validateString(digest, 'digest');
  key = isSecretKeyObject(key) ? prepareSecretKey(key) : toBytes(key, 'ikm', undefined, hkdfKeyTypes);
  salt = toBytes(salt, 'salt');
  info = toBytes(info, 'info');
  if (info.byteLength > 1024) throw new ERR_OUT_OF_RANGE('info', 'must not contain more than 1024 bytes', info.byteLength);
  validateInteger(length, 'length', 0, kMaxLength);
  host.checkHkdf(digest, length);
  return [digest, key, salt, info, length];
}

const toArrayBuffer = (bytes) => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);

function hkdfSync(...args) {
  return toArrayBuffer(host.hkdf(...hkdfRequest(...args)));
}

function hkdf(digest, key, salt, info, length, callback) {
  const request = hkdfRequest(digest, key, salt, info, length);
  validateFunction(callback, 'callback');
  startRequest('DERIVEBITSREQUEST', () => host.hkdfLater(...request).then(toArrayBuffer), callback);
}

const argon2Types = ['argon2d', 'argon2i', 'argon2id'];
const kMaxUint32 = 2 ** 32 - 1;
const byteTypes = ['string', 'ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'];

function argon2Request(algorithm, parameters) {
  validateString(algorithm, 'algorithm');
  validateOneOf(algorithm, 'algorithm', argon2Types);
  validateObject(parameters, 'parameters');
  const { parallelism, tagLength, memory, passes } = parameters;
  const bytes = (name, max, min = 0) => {
    const value = toBytes(parameters[name], `parameters.${name}`, undefined, byteTypes);
    if (value.byteLength < min || value.byteLength > max) {
      throw new ERR_OUT_OF_RANGE(`parameters.${name}.byteLength`, `>= ${min} && <= ${max}`, value.byteLength);
    }
    return value;
  };
  const optional = (name) => (parameters[name] === undefined ? undefined : bytes(name, kMaxUint32));
  const message = bytes('message', kMaxUint32);
  const nonce = bytes('nonce', kMaxUint32, 8);
  validateInteger(parallelism, 'parameters.parallelism', 1, 2 ** 24 - 1);
  validateInteger(tagLength, 'parameters.tagLength', 4, kMaxUint32);
  validateInteger(memory, 'parameters.memory', 8 * parallelism, kMaxUint32);
  validateInteger(passes, 'parameters.passes', 1, kMaxUint32);
  return [algorithm, message, nonce, parallelism, tagLength, memory, passes, optional('secret'), optional('associatedData')];
}

function argon2Sync(algorithm, parameters) {
  return toBuffer(host.argon2(...argon2Request(algorithm, parameters)));
}

function argon2(algorithm, parameters, callback) {
  const request = argon2Request(algorithm, parameters);
  validateFunction(callback, 'callback');
  startRequest('ARGON2REQUEST', () => host.argon2Later(...request).then(toBuffer), callback);
}

module.exports = { argon2, argon2Sync, hkdf, hkdfSync, pbkdf2, pbkdf2Sync, scrypt, scryptSync };
