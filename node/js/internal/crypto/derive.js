// SPDX-License-Identifier: Apache-2.0
// Keys from passwords and secrets: pbkdf2, scrypt, hkdf.
'use strict';

const {
  codes: { ERR_INCOMPATIBLE_OPTION_PAIR },
} = require('internal/errors');
const {
  validateFunction,
  validateInt32,
  validateInteger,
  validateString,
  validateUint32,
} = require('internal/validators');
const { callAfter, toBuffer, toBytes } = require('internal/crypto/util');

const host = internalBinding('crypto_host');

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
  callAfter(host.pbkdf2Later(...request).then(toBuffer), callback);
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
  callAfter(host.scryptLater(...request).then(toBuffer), callback);
}

function hkdfRequest(digest, key, salt, info, length) {
  validateString(digest, 'digest');
  key = toBytes(key, 'ikm');
  salt = toBytes(salt, 'salt');
  info = toBytes(info, 'info');
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
  process.nextTick(callback, null, toArrayBuffer(host.hkdf(...request)));
}

module.exports = { hkdf, hkdfSync, pbkdf2, pbkdf2Sync, scrypt, scryptSync };
