// SPDX-License-Identifier: Apache-2.0
// `crypto`: hashes, HMAC, random numbers and key derivation. Ciphers, keys and signatures refuse.
'use strict';

const {
  codes: { ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH, ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { refuseAll } = require('internal/refuse');
const { isBytes } = require('internal/crypto/util');

const hashes = () => require('internal/crypto/hash');
const random = require('internal/crypto/random');

const lazily = (load, name) => ({ [name]: (...args) => load()[name](...args) })[name];
const derive = () => require('internal/crypto/derive');
const keys = () => require('internal/crypto/keys');

function createHash(algorithm, options) {
  const { Hash } = hashes();
  return new Hash(algorithm, options);
}

function createHmac(algorithm, key, options) {
  const { Hmac } = hashes();
  return new Hmac(algorithm, key, options);
}

function timingSafeEqual(buf1, buf2) {
  if (!isBytes(buf1)) throw typeError('buf1');
  if (!isBytes(buf2)) throw typeError('buf2');
  if (buf1.byteLength !== buf2.byteLength) throw new ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH();
  return internalBinding('crypto_host').same(buf1, buf2);
}

// What was received may be a secret: it is not shown.
function typeError(name) {
  const error = new ERR_INVALID_ARG_TYPE(name, ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], '');
  error.message = error.message.slice(0, error.message.indexOf(' Received'));
  return error;
}

const refused = refuseAll('crypto', [
  'argon2',
  'argon2Sync',
  'checkPrime',
  'checkPrimeSync',
  'createCipheriv',
  'createDecipheriv',
  'createDiffieHellman',
  'createDiffieHellmanGroup',
  'createECDH',
  'createPrivateKey',
  'createPublicKey',
  'createSign',
  'createVerify',
  'diffieHellman',
  'generatePrime',
  'generatePrimeSync',
  'getCiphers',
  'getCipherInfo',
  'getCurves',
  'getDiffieHellman',
  'generateKeyPair',
  'generateKeyPairSync',
  'generateKey',
  'generateKeySync',
  'privateDecrypt',
  'privateEncrypt',
  'publicDecrypt',
  'publicEncrypt',
  'sign',
  'setEngine',
  'setFips',
  'verify',
  'encapsulate',
  'decapsulate',
  'Certificate',
  'Cipheriv',
  'Decipheriv',
  'DiffieHellman',
  'DiffieHellmanGroup',
  'ECDH',
  'Sign',
  'Verify',
  'X509Certificate',
  'secureHeapUsed',
]);

module.exports = {
  ...refused,
  createHash,
  createHmac,
  createSecretKey: lazily(keys, 'createSecretKey'),
  getHashes: () => internalBinding('crypto_host').hashes(),
  hash: lazily(hashes, 'hash'),
  hkdf: lazily(derive, 'hkdf'),
  hkdfSync: lazily(derive, 'hkdfSync'),
  pbkdf2: lazily(derive, 'pbkdf2'),
  pbkdf2Sync: lazily(derive, 'pbkdf2Sync'),
  scrypt: lazily(derive, 'scrypt'),
  scryptSync: lazily(derive, 'scryptSync'),
  ...random,
  getFips: () => 0,
  timingSafeEqual,
};

for (const [name, load] of [
  ['Hash', () => hashes().Hash],
  ['Hmac', () => hashes().Hmac],
  ['KeyObject', () => keys().KeyObject],
  ['constants', () => require('internal/crypto/constants')],
  ['subtle', () => require('internal/crypto/webcrypto').crypto.subtle],
  ['webcrypto', () => require('internal/crypto/webcrypto').crypto],
]) {
  Object.defineProperty(module.exports, name, { __proto__: null, configurable: true, enumerable: true, get: load });
}
