// SPDX-License-Identifier: Apache-2.0
// `crypto`. Each part is loaded when it is first asked for.
'use strict';

const {
  codes: { ERR_CRYPTO_ENGINE_UNKNOWN, ERR_CRYPTO_FIPS_UNAVAILABLE, ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH, ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { customPromisifyArgs } = require('internal/util');
const { validateNumber, validateString } = require('internal/validators');
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
  return internalBinding('crypto.hashes').same(buf1, buf2);
}

// What was received may be a secret: it is not shown.
function typeError(name) {
  const error = new ERR_INVALID_ARG_TYPE(name, ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], '');
  error.message = error.message.slice(0, error.message.indexOf(' Received'));
  return error;
}

const exchange = () => require('internal/crypto/diffiehellman');
const ciphers = () => require('internal/crypto/cipher');
const rsa = () => require('internal/crypto/public_encrypt');
const primes = () => require('internal/crypto/prime');
const pairs = () => require('internal/crypto/keygen');
const signatures = () => require('internal/crypto/sig');

const makers = {
  createCipheriv: (cipher, key, iv, options) => new (ciphers().Cipheriv)(cipher, key, iv, options),
  createDecipheriv: (cipher, key, iv, options) => new (ciphers().Decipheriv)(cipher, key, iv, options),
  createDiffieHellman: (...args) => new (exchange().DiffieHellman)(...args),
  createDiffieHellmanGroup: (name) => new (exchange().DiffieHellmanGroup)(name),
  createECDH: (curve) => new (exchange().ECDH)(curve),
  createSign: (algorithm, options) => new (signatures().Sign)(algorithm, options),
  createVerify: (algorithm, options) => new (signatures().Verify)(algorithm, options),
};

function setFips(value) {
  if (value) throw new ERR_CRYPTO_FIPS_UNAVAILABLE();
}

// There are no engines behind this library, so none is ever found.
function setEngine(id, flags) {
  validateString(id, 'id');
  if (flags) validateNumber(flags, 'flags');
  throw new ERR_CRYPTO_ENGINE_UNKNOWN(id);
}

const lazyFunctions = [
  [derive, ['argon2', 'argon2Sync', 'hkdf', 'hkdfSync', 'pbkdf2', 'pbkdf2Sync', 'scrypt', 'scryptSync']],
  [keys, ['createPrivateKey', 'createPublicKey', 'createSecretKey']],
  [pairs, ['generateKey', 'generateKeyPair', 'generateKeyPairSync', 'generateKeySync']],
  [primes, ['checkPrime', 'checkPrimeSync', 'generatePrime', 'generatePrimeSync']],
  [rsa, ['privateDecrypt', 'privateEncrypt', 'publicDecrypt', 'publicEncrypt']],
  [signatures, ['sign', 'verify']],
  [exchange, ['decapsulate', 'diffieHellman', 'encapsulate']],
  [ciphers, ['getCipherInfo', 'getCiphers']],
];

module.exports = {
  ...refuseAll('crypto', ['secureHeapUsed']),
  ...makers,
  createHash,
  createHmac,
  getHashes: () => internalBinding('crypto.hashes').hashes(),
  hash: lazily(hashes, 'hash'),
  ...random,
  getCurves: () => internalBinding('crypto.key_host').curves(),
  getDiffieHellman: makers.createDiffieHellmanGroup,
  getFips: () => 0,
  setEngine,
  setFips,
  timingSafeEqual,
};

// Older names of one function.
for (const name of ['prng', 'pseudoRandomBytes', 'rng']) {
  Object.defineProperty(module.exports, name, {
    __proto__: null,
    configurable: true,
    enumerable: false,
    value: random.randomBytes,
    writable: true,
  });
}

for (const [load, names] of lazyFunctions) {
  for (const name of names) module.exports[name] = lazily(load, name);
}
// Only the names that util.promisify() gives the two results: the rest is not loaded for it.
Object.defineProperty(module.exports.generateKeyPair, customPromisifyArgs, {
  __proto__: null,
  value: ['publicKey', 'privateKey'],
});

for (const [name, load] of [
  ['Certificate', () => require('internal/crypto/certificate').Certificate],
  ['Cipheriv', () => ciphers().Cipheriv],
  ['Decipheriv', () => ciphers().Decipheriv],
  ['DiffieHellman', () => exchange().DiffieHellman],
  ['DiffieHellmanGroup', () => exchange().DiffieHellmanGroup],
  ['ECDH', () => exchange().ECDH],
  ['Sign', () => signatures().Sign],
  ['Verify', () => signatures().Verify],
  ['X509Certificate', () => require('internal/crypto/x509').X509Certificate],
  ['Hash', () => hashes().Hash],
  ['Hmac', () => hashes().Hmac],
  ['KeyObject', () => keys().KeyObject],
  ['constants', () => require('internal/crypto/constants')],
  ['subtle', () => require('internal/crypto/webcrypto').crypto.subtle],
  ['webcrypto', () => require('internal/crypto/webcrypto').crypto],
]) {
  Object.defineProperty(module.exports, name, { __proto__: null, configurable: true, enumerable: true, get: load });
}
