// SPDX-License-Identifier: Apache-2.0
// The algorithms of WebCrypto: which operation knows which, with what parameters; normalizing of an algorithm.
'use strict';

const idl = require('internal/crypto/webidl');

function error(name, message, cause) {
  const made = new DOMException(message, name);
  if (cause !== undefined) Object.defineProperty(made, 'cause', { __proto__: null, configurable: true, enumerable: false, value: cause, writable: true });
  return made;
}

// --- Parameters: [name, converter, isRequired] ------------------------------------------------------------------------

const hashMember = ['hash', (value) => normalizeAlgorithm(value, 'digest'), true];
const named = ['name', idl.string, true];

const members = {
  AeadParams: [['iv', idl.bufferSource, true], ['tagLength', idl.octet], ['additionalData', idl.bufferSource]],
  AesCbcParams: [['iv', idl.bufferSource, true]],
  AesCtrParams: [['counter', idl.bufferSource, true], ['length', idl.octet, true]],
  AesDerivedKeyParams: [['length', idl.unsignedShort, true]],
  AesKeyGenParams: [['length', idl.unsignedShort, true]],
  Argon2Params: [
    ['nonce', idl.bufferSource, true],
    ['parallelism', idl.unsignedLong, true],
    ['memory', idl.unsignedLong, true],
    ['passes', idl.unsignedLong, true],
    ['version', idl.octet],
    ['secretValue', idl.bufferSource],
    ['associatedData', idl.bufferSource],
  ],
  ContextParams: [['context', idl.bufferSource]],
  CShakeParams: [
    ['length', idl.unsignedLong, true],
    ['functionName', idl.bufferSource],
    ['customization', idl.bufferSource],
  ],
  EcKeyGenParams: [['namedCurve', idl.string, true]],
  EcKeyImportParams: [['namedCurve', idl.string, true]],
  EcdhKeyDeriveParams: [['public', idl.cryptoKey, true]],
  EcdsaParams: [hashMember],
  HkdfParams: [hashMember, ['salt', idl.bufferSource, true], ['info', idl.bufferSource, true]],
  HmacImportParams: [hashMember, ['length', idl.unsignedLong]],
  HmacKeyGenParams: [hashMember, ['length', idl.unsignedLong]],
  KmacImportParams: [['length', idl.unsignedLong]],
  KmacKeyGenParams: [['length', idl.unsignedLong]],
  KmacParams: [['length', idl.unsignedLong, true], ['customization', idl.bufferSource]],
  Pbkdf2Params: [hashMember, ['iterations', idl.unsignedLong, true], ['salt', idl.bufferSource, true]],
  RsaHashedImportParams: [hashMember],
  RsaHashedKeyGenParams: [
    ['modulusLength', idl.unsignedLong, true],
    ['publicExponent', idl.bigInteger, true],
    hashMember,
  ],
  RsaOaepParams: [['label', idl.bufferSource]],
  RsaPssParams: [['saltLength', idl.unsignedLong, true]],
};

const aes = ['AES-CBC', 'AES-CTR', 'AES-GCM', 'AES-OCB'];
const wraps = ['AES-KW'];
const rsaSign = ['RSASSA-PKCS1-v1_5', 'RSA-PSS'];
const ec = ['ECDSA', 'ECDH'];
const edwards = ['Ed25519', 'Ed448'];
const montgomery = ['X25519', 'X448'];
const mldsa = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'];
const mlkem = ['ML-KEM-768', 'ML-KEM-1024'];
const argon2 = ['Argon2d', 'Argon2i', 'Argon2id'];
const chacha = ['ChaCha20-Poly1305'];
const kmac = ['KMAC128', 'KMAC256'];

const table = (...entries) => {
  const made = {};
  for (const [names, params] of entries) for (const name of [names].flat()) made[name] = params ?? null;
  return made;
};

