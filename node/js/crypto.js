// SPDX-License-Identifier: Apache-2.0
// `crypto`. Each part is loaded when it is first asked for.
'use strict';

const {
  codes: { ERR_CRYPTO_ENGINE_UNKNOWN, ERR_CRYPTO_FIPS_UNAVAILABLE, ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH, ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { customPromisifyArgs, deprecate } = require('internal/util');
const { validateNumber, validateString } = require('internal/validators');
const { getOptionValue } = require('internal/options');
const { refuseAll } = require('internal/refuse');
const { isBytes } = require('internal/crypto/util');
const random = require('internal/crypto/random');
const { defineLazy } = require;

const exchange = () => require('internal/crypto/diffiehellman');
const ciphers = () => require('internal/crypto/cipher');
const signatures = () => require('internal/crypto/sig');
let hashes;
const lazyHashes = () => (hashes ??= require('internal/crypto/hash'));

// What makes an object: the classes are loaded with the first of them. Each is a function that `new` may be before, as
// all of the module are: some programs write it.
const makers = {
  createCipheriv: function (cipher, key, iv, options) {
    return new (ciphers().Cipheriv)(cipher, key, iv, options);
  },
  createDecipheriv: function (cipher, key, iv, options) {
    return new (ciphers().Decipheriv)(cipher, key, iv, options);
  },
  createDiffieHellman: function (sizeOrKey, keyEncoding, generator, genEncoding) {
    return new (exchange().DiffieHellman)(sizeOrKey, keyEncoding, generator, genEncoding);
  },
  createDiffieHellmanGroup: function (name) {
    return new (exchange().DiffieHellmanGroup)(name);
  },
  createECDH: function (curve) {
    return new (exchange().ECDH)(curve);
  },
  createHash: function (algorithm, options) {
    return lazyHashes().createHash(algorithm, options);
  },
  createHmac: function (hmac, key, options) {
    return lazyHashes().createHmac(hmac, key, options);
  },
  createSign: function (algorithm, options) {
    return new (signatures().Sign)(algorithm, options);
  },
  createVerify: function (algorithm, options) {
    return new (signatures().Verify)(algorithm, options);
  },
};

function timingSafeEqual(...args) {
  const [buf1, buf2] = args;
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

function setFips(value) {
  if (value) throw new ERR_CRYPTO_FIPS_UNAVAILABLE();
}

// There are no engines behind this library, so none is ever found.
function setEngine(id, flags) {
  validateString(id, 'id');
  if (flags) validateNumber(flags, 'flags');
  throw new ERR_CRYPTO_ENGINE_UNKNOWN(id);
}

const lists = {
  getCurves: () => internalBinding('crypto.key_host').curves(),
  getHashes: () => internalBinding('crypto.hashes').hashes(),
};

const hash = 'internal/crypto/hash';
const derive = 'internal/crypto/derive';
const prime = 'internal/crypto/prime';
const cipher = 'internal/crypto/cipher';
const diffiehellman = 'internal/crypto/diffiehellman';
const keys = 'internal/crypto/keys';
const keygen = 'internal/crypto/keygen';
const publicEncrypt = 'internal/crypto/public_encrypt';
const sig = 'internal/crypto/sig';

// In Node's order: a function and what it is, or where and with how many parameters it is to be loaded.
const functions = {
  argon2: [derive, 3],
  argon2Sync: [derive, 2],
  checkPrime: [prime, 1],
  checkPrimeSync: [prime, 1],
  ...makers,
  createPrivateKey: [keys, 1],
  createPublicKey: [keys, 1],
  createSecretKey: [keys, 2],
  diffieHellman: [diffiehellman, 2],
  generatePrime: [prime, 3],
  generatePrimeSync: [prime, 1],
  getCiphers: [cipher, 0],
  getCipherInfo: [cipher, 2],
  getCurves: lists.getCurves,
  getDiffieHellman: makers.createDiffieHellmanGroup,
  getHashes: lists.getHashes,
  hkdf: [derive, 6],
  hkdfSync: [derive, 5],
  pbkdf2: [derive, 6],
  pbkdf2Sync: [derive, 5],
  generateKeyPair: [keygen, 3],
  generateKeyPairSync: [keygen, 2],
  generateKey: [keygen, 3],
  generateKeySync: [keygen, 2],
  privateDecrypt: [publicEncrypt, 2],
  privateEncrypt: [publicEncrypt, 2],
  publicDecrypt: [publicEncrypt, 2],
  publicEncrypt: [publicEncrypt, 2],
  randomBytes: random.randomBytes,
  randomFill: random.randomFill,
  randomFillSync: random.randomFillSync,
  randomInt: random.randomInt,
  randomUUID: random.randomUUID,
  randomUUIDv7: random.randomUUIDv7,
  scrypt: [derive, 4],
  scryptSync: [derive, 3],
  sign: [sig, 4],
  setEngine,
  timingSafeEqual,
  getFips: () => 0,
  setFips,
  verify: [sig, 5],
  hash: [hash, 3],
  encapsulate: [diffiehellman, 2],
  decapsulate: [diffiehellman, 3],
};

function lazily(name, id, length) {
  let run;
  const shown = {
    [name]: function (...args) {
      run ??= require(id)[name];
      return run(...args);
    },
  }[name];
  return Object.defineProperty(shown, 'length', { __proto__: null, configurable: true, value: length });
}

for (const [name, made] of Object.entries(functions)) {
  module.exports[name] = typeof made === 'function' ? made : lazily(name, ...made);
}
// Only the names that util.promisify() gives the two results: the rest is not loaded for it.
Object.defineProperty(module.exports.generateKeyPair, customPromisifyArgs, {
  __proto__: null,
  value: ['publicKey', 'privateKey'],
});

for (const [id, names] of [
  ['internal/crypto/certificate', ['Certificate']],
  [cipher, ['Cipheriv', 'Decipheriv']],
  [diffiehellman, ['DiffieHellman', 'DiffieHellmanGroup', 'ECDH']],
  [hash, ['Hash', 'Hmac']],
  [keys, ['KeyObject']],
  [sig, ['Sign', 'Verify']],
  ['internal/crypto/x509', ['X509Certificate']],
]) {
  defineLazy(module.exports, id, names, true);
}
Object.assign(module.exports, refuseAll('crypto', ['secureHeapUsed']));

const webcrypto = () => require('internal/crypto/webcrypto').crypto;
Object.defineProperties(module.exports, {
  constants: {
    __proto__: null,
    enumerable: true,
    get: () => require('internal/crypto/constants'),
  },
  webcrypto: { __proto__: null, enumerable: true, get: webcrypto },
  subtle: { __proto__: null, enumerable: true, get: () => webcrypto().subtle },
  getRandomValues: {
    __proto__: null,
    enumerable: true,
    get: () => random.getRandomValues,
  },
  fips: {
    __proto__: null,
    get: deprecate(() => 0, 'The crypto.fips is deprecated. Please use crypto.getFips()', 'DEP0093'),
    set: deprecate(setFips, 'The crypto.fips is deprecated. Please use crypto.setFips()', 'DEP0093'),
  },
});

// Older names of one function.
for (const name of ['prng', 'pseudoRandomBytes', 'rng']) {
  const value = getOptionValue('--pending-deprecation')
    ? deprecate(random.randomBytes, `crypto.${name} is deprecated.`, 'DEP0115')
    : random.randomBytes;
  Object.defineProperty(module.exports, name, { __proto__: null, configurable: true, enumerable: false, value, writable: true });
}
