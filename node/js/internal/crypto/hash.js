// SPDX-License-Identifier: Apache-2.0
// Hash, Hmac and crypto.hash().
//
// Most digests are of one small piece. So a first piece waits here, and a digest of it is one call of the host; only
// more than that, or much, makes a state there.
'use strict';

const {
  codes: { ERR_CRYPTO_HASH_FINALIZED, ERR_CRYPTO_INVALID_DIGEST, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { validateEncoding, validateObject, validateString, validateUint32 } = require('internal/validators');
const { callable, opensslError, toBuffer, toBytes } = require('internal/crypto/util');
const { normalizeEncoding } = require('internal/util');
const LazyTransform = require('internal/streams/lazy_transform');

const host = internalBinding('crypto.hashes');

const kAlgorithm = Symbol('algorithm'); // what the host said of it
const kKey = Symbol('key'); // of an Hmac
const kLength = Symbol('output length');
const kPiece = Symbol('first piece'); // text, or bytes that are nobody else's
const kState = Symbol('state'); // the host's, when there is one
const kFinalized = Symbol('finalized');

const kMostKept = 16384;

const known = new Map();

// [the host's name, bytes of a digest, whether there may be more or less of them], undefined of what is no hash.
function describe(algorithm) {
  let description = known.get(algorithm);
  if (description === undefined) {
    description = host.describe(algorithm);
    if (description !== undefined) known.set(algorithm, description);
  }
  return description;
}

function unsupported(name) {
  return new Error(name === undefined ? 'Digest method not supported' : `Digest method ${name} is not supported`);
}

// The length to ask the host for, undefined where the hash has only one.
function outputLength([, size, isExtendable], wanted, otherwise) {
  if (isExtendable) return wanted ?? size;
  if (wanted === undefined || wanted === size) return undefined;
  throw otherwise();
}

const notExtendable = () => opensslError('030000B2', 'digital envelope routines', 'not XOF or invalid length', 'ERR_OSSL_EVP_NOT_XOF_OR_INVALID_LENGTH');

function wantedLength(options) {
  const length = options?.outputLength;
  if (length !== undefined) validateUint32(length, 'options.outputLength');
  return length;
}

const isUtf8 = (encoding) => encoding === undefined || encoding === 'utf8' || encoding === 'utf-8' || encoding === 'buffer';

// UTF-8 text crosses as it is.
function dataForHost(data, encoding) {
  if (typeof data === 'string') {
    if (isUtf8(encoding)) return data;
    validateEncoding(data, encoding);
    return toBytes(data, 'data', encoding);
  }
  if (ArrayBuffer.isView(data)) return data;
  throw new ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
}

function take(digest, data) {
  if (digest[kState] !== undefined) {
    host.update(digest[kState], data);
  } else if (digest[kPiece] === undefined && (data.length ?? data.byteLength) <= kMostKept) {
    digest[kPiece] = typeof data === 'string' ? data : ownBytes(data);
  } else {
    begin(digest, data);
  }
}

// The caller may change its bytes before they are hashed.
function ownBytes(view) {
  const bytes = view instanceof Uint8Array ? view : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return new Uint8Array(bytes);
}

function begin(digest, data) {
  const piece = digest[kPiece];
  const [name] = digest[kAlgorithm];
  const first = piece ?? data;
  digest[kState] = digest[kKey] === undefined ? host.start(name, first) : host.startKeyed(name, digest[kKey], first);
  digest[kPiece] = undefined;
  if (piece !== undefined && data !== undefined) host.update(digest[kState], data);
}

// May be asked for again: a stream's end is no digest().
function finish(digest, asHex) {
  const { [kState]: state, [kLength]: length, [kKey]: key } = digest;
  if (state !== undefined) return host.finish(state, asHex, length);
  const [name] = digest[kAlgorithm];
  const piece = digest[kPiece] ?? '';
  return key === undefined ? host.hash(name, piece, asHex, length) : host.hmac(name, key, piece, asHex);
}

function shownDigest(digest, encoding) {
  digest[kFinalized] = true;
  if (encoding === 'hex') return finish(digest, true);
  const buffer = toBuffer(finish(digest, false));
  if (!encoding || encoding === 'buffer') return buffer;
  encoding = normalizeEncoding(`${encoding}`);
  return encoding === undefined ? buffer : buffer.toString(encoding);
}

class Digest extends LazyTransform {
  constructor(options, description, key, length) {
    super(options);
    this[kAlgorithm] = description;
    this[kKey] = key;
    this[kLength] = length;
    this[kPiece] = undefined;
    this[kState] = undefined;
    this[kFinalized] = false;
  }

  update(data, encoding) {
    if (this[kFinalized]) throw new ERR_CRYPTO_HASH_FINALIZED();
    take(this, dataForHost(data, encoding));
    return this;
  }

  _transform(chunk, encoding, callback) {
    take(this, dataForHost(chunk, encoding));
    callback();
  }

  _flush(callback) {
    this.push(toBuffer(finish(this, false)));
    callback();
  }
}

class Hash extends Digest {
  constructor(algorithm, options) {
    const isCopy = typeof algorithm === 'object' && algorithm !== null && algorithm[kAlgorithm] !== undefined;
    if (!isCopy) validateString(algorithm, 'algorithm');
    const wanted = wantedLength(options);
    const description = isCopy ? algorithm[kAlgorithm] : describe(algorithm);
    if (description === undefined) throw unsupported();
    super(options, description, undefined, outputLength(description, wanted, notExtendable));
    if (isCopy) {
      this[kPiece] = algorithm[kPiece];
      if (algorithm[kState] !== undefined) this[kState] = host.copy(algorithm[kState]);
    }
  }

  copy(options) {
    if (this[kFinalized]) throw new ERR_CRYPTO_HASH_FINALIZED();
    return new Hash(this, options);
  }

  digest(encoding) {
    if (this[kFinalized]) throw new ERR_CRYPTO_HASH_FINALIZED();
    return shownDigest(this, encoding);
  }
}

class Hmac extends Digest {
  constructor(algorithm, key, options) {
    validateString(algorithm, 'hmac');
    const secret = require('internal/crypto/keys').prepareSecretKey(key, options?.encoding);
    const description = describe(algorithm);
    if (description === undefined) throw new ERR_CRYPTO_INVALID_DIGEST(algorithm);
    const [, , isExtendable] = description;
    if (isExtendable) throw new Error('error:00000000:lib(0)::reason(0)'); // OpenSSL gives no reason
    super(options, description, ownBytes(secret), undefined);
  }

  // A second digest is empty, as it has always been.
  digest(encoding) {
    if (this[kFinalized]) return encoding && encoding !== 'buffer' ? '' : toBuffer(new Uint8Array(0));
    return shownDigest(this, encoding);
  }
}

function hash(algorithm, input, options) {
  validateString(algorithm, 'algorithm');
  if (typeof input !== 'string' && !ArrayBuffer.isView(input)) {
    throw new ERR_INVALID_ARG_TYPE('input', ['Buffer', 'TypedArray', 'DataView', 'string'], input);
  }
  let encoding = 'hex';
  let wanted;
  if (typeof options === 'string') {
    encoding = options;
  } else if (options !== undefined) {
    validateObject(options, 'options');
    ({ outputEncoding: encoding = 'hex' } = options);
    validateString(encoding, 'options.outputEncoding');
    wanted = wantedLength(options);
  }
  if (encoding !== 'hex' && encoding !== 'buffer' && normalizeEncoding(encoding) === undefined) {
    throw new ERR_INVALID_ARG_VALUE('outputEncoding', encoding);
  }
  const description = describe(algorithm);
  if (description === undefined) throw unsupported(algorithm);
  const [name] = description;
  const wrong = () => new Error(`Output length ${wanted} is invalid for ${algorithm}, which does not support XOF`);
  const length = outputLength(description, wanted, wrong);
  if (encoding === 'hex') return host.hash(name, input, true, length);
  const buffer = toBuffer(host.hash(name, input, false, length));
  return encoding === 'buffer' ? buffer : buffer.toString(encoding);
}

const warning = (name, code) => {
  const { deprecate } = require('internal/util');
  return deprecate(() => {}, `crypto.${name} constructor is deprecated.`, code);
};

module.exports = {
  Hash: callable(Hash, warning('Hash', 'DEP0179')),
  Hmac: callable(Hmac, warning('Hmac', 'DEP0181')),
  createHash: (algorithm, options) => new Hash(algorithm, options),
  createHmac: (algorithm, key, options) => new Hmac(algorithm, key, options),
  describe,
  hash,
};
