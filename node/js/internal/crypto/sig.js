// SPDX-License-Identifier: Apache-2.0
// Sign and Verify, and signatures in one call.
'use strict';

const {
  codes: { ERR_CRYPTO_INVALID_DIGEST, ERR_CRYPTO_SIGN_KEY_REQUIRED, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { validateEncoding, validateFunction, validateString } = require('internal/validators');
const { callable, toBuffer, toBytes } = require('internal/crypto/util');
const { request: startRequest } = require('internal/requests');
const { createHash, describe } = require('internal/crypto/hash');
const { preparePrivateKey, preparePublicOrPrivateKey } = require('internal/crypto/keys');
const { Writable } = require('stream');

const host = internalBinding('crypto.signatures');

const kAlgorithm = Symbol('algorithm');
const kHash = Symbol('hash');

function intOption(name, options) {
  const value = options[name];
  if (value === undefined) return undefined;
  if (value === value >> 0) return value;
  throw new ERR_INVALID_ARG_VALUE(`options.${name}`, value);
}

// What beside the key decides the signature.
function schemeOptions(options) {
  if (typeof options !== 'object' || options === null) return {};
  const scheme = { padding: intOption('padding', options), saltLength: intOption('saltLength', options) };
  const { dsaEncoding, context } = options;
  if (dsaEncoding !== undefined && dsaEncoding !== 'der' && dsaEncoding !== 'ieee-p1363') {
    throw new ERR_INVALID_ARG_VALUE('options.dsaEncoding', dsaEncoding);
  }
  if (dsaEncoding === 'ieee-p1363') scheme.ieee = true;
  if (context !== undefined && context !== null) scheme.context = toBytes(context, 'options.context');
  return scheme;
}

class Collector extends Writable {
  constructor(algorithm, options) {
    validateString(algorithm, 'algorithm');
    if (describe(algorithm) === undefined) {
      throw Object.assign(new ERR_CRYPTO_INVALID_DIGEST(algorithm), { message: 'Invalid digest' });
    }
    super(options);
    this[kAlgorithm] = algorithm;
    this[kHash] = createHash(algorithm);
  }

  update(data, encoding) {
    if (typeof data === 'string') validateEncoding(data, encoding);
    this[kHash].update(toBytes(data, 'data', encoding, ['string', 'Buffer', 'TypedArray', 'DataView']));
    return this;
  }

  _write(chunk, encoding, callback) {
    this[kHash].update(toBytes(chunk, 'data', encoding));
    callback();
  }
}

class Sign extends Collector {
  sign(options, encoding) {
    if (!options) throw new ERR_CRYPTO_SIGN_KEY_REQUIRED();
    const { native } = preparePrivateKey(options);
    const signature = toBuffer(host.signDigest(native, this[kAlgorithm], this[kHash].digest(), schemeOptions(options)));
    return encoding && encoding !== 'buffer' ? signature.toString(encoding) : signature;
  }
}

class Verify extends Collector {
  verify(options, signature, encoding) {
    const { native } = preparePublicOrPrivateKey(options);
    const scheme = schemeOptions(options);
    const bytes = toBytes(signature, 'signature', encoding);
    return host.verifyDigest(native, this[kAlgorithm], this[kHash].digest(), bytes, scheme);
  }
}

const dataTypes = ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'];

function dataOf(data) {
  if (typeof data === 'string') validateEncoding(data, undefined);
  return toBytes(data, 'data', undefined, ['string', ...dataTypes]);
}

function checkAlgorithm(algorithm) {
  if (algorithm === null || algorithm === undefined) return undefined;
  validateString(algorithm, 'algorithm');
  return algorithm;
}

function sign(algorithm, data, key, callback) {
  algorithm = checkAlgorithm(algorithm);
  if (callback !== undefined) validateFunction(callback, 'callback');
  data = dataOf(data);
  if (!key) throw new ERR_CRYPTO_SIGN_KEY_REQUIRED();
  const scheme = schemeOptions(key);
  const { native } = preparePrivateKey(key);
  if (callback === undefined) return toBuffer(host.sign(native, algorithm, data, scheme));
  startRequest('SIGNREQUEST', () => host.signLater(native, algorithm, data, scheme).then(toBuffer), callback);
  return undefined;
}

function verify(algorithm, data, key, signature, callback) {
  algorithm = checkAlgorithm(algorithm);
  if (callback !== undefined) validateFunction(callback, 'callback');
  data = dataOf(data);
  const scheme = schemeOptions(key);
  signature = toBytes(signature, 'signature', undefined, dataTypes);
  const { native } = preparePublicOrPrivateKey(key);
  if (callback === undefined) return host.verify(native, algorithm, data, signature, scheme);
  startRequest('SIGNREQUEST', () => host.verifyLater(native, algorithm, data, signature, scheme), callback);
  return undefined;
}

module.exports = { Sign: callable(Sign), Verify: callable(Verify), sign, verify };
