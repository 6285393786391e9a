// SPDX-License-Identifier: Apache-2.0
// Hash, Hmac and crypto.hash().
'use strict';

const {
  codes: { ERR_CRYPTO_HASH_FINALIZED, ERR_CRYPTO_INVALID_DIGEST, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { validateObject, validateString, validateUint32 } = require('internal/validators');
const { callable, toBuffer, toBytes } = require('internal/crypto/util');
const { normalizeEncoding } = require('internal/util');
const LazyTransform = require('internal/streams/lazy_transform');

const host = internalBinding('crypto.hashes');

const kMethods = Symbol('methods');
const kFinalized = Symbol('finalized');

function unsupported(name) {
  return new Error(name === undefined ? 'Digest method not supported' : `Digest method ${name} is not supported`);
}

function outputLength(options) {
  const length = options?.outputLength;
  if (length !== undefined) validateUint32(length, 'options.outputLength');
  return length;
}

// UTF-8 text crosses as it is.
function dataForHost(data, encoding) {
  if (typeof data !== 'string') {
    if (!ArrayBuffer.isView(data)) {
      throw new ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
    }
    return data;
  }
  return encoding === undefined || encoding === 'utf8' || encoding === 'utf-8' || encoding === 'buffer'
    ? data
    : toBytes(data, 'data', encoding);
}

function shownDigest(methods, encoding) {
  if (encoding === 'hex') return methods.digest(true);
  const buffer = toBuffer(methods.digest(false));
  return encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer;
}

class Digest extends LazyTransform {
  update(data, encoding) {
    const forHost = dataForHost(data, encoding);
    if (this[kFinalized]) throw new ERR_CRYPTO_HASH_FINALIZED();
    this[kMethods].update(forHost);
    return this;
  }

  _transform(chunk, encoding, callback) {
    this[kMethods].update(chunk);
    callback();
  }

  _flush(callback) {
    this.push(toBuffer(this[kMethods].digest(false)));
    callback();
  }
}

class Hash extends Digest {
  constructor(algorithm, options) {
    const isCopy = typeof algorithm === 'object' && algorithm !== null && algorithm[kMethods] !== undefined;
    if (!isCopy) validateString(algorithm, 'algorithm');
    const length = outputLength(options);
    const methods = isCopy ? algorithm[kMethods].copy() : host.createHash(algorithm, length);
    if (methods === undefined) throw unsupported();
    super(options);
    this[kMethods] = methods;
    this[kFinalized] = false;
  }

  copy(options) {
    if (this[kFinalized]) throw new ERR_CRYPTO_HASH_FINALIZED();
    return new Hash(this, options);
  }

  digest(encoding) {
    if (this[kFinalized]) throw new ERR_CRYPTO_HASH_FINALIZED();
    this[kFinalized] = true;
    return shownDigest(this[kMethods], encoding === undefined ? undefined : `${encoding}`);
  }
}

class Hmac extends Digest {
  constructor(algorithm, key, options) {
    validateString(algorithm, 'hmac');
    const secret = require('internal/crypto/keys').prepareSecretKey(key, options?.encoding);
    const methods = host.createHmac(algorithm, secret);
    if (methods === undefined) throw new ERR_CRYPTO_INVALID_DIGEST(algorithm);
    super(options);
    this[kMethods] = methods;
    this[kFinalized] = false;
  }

  // A second digest is empty, as it has always been.
  digest(encoding) {
    if (this[kFinalized]) return encoding && encoding !== 'buffer' ? '' : toBuffer(new Uint8Array(0));
    this[kFinalized] = true;
    return shownDigest(this[kMethods], encoding === undefined ? undefined : `${encoding}`);
  }
}

function hash(algorithm, input, options) {
  validateString(algorithm, 'algorithm');
  if (typeof input !== 'string' && !ArrayBuffer.isView(input)) {
    throw new ERR_INVALID_ARG_TYPE('input', ['Buffer', 'TypedArray', 'DataView', 'string'], input);
  }
  let encoding = 'hex';
  let length;
  if (typeof options === 'string') {
    encoding = options;
  } else if (options !== undefined) {
    validateObject(options, 'options');
    ({ outputEncoding: encoding = 'hex' } = options);
    validateString(encoding, 'options.outputEncoding');
    length = outputLength(options);
  }
  if (encoding !== 'buffer' && normalizeEncoding(encoding) === undefined) {
    throw new ERR_INVALID_ARG_VALUE('options.outputEncoding', encoding);
  }
  const digest = host.hash(algorithm, input, encoding === 'hex', length);
  if (digest === undefined) throw unsupported(algorithm);
  if (typeof digest === 'string') return digest;
  return encoding === 'buffer' ? toBuffer(digest) : toBuffer(digest).toString(encoding);
}

const warning = (name, code) => {
  const { deprecate } = require('internal/util');
  return deprecate(() => {}, `crypto.${name} constructor is deprecated.`, code);
};

module.exports = {
  Hash: callable(Hash, warning('Hash', 'DEP0179')),
  Hmac: callable(Hmac, warning('Hmac', 'DEP0181')),
  hash,
};
