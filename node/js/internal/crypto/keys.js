// SPDX-License-Identifier: Apache-2.0
// KeyObject for secret keys. Private and public keys refuse where they would be made.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { validateObject } = require('internal/validators');
const { refuse, refuseAll } = require('internal/refuse');
const { isBytes, toBytes } = require('internal/crypto/util');

const lazyBuffer = () => require('buffer').Buffer;

const kInternal = Symbol('internal');

class KeyObject {
  #type;

  constructor(type, token) {
    if (token !== kInternal) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this.#type = type;
  }

  static isKeyObject(value) {
    return typeof value === 'object' && value !== null && #type in value;
  }

  get type() {
    return this.#type;
  }

  equals(otherKeyObject) {
    if (!isKeyObject(otherKeyObject)) throw new ERR_INVALID_ARG_TYPE('otherKeyObject', 'KeyObject', otherKeyObject);
    return otherKeyObject.type === this.type && lazyBuffer().compare(this.export(), otherKeyObject.export()) === 0;
  }
}
const { isKeyObject } = KeyObject;
delete KeyObject.isKeyObject;
KeyObject.from = refuse('KeyObject.from');
Object.assign(KeyObject.prototype, refuseAll('KeyObject', ['toCryptoKey']));
Object.defineProperty(KeyObject.prototype, Symbol.toStringTag, {
  __proto__: null,
  configurable: true,
  value: 'KeyObject',
});

class SecretKeyObject extends KeyObject {
  #bytes;

  constructor(bytes) {
    super('secret', kInternal);
    this.#bytes = bytes;
  }

  get symmetricKeySize() {
    return this.#bytes.length;
  }

  export(options) {
    if (options !== undefined) {
      validateObject(options, 'options');
      const { format } = options;
      if (format === 'jwk') return { kty: 'oct', k: this.#bytes.toString('base64url') };
      if (format !== undefined && format !== 'buffer') {
        throw new ERR_INVALID_ARG_VALUE('options.format', format, "must be one of: undefined, 'buffer', 'jwk'");
      }
    }
    return lazyBuffer().from(this.#bytes);
  }
}

// The key is copied: what becomes of the caller's bytes does not matter.
function createSecretKey(key, encoding) {
  const bytes = toBytes(key, 'key', encoding, ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView']);
  const view = ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
  return new SecretKeyObject(lazyBuffer().from(view));
}

const hmacKeyTypes = ['string', 'ArrayBuffer', 'Buffer', 'TypedArray', 'DataView', 'KeyObject', 'CryptoKey'];

// A secret for the host, from whatever may be one.
function secretBytes(key, encoding) {
  if (isKeyObject(key)) return key.export();
  if (typeof key !== 'string' && !isBytes(key)) throw new ERR_INVALID_ARG_TYPE('key', hmacKeyTypes, key);
  return toBytes(key, 'key', encoding);
}

module.exports = { KeyObject, createSecretKey, isCryptoKey: () => false, isKeyObject, secretBytes };
