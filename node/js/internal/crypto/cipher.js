// SPDX-License-Identifier: Apache-2.0
// Cipheriv and Decipheriv, and what is known of ciphers.
'use strict';

const {
  codes: {
    ERR_CRYPTO_INVALID_STATE,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_OUT_OF_RANGE,
    ERR_UNKNOWN_ENCODING,
  },
} = require('internal/errors');
const { validateEncoding, validateInt32, validateObject, validateString } = require('internal/validators');
const { normalizeEncoding } = require('internal/util');
const { callable, toBuffer, toBytes } = require('internal/crypto/util');
const { prepareSecretKey } = require('internal/crypto/keys');
const LazyTransform = require('internal/streams/lazy_transform');

const host = internalBinding('crypto.ciphers');

const kMethods = Symbol('methods');
const kDecoder = Symbol('decoder');
const kFinal = Symbol('final');
const kIsShortTagAllowed = Symbol('short tag');

function tagLength(options) {
  const value = options?.authTagLength;
  if (value === undefined || value === null) return undefined;
  if (value >>> 0 !== value || value > 2 ** 31 - 1) throw new ERR_INVALID_ARG_VALUE('options.authTagLength', value);
  return value;
}

// A string to be built of pieces needs a decoder: a character may end in the next piece.
function decode(cipher, bytes, encoding) {
  const buffer = toBuffer(bytes);
  if (!encoding || encoding === 'buffer') return buffer;
  return decoderOf(cipher, encoding).write(buffer);
}

function decoderOf(cipher, encoding) {
  const normalized = normalizeEncoding(encoding);
  cipher[kDecoder] ??= new (require('string_decoder').StringDecoder)(encoding);
  if (cipher[kDecoder].encoding === normalized) return cipher[kDecoder];
  if (normalized === undefined) throw new ERR_UNKNOWN_ENCODING(encoding);
  require('assert')(cipher[kDecoder].encoding === normalized, 'Cannot change encoding');
  return undefined;
}

class CipherBase extends LazyTransform {
  constructor(algorithm, key, iv, options, isEncrypting) {
    validateString(algorithm, 'cipher');
    const secret = prepareSecretKey(key, options?.encoding);
    if (iv !== null) iv = toBytes(iv, 'iv', options?.encoding);
    const length = tagLength(options);
    const methods = host.create(algorithm, secret, iv ?? undefined, isEncrypting, length);
    super(options);
    this[kMethods] = methods;
    this[kFinal] = false;
    this[kIsShortTagAllowed] = length !== undefined || !/gcm$/i.test(algorithm);
  }

  update(data, inputEncoding, outputEncoding) {
    if (typeof data === 'string') validateEncoding(data, inputEncoding);
    else if (!ArrayBuffer.isView(data)) {
      throw new ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray', 'DataView'], data);
    }
    if (data.length > 2 ** 31 - 2) throw new ERR_OUT_OF_RANGE('data.length', '<= 2147483646', data.length);
    const bytes = this[kFinal] ? undefined : this[kMethods].update(toBytes(data, 'data', inputEncoding));
    if (bytes === undefined) throw new ERR_CRYPTO_INVALID_STATE('update');
    return decode(this, bytes, outputEncoding);
  }

  final(outputEncoding) {
    if (this[kFinal]) throw Object.assign(new ERR_CRYPTO_INVALID_STATE('final'), { message: 'Invalid state' });
    this[kFinal] = true;
    const buffer = toBuffer(this[kMethods].final());
    return outputEncoding && outputEncoding !== 'buffer' ? decoderOf(this, outputEncoding).end(buffer) : buffer;
  }

  setAutoPadding(on) {
    if (this[kFinal]) throw new ERR_CRYPTO_INVALID_STATE('setAutoPadding');
    this[kMethods].pad(on === undefined || Boolean(on));
    return this;
  }

  setAAD(data, options) {
    const encoding = options?.encoding;
    const plaintextLength = options?.plaintextLength;
    if (plaintextLength !== undefined && plaintextLength !== null) {
      if (typeof plaintextLength !== 'number' || plaintextLength >>> 0 !== plaintextLength || plaintextLength > 2 ** 31 - 1) {
        throw new ERR_INVALID_ARG_VALUE('options.plaintextLength', plaintextLength);
      }
    }
    const bytes = toBytes(data, 'aadbuf', encoding);
    if (this[kFinal] || !this[kMethods].add?.(bytes, plaintextLength ?? undefined)) throw new ERR_CRYPTO_INVALID_STATE('setAAD');
    return this;
  }

  _transform(chunk, encoding, callback) {
    this.push(this.update(chunk, encoding));
    callback();
  }

  _flush(callback) {
    try {
      this.push(this.final());
    } catch (error) {
      callback(error);
      return;
    }
    callback();
  }
}

class Cipheriv extends CipherBase {
  constructor(cipher, key, iv, options) {
    super(cipher, key, iv, options, true);
  }

  getAuthTag() {
    const tag = this[kMethods].getTag?.();
    if (tag === undefined) throw new ERR_CRYPTO_INVALID_STATE('getAuthTag');
    return toBuffer(tag);
  }
}

class Decipheriv extends CipherBase {
  constructor(cipher, key, iv, options) {
    super(cipher, key, iv, options, false);
  }

  setAuthTag(tag, encoding) {
    const bytes = toBytes(tag, 'buffer', encoding);
    if (this[kFinal] || !this[kMethods].setTag?.(bytes)) throw new ERR_CRYPTO_INVALID_STATE('setAuthTag');
    if (!this[kIsShortTagAllowed] && bytes.byteLength < 16) {
      process.emitWarning(
        'Using AES-GCM authentication tags of less than 128 bits without specifying the authTagLength option when ' +
          'initializing decryption is deprecated.',
        'DeprecationWarning',
        'DEP0182',
      );
    }
    return this;
  }
}

function getCipherInfo(nameOrNid, options) {
  if (typeof nameOrNid !== 'string' && typeof nameOrNid !== 'number') {
    throw new ERR_INVALID_ARG_TYPE('nameOrNid', ['string', 'number'], nameOrNid);
  }
  if (typeof nameOrNid === 'number') validateInt32(nameOrNid, 'nameOrNid');
  let keyLength;
  let ivLength;
  if (options !== undefined) {
    validateObject(options, 'options');
    ({ keyLength, ivLength } = options);
    if (keyLength !== undefined) validateInt32(keyLength, 'options.keyLength');
    if (ivLength !== undefined) validateInt32(ivLength, 'options.ivLength');
  }
  return host.info(nameOrNid, keyLength, ivLength);
}

module.exports = { Cipheriv: callable(Cipheriv), Decipheriv: callable(Decipheriv), getCipherInfo, getCiphers: () => host.names() };