const ciphers = [
  ['AES-CBC', 'AesCbcParams'],
  ['AES-CTR', 'AesCtrParams'],
  [['AES-GCM', 'AES-OCB', ...chacha], 'AeadParams'],
  ['RSA-OAEP', 'RsaOaepParams'],
];
const derivations = [
  ['ECDH', 'EcdhKeyDeriveParams'],
  [montgomery, 'EcdhKeyDeriveParams'],
  ['HKDF', 'HkdfParams'],
  ['PBKDF2', 'Pbkdf2Params'],
  [argon2, 'Argon2Params'],
];
const signatures = [
  ['RSASSA-PKCS1-v1_5'],
  ['RSA-PSS', 'RsaPssParams'],
  ['ECDSA', 'EcdsaParams'],
  ['Ed25519'],
  [['Ed448', ...mldsa], 'ContextParams'],
  ['HMAC'],
  [kmac, 'KmacParams'],
];
const exported = [rsaSign, 'RSA-OAEP', ec, edwards, montgomery, mldsa, mlkem, aes, wraps, chacha, kmac, 'HMAC'].flat();

const operations = {
  __proto__: null,
  digest: table(
    [['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512', 'SHA3-256', 'SHA3-384', 'SHA3-512']],
    [['cSHAKE128', 'cSHAKE256'], 'CShakeParams'],
  ),
  generateKey: table(
    [[...rsaSign, 'RSA-OAEP'], 'RsaHashedKeyGenParams'],
    [ec, 'EcKeyGenParams'],
    [[...edwards, ...montgomery, ...mldsa, ...mlkem, ...chacha]],
    [[...aes, ...wraps], 'AesKeyGenParams'],
    ['HMAC', 'HmacKeyGenParams'],
    [kmac, 'KmacKeyGenParams'],
  ),
  exportKey: table([exported]),
  importKey: table(
    [[...rsaSign, 'RSA-OAEP'], 'RsaHashedImportParams'],
    [ec, 'EcKeyImportParams'],
    [[...edwards, ...montgomery, ...mldsa, ...mlkem, ...chacha, ...aes, ...wraps, 'HKDF', 'PBKDF2', ...argon2]],
    ['HMAC', 'HmacImportParams'],
    [kmac, 'KmacImportParams'],
  ),
  sign: table(...signatures),
  verify: table(...signatures),
  encrypt: table(...ciphers),
  decrypt: table(...ciphers),
  deriveBits: table(...derivations),
  'get key length': table(
    [[...aes, ...wraps], 'AesDerivedKeyParams'],
    ['HMAC', 'HmacImportParams'],
    [kmac, 'KmacImportParams'],
    [['HKDF', 'PBKDF2', ...chacha, ...argon2]],
  ),
  wrapKey: table([wraps]),
  unwrapKey: table([wraps]),
  encapsulate: table([mlkem]),
  decapsulate: table([mlkem]),
};

const registry = { __proto__: null };
for (const [operation, algorithms] of Object.entries(operations)) {
  registry[operation] = new Map(Object.entries(algorithms).map(([name, params]) => [name.toUpperCase(), [name, params]]));
}

// { name, ...parameters } of a string or an object, or a NotSupportedError.
function normalizeAlgorithm(algorithm, operation) {
  if (typeof algorithm === 'string') return normalizeAlgorithm({ name: algorithm }, operation);
  const options = { prefix: 'Failed to normalize algorithm', context: 'passed algorithm' };
  const { name } = idl.dictionary('Algorithm', [named])(algorithm, options);
  const found = registry[operation]?.get(name.toUpperCase());
  if (found === undefined) throw error('NotSupportedError', 'Unrecognized algorithm name');
  const [known, params] = found;
  if (params === null) return { name: known };
  const normalized = idl.dictionary(params, [named, ...members[params]])({ ...membersOf(algorithm, params) }, options);
  for (const [key, value] of Object.entries(normalized)) {
    if (key === 'name' || ArrayBuffer.isView(value) === false && !(value instanceof ArrayBuffer)) continue;
    normalized[key] = copyBytes(value);
  }
  return { ...normalized, name: known };
}

// Each member is read once.
function membersOf(algorithm, params) {
  const read = { name: '' };
  for (const [key] of members[params]) read[key] = algorithm[key];
  return read;
}

function copyBytes(value) {
  return ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength))
    : new Uint8Array(value.slice(0));
}

module.exports = { copyBytes, error, normalizeAlgorithm };
