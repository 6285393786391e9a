// SPDX-License-Identifier: Apache-2.0
// What the arguments of WebCrypto become (Web IDL), with Node's words for those that cannot.
'use strict';

const {
  codes: { ERR_MISSING_ARGS },
} = require('internal/errors');
const { isBytes } = require('internal/crypto/util');
const { usageOrder } = require('internal/crypto/crypto_key');

const formats = ['raw', 'pkcs8', 'spki', 'jwk', 'raw-public', 'raw-secret', 'raw-seed'];

function fail(text, { prefix, context }, code = 'ERR_INVALID_ARG_TYPE') {
  const error = new TypeError(`${prefix ? `${prefix}: ` : ''}${context ?? 'Value'} ${text}`);
  error.code = code;
  return error;
}

function requiredArguments(count, required, prefix) {
  if (count >= required) return;
  const error = new ERR_MISSING_ARGS('');
  const plural = required === 1 ? '' : 's';
  error.message = `${prefix}: ${required} argument${plural} required, but only ${count} present.`;
  throw error;
}

function integer(bits) {
  const max = 2 ** bits - 1;
  return (value, options) => {
    const number = Number(value);
    if (!Number.isFinite(number)) throw fail('is not a finite number.', options);
    const whole = Math.trunc(number);
    if (whole < 0 || whole > max) throw fail(`is outside the expected range of 0 to ${max}.`, options);
    return whole + 0;
  };
}

function bufferSource(value, options) {
  if (!isBytes(value)) throw fail('is not instance of ArrayBuffer, Buffer, TypedArray, or DataView.', options);
  const buffer = ArrayBuffer.isView(value) ? value.buffer : value;
  if (require('internal/util/types').isSharedArrayBuffer(buffer)) {
    throw fail('is a view on a SharedArrayBuffer, which is not allowed.', options);
  }
  return value;
}

function bigInteger(value, options) {
  if (!(ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]')) {
    throw fail('is not an Uint8Array object.', options);
  }
  return value;
}

function string(value, options) {
  if (typeof value === 'symbol') throw fail('is a Symbol and cannot be converted to a string.', options);
  return `${value}`;
}

const enumeration = (name, values) => (value, options) => {
  const text = string(value, options);
  if (!values.includes(text)) {
    const shown = options.prefix ? `${options.prefix}: ` : '';
    const error = new TypeError(`${shown}${options.context} '${text}' is not a valid enum value of type ${name}.`);
    error.code = 'ERR_INVALID_ARG_VALUE';
    throw error;
  }
  return text;
};

function sequence(convert) {
  return (value, options) => {
    if (value === null || typeof value !== 'object' || typeof value[Symbol.iterator] !== 'function') {
      throw fail('cannot be converted to sequence.', options);
    }
    return Array.from(value, (each, index) => convert(each, { ...options, context: `${options.context}[${index}]` }));
  };
}

// `members`: [name, converter, isRequired]
function dictionary(name, members) {
  const sorted = members.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return (value, options) => {
    if (value !== undefined && value !== null && typeof value !== 'object' && typeof value !== 'function') {
      throw fail('cannot be converted to a dictionary.', options);
    }
    const made = {};
    for (const [key, convert, isRequired] of sorted) {
      const member = value === undefined || value === null ? undefined : value[key];
      if (member !== undefined) {
        made[key] = convert(member, { prefix: options.prefix, context: `'${key}' of '${name}' (${options.context})` });
      } else if (isRequired) {
        const shown = options.prefix ? `${options.prefix}: ` : '';
        const error = new TypeError(`${shown}${options.context} cannot be converted to '${name}' because '${key}' is required in '${name}'.`);
        error.code = 'ERR_MISSING_OPTION';
        throw error;
      }
    }
    return made;
  };
}

function cryptoKey(value, options) {
  if (!require('internal/crypto/crypto_key').isCryptoKey(value)) throw fail('is not of type CryptoKey.', options);
  return value;
}

const octet = integer(8);
const unsignedShort = integer(16);
const unsignedLong = integer(32);

const algorithmIdentifier = (value, options) =>
  (typeof value === 'object' && value !== null) || typeof value === 'function' ? value : string(value, options);

const jsonWebKey = dictionary('JsonWebKey', [
  ...['kty', 'use', 'alg', 'crv', 'x', 'y', 'd', 'n', 'e', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'pub', 'priv'].map((name) => [name, string]),
  ['ext', Boolean],
  ['key_ops', sequence(string)],
]);

module.exports = {
  algorithmIdentifier,
  bigInteger,
  bufferSource,
  cryptoKey,
  dictionary,
  jsonWebKey,
  keyFormat: enumeration('KeyFormat', formats),
  keyUsages: sequence(enumeration('KeyUsage', usageOrder)),
  octet,
  requiredArguments,
  string,
  unsignedLong,
  unsignedShort,
};
