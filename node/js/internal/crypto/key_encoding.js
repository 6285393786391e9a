// SPDX-License-Identifier: Apache-2.0
// Options of keys as they come in and go out: format, type, cipher, passphrase.
'use strict';

const {
  codes: { ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { validateObject } = require('internal/validators');
const { isBytes, toBytes } = require('internal/crypto/util');

const isStringOrBuffer = (value) => typeof value === 'string' || isBytes(value);

const optionName = (name, objectName) =>
  objectName === undefined || objectName === 'key' ? `${objectName ?? 'options'}.${name}` : `options.${objectName}.${name}`;

function parseFormat(format, fallback, name) {
  if (format === undefined && fallback) return fallback;
  if (format === 'pem' || format === 'der' || format === 'jwk') return format;
  throw new ERR_INVALID_ARG_VALUE(name, format);
}

// `isPublic` is undefined when the key may be either.
function parseType(type, isRequired, keyType, isPublic, name) {
  if (type === undefined && !isRequired) return undefined;
  if (type === 'pkcs1') {
    if (keyType !== undefined && keyType !== 'rsa') {
      throw new ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS(type, 'can only be used for RSA keys');
    }
    return type;
  }
  if (type === 'spki' && isPublic !== false) return type;
  if (type === 'pkcs8' && isPublic !== true) return type;
  if (type === 'sec1' && isPublic !== true) {
    if (keyType !== undefined && keyType !== 'ec') {
      throw new ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS(type, 'can only be used for EC keys');
    }
    return type;
  }
  throw new ERR_INVALID_ARG_VALUE(name, type);
}

function checkCipher(cipher, passphrase, format, type, objectName) {
  if (cipher !== undefined && cipher !== null) {
    if (typeof cipher !== 'string') throw new ERR_INVALID_ARG_VALUE(optionName('cipher', objectName), cipher);
    if (format === 'der' && type !== 'pkcs8') {
      throw new ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS(type, 'does not support encryption');
    }
  } else if (passphrase !== undefined) {
    throw new ERR_INVALID_ARG_VALUE(optionName('cipher', objectName), cipher);
  }
}

// Of a key to be read when `keyType` is undefined, else of one to be written.
function parseKeyEncoding(encoding, keyType, isPublic, objectName) {
  validateObject(encoding, 'options');
  const isInput = keyType === undefined;
  const format = parseFormat(encoding.format, isInput ? 'pem' : undefined, optionName('format', objectName));
  const isTypeRequired = (!isInput || format === 'der') && format !== 'jwk';
  const type = parseType(encoding.type, isTypeRequired, keyType, isPublic, optionName('type', objectName));
  if (isPublic === true) return { format, type };
  const { cipher } = encoding;
  let { passphrase } = encoding;
  if (!isInput) checkCipher(cipher, passphrase, format, type, objectName);
  const isWanted = isInput ? passphrase !== undefined : cipher !== undefined && cipher !== null;
  if (isWanted && !isStringOrBuffer(passphrase)) {
    throw new ERR_INVALID_ARG_VALUE(optionName('passphrase', objectName), passphrase);
  }
  if (passphrase !== undefined) passphrase = toBytes(passphrase, 'key.passphrase', encoding.encoding);
  return { format, type, cipher: cipher ?? undefined, passphrase };
}

module.exports = { isStringOrBuffer, parseKeyEncoding };
