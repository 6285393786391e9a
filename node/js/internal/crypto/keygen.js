// SPDX-License-Identifier: Apache-2.0
// generateKeyPair, generateKey and their synchronous forms.
'use strict';

const {
  codes: {
    ERR_INCOMPATIBLE_OPTION_PAIR,
    ERR_INVALID_ARG_VALUE,
    ERR_MISSING_OPTION,
    ERR_CRYPTO_UNKNOWN_DH_GROUP,
  },
} = require('internal/errors');
const {
  validateBuffer,
  validateFunction,
  validateInt32,
  validateInteger,
  validateObject,
  validateOneOf,
  validateString,
  validateUint32,
} = require('internal/validators');
const { request: startRequest } = require('internal/requests');
const { parseKeyEncoding } = require('internal/crypto/key_encoding');
const keys = require('internal/crypto/keys');

const host = internalBinding('crypto.key_host');

const withoutOptions = new Set([
  'ed25519',
  'ed448',
  'x25519',
  'x448',
  'ml-dsa-44',
  'ml-dsa-65',
  'ml-dsa-87',
  'ml-kem-768',
  'ml-kem-1024',
]);

function rsaOptions(type, options) {
  validateObject(options, 'options');
  const { modulusLength } = options;
  validateUint32(modulusLength, 'options.modulusLength');
  let { publicExponent } = options;
  if (publicExponent === undefined || publicExponent === null) publicExponent = 0x10001;
  else validateUint32(publicExponent, 'options.publicExponent');
  if (type === 'rsa') return { modulusLength, publicExponent };
  return { modulusLength, publicExponent, ...pssOptions(options) };
}

// Two of them have older names, which may not disagree with the new ones.
function pssOptions(options) {
  const { hash, hashAlgorithm, mgf1Hash, mgf1HashAlgorithm, saltLength } = options;
  if (saltLength !== undefined) validateInt32(saltLength, 'options.saltLength', 0);
  if (hashAlgorithm !== undefined) validateString(hashAlgorithm, 'options.hashAlgorithm');
  if (mgf1HashAlgorithm !== undefined) validateString(mgf1HashAlgorithm, 'options.mgf1HashAlgorithm');
  if (hash !== undefined) {
    process.emitWarning('"options.hash" is deprecated, use "options.hashAlgorithm" instead.', 'DeprecationWarning', 'DEP0154');
    validateString(hash, 'options.hash');
    if (hashAlgorithm && hash !== hashAlgorithm) throw new ERR_INVALID_ARG_VALUE('options.hash', hash);
  }
  if (mgf1Hash !== undefined) {
    process.emitWarning('"options.mgf1Hash" is deprecated, use "options.mgf1HashAlgorithm" instead.', 'DeprecationWarning', 'DEP0154');
    validateString(mgf1Hash, 'options.mgf1Hash');
    if (mgf1HashAlgorithm && mgf1Hash !== mgf1HashAlgorithm) throw new ERR_INVALID_ARG_VALUE('options.mgf1Hash', mgf1Hash);
  }
  return host.pssOptions(hashAlgorithm ?? hash, mgf1HashAlgorithm ?? mgf1Hash, saltLength);
}

function dhOptions(options) {
  validateObject(options, 'options');
  const { group, primeLength, prime, generator } = options;
  if (group !== undefined && group !== null) {
    for (const name of ['prime', 'primeLength', 'generator']) {
      if (options[name] !== undefined && options[name] !== null) throw new ERR_INCOMPATIBLE_OPTION_PAIR('group', name);
    }
    validateString(group, 'options.group');
    if (!host.groups().includes(group.toLowerCase())) throw new ERR_CRYPTO_UNKNOWN_DH_GROUP();
    return { group: group.toLowerCase() };
  }
  if (prime !== undefined && prime !== null) {
    if (primeLength !== undefined && primeLength !== null) throw new ERR_INCOMPATIBLE_OPTION_PAIR('prime', 'primeLength');
    validateBuffer(prime, 'options.prime');
  } else if (primeLength !== undefined && primeLength !== null) {
    validateInt32(primeLength, 'options.primeLength', 0);
  } else {
    throw new ERR_MISSING_OPTION('At least one of the group, prime, or primeLength options');
  }
  if (generator !== undefined && generator !== null) validateInt32(generator, 'options.generator', 0);
  return prime ? { prime, generator: generator ?? 2 } : { primeLength, generator: generator ?? 2 };
}

function pairOptions(type, options) {
  if (type === 'rsa' || type === 'rsa-pss') return rsaOptions(type, options);
  if (type === 'dsa') {
    validateObject(options, 'options');
    const { modulusLength, divisorLength } = options;
    validateUint32(modulusLength, 'options.modulusLength');
    if (divisorLength !== undefined && divisorLength !== null) validateInt32(divisorLength, 'options.divisorLength', 0);
    return { modulusLength, divisorLength: divisorLength ?? undefined };
  }
  if (type === 'ec') {
    validateObject(options, 'options');
    const { namedCurve, paramEncoding } = options;
    validateString(namedCurve, 'options.namedCurve');
    if (paramEncoding !== undefined && paramEncoding !== null && paramEncoding !== 'named' && paramEncoding !== 'explicit') {
      throw new ERR_INVALID_ARG_VALUE('options.paramEncoding', paramEncoding);
    }
    return { namedCurve: curveName(namedCurve), explicit: paramEncoding === 'explicit' };
  }
  if (type === 'dh') return dhOptions(options);
  if (withoutOptions.has(type)) return {};
  throw new ERR_INVALID_ARG_VALUE('type', type, 'must be a supported key type');
}

const nistNames = { 'P-192': 'prime192v1', 'P-224': 'secp224r1', 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' };
const curveName = (name) => (Object.hasOwn(nistNames, name) ? nistNames[name] : name);

function encodings(type, options) {
  const { publicKeyEncoding, privateKeyEncoding } = options ?? {};
  const chosen = {};
  for (const [name, encoding, isPublic] of [
    ['publicKeyEncoding', publicKeyEncoding, true],
    ['privateKeyEncoding', privateKeyEncoding, false],
  ]) {
    if (encoding === undefined || encoding === null) continue;
    if (typeof encoding !== 'object') throw new ERR_INVALID_ARG_VALUE(`options.${name}`, encoding);
    chosen[name] = parseKeyEncoding(encoding, type, isPublic, name);
  }
  if (chosen.privateKeyEncoding?.cipher !== undefined && internalBinding('crypto.ciphers').info(chosen.privateKeyEncoding.cipher) === undefined) {
    const { ERR_CRYPTO_UNKNOWN_CIPHER } = require('internal/errors').codes;
    throw new ERR_CRYPTO_UNKNOWN_CIPHER();
  }
  return chosen;
}

// [type, options for the host, what to make of its key]
function pairRequest(type, options) {
  validateString(type, 'type');
  if (options !== undefined) validateObject(options, 'options');
  const chosen = encodings(type, options);
  const forHost = pairOptions(type, options);
  const finish = (native) => {
    const handle = new keys.KeyHandle('private', native);
    const publicHandle = keys.publicHandle(handle);
    const { publicKeyEncoding: outer, privateKeyEncoding: inner } = chosen;
    return {
      publicKey: outer ? keys.exportPublic(publicHandle, outer.format, outer.type) : keys.keyObjectOf(publicHandle),
      privateKey: inner ? keys.exportPrivate(handle, inner) : keys.keyObjectOf(handle),
    };
  };
  return [type, forHost, finish];
}

function generateKeyPairSync(type, options) {
  const [kind, forHost, finish] = pairRequest(type, options);
  return finish(host.generate(kind, forHost));
}

function generateKeyPair(type, options, callback) {
  if (typeof options === 'function') [callback, options] = [options, undefined];
  validateFunction(callback, 'callback');
  const [kind, forHost, finish] = pairRequest(type, options);
  startRequest('KEYPAIRGENREQUEST', () => host.generateLater(kind, forHost).then(finish), (error, pair) => {
    if (error) callback(error);
    else callback(null, pair.publicKey, pair.privateKey);
  });
}
function secretLength(type, options) {
  validateString(type, 'type');
  validateObject(options, 'options');
  const { length } = options;
  if (type === 'hmac') {
    validateInteger(length, 'options.length', 8, 2 ** 31 - 1);
  } else if (type === 'aes') {
    validateOneOf(length, 'options.length', [128, 192, 256]);
  } else {
    throw new ERR_INVALID_ARG_VALUE('type', type, 'must be a supported key type');
  }
  return Math.floor(length / 8);
}

function generateKeySync(type, options) {
  return keys.createSecretKey(require('internal/crypto/random').randomBytes(secretLength(type, options)));
}

function generateKey(type, options, callback) {
  if (typeof options === 'function') [callback, options] = [options, undefined];
  validateFunction(callback, 'callback');
  const length = secretLength(type, options);
  require('internal/crypto/random').randomBytes(length, (error, bytes) => {
    if (error) callback(error);
    else callback(null, keys.createSecretKey(bytes));
  });
}

module.exports = { curveName, generateKey, generateKeyPair, generateKeyPairSync, generateKeySync };
