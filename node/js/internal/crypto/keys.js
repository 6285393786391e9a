// SPDX-License-Identifier: Apache-2.0
// KeyObject: secret keys are bytes held here, public and private ones live behind `crypto.key_host`.
'use strict';

const {
  codes: {
    ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS,
    ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_THIS,
  },
} = require('internal/errors');
const { validateObject, validateOneOf } = require('internal/validators');
const { isBytes, toBuffer, toBytes } = require('internal/crypto/util');
const { isStringOrBuffer, parseKeyEncoding } = require('internal/crypto/key_encoding');
const { kClone, kDeserialize, markTransferMode } = require('internal/transferable');

const lazyBuffer = () => require('buffer').Buffer;
const host = () => internalBinding('crypto.key_host');
const isCryptoKey = (value) => require('internal/crypto/crypto_key').isCryptoKey(value);

// What a key is wanted for: to be used, or for a KeyObject.
const kConsumePublic = 0;
const kConsumePrivate = 1;
const kCreatePublic = 2;
const kCreatePrivate = 3;

// A key itself: `bytes` of a secret one, `native` the host's object of another.
class KeyHandle {
  #kind;
  #details;

  constructor(type, content) {
    this.type = type;
    if (type === 'secret') this.bytes = content;
    else this.native = content;
  }

  get kind() {
    this.#kind ??= host().about(this.native)[1];
    return this.#kind;
  }

  get details() {
    this.#details ??= host().details(this.native);
    return { ...this.#details };
  }

  equals(other) {
    if (this.type !== other.type) return false;
    if (this.type !== 'secret') return host().equals(this.native, other.native);
    return this.bytes.length === other.bytes.length && internalBinding('crypto.hashes').same(this.bytes, other.bytes);
  }

  // For another thread.
  pack() {
    const content = this.type === 'secret' ? this.bytes : host().content(this.native);
    return { type: this.type, bytes: new Uint8Array(content) };
  }

  static unpack({ type, bytes }) {
    if (type === 'secret') return new KeyHandle(type, lazyBuffer().from(bytes));
    const parse = type === 'private' ? host().parsePrivate : host().parsePublic;
    return new KeyHandle(type, parse(bytes, 'der', type === 'private' ? 'pkcs8' : 'spki'));
  }
}

// Extended in two steps, as in Node: the middle class has the constructor that users cannot call.
class KeyObject {
  #handle;

  constructor(type, handle) {
    if (type !== 'secret' && type !== 'public' && type !== 'private') throw new ERR_INVALID_ARG_VALUE('type', type);
    if (!(handle instanceof KeyHandle)) throw new ERR_INVALID_ARG_TYPE('handle', 'object', handle);
    this.#handle = handle;
    markTransferMode(this, true, false);
  }

  static handleOf(key) {
    return key.#handle;
  }

  static isKeyObject(value) {
    return typeof value === 'object' && value !== null && #handle in value;
  }

  get type() {
    if (!isKeyObject(this)) throw new ERR_INVALID_THIS('KeyObject');
    return this.#handle.type;
  }

  static from(key) {
    if (!isCryptoKey(key)) throw new ERR_INVALID_ARG_TYPE('key', 'CryptoKey', key);
    return keyObjectOf(require('internal/crypto/crypto_key').handleOf(key));
  }

  equals(otherKeyObject) {
    if (!isKeyObject(otherKeyObject)) throw new ERR_INVALID_ARG_TYPE('otherKeyObject', 'KeyObject', otherKeyObject);
    return this.#handle.equals(handleOf(otherKeyObject));
  }

  [kClone]() {
    return { data: this.#handle.pack(), deserializeInfo: 'internal/crypto/keys:ReceivedKeyObject' };
  }
}
const { handleOf, isKeyObject } = KeyObject;
delete KeyObject.handleOf;
delete KeyObject.isKeyObject;
Object.defineProperty(KeyObject.prototype, 'type', { __proto__: null, enumerable: true });
Object.defineProperty(KeyObject.prototype, Symbol.toStringTag, {
  __proto__: null,
  configurable: true,
  value: 'KeyObject',
});

// Stands for a key that comes from another thread until its content is there.
class ReceivedKeyObject {
  constructor() {
    markTransferMode(this, true, false);
  }

  [kDeserialize](data) {
    return keyObjectOf(KeyHandle.unpack(data));
  }
}

class SecretKeyObject extends KeyObject {
  constructor(handle) {
    super('secret', handle);
  }

  get symmetricKeySize() {
    return handleOf(this).bytes.length;
  }

  export(options) {
    const { bytes } = handleOf(this);
    if (options !== undefined) {
      validateObject(options, 'options');
      validateOneOf(options.format, 'options.format', [undefined, 'buffer', 'jwk']);
      if (options.format === 'jwk') return { kty: 'oct', k: bytes.toString('base64url') };
    }
    return lazyBuffer().from(bytes);
  }

  toCryptoKey(algorithm, extractable, keyUsages) {
    return toCryptoKey(this, algorithm, extractable, keyUsages);
  }
}

function toCryptoKey(key, algorithm, extractable, keyUsages) {
  return require('internal/crypto/webcrypto_keys').cryptoKeyOf(key, algorithm, extractable, keyUsages);
}

class AsymmetricKeyObject extends KeyObject {
  get asymmetricKeyType() {
    return handleOf(this).kind;
  }

  get asymmetricKeyDetails() {
    return handleOf(this).details;
  }

  toCryptoKey(algorithm, extractable, keyUsages) {
    return toCryptoKey(this, algorithm, extractable, keyUsages);
  }
}

class PublicKeyObject extends AsymmetricKeyObject {
  constructor(handle) {
    super('public', handle);
  }

  export(options) {
    if (options?.format === 'jwk') return host().toJwk(handleOf(this).native);
    const { format, type } = parseKeyEncoding(options, this.asymmetricKeyType, true);
    return exportPublic(handleOf(this), format, type);
  }
}

class PrivateKeyObject extends AsymmetricKeyObject {
  constructor(handle) {
    super('private', handle);
  }

  export(options) {
    if (options?.format === 'jwk') {
      if (options.passphrase !== undefined) {
        throw new ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS('jwk', 'does not support encryption');
      }
      return host().toJwk(handleOf(this).native);
    }
    return exportPrivate(handleOf(this), parseKeyEncoding(options, this.asymmetricKeyType, false));
  }
}

const shown = (exported) => (typeof exported === 'string' ? exported : toBuffer(exported));

function exportPublic(handle, format, type) {
  if (format === 'jwk') return host().toJwk(handle.native);
  return shown(host().exportPublic(handle.native, format, type));
}

function exportPrivate(handle, { format, type, cipher, passphrase }) {
  if (format === 'jwk') return host().toJwk(handle.native);
  return shown(host().exportPrivate(handle.native, format, type, cipher, passphrase));
}

const classes = { secret: SecretKeyObject, public: PublicKeyObject, private: PrivateKeyObject };

const keyObjectOf = (handle) => new classes[handle.type](handle);

function keyTypes(allowsObjects, isBufferOnly = false) {
  const types = ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'];
  if (isBufferOnly) return types;
  types.push('string');
  if (allowsObjects) types.push('KeyObject', 'CryptoKey');
  return types;
}

// The handle of a KeyObject or CryptoKey, which must fit what it is wanted for.
function heldKey(key, context) {
  const handle = isKeyObject(key) ? handleOf(key) : require('internal/crypto/crypto_key').handleOf(key);
  if (context === kCreatePrivate) throw new ERR_INVALID_ARG_TYPE('key', keyTypes(false), key);
  if (handle.type !== 'private') {
    if (context === kConsumePrivate || context === kCreatePublic) {
      throw new ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(handle.type, 'private');
    }
    if (handle.type !== 'public') throw new ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(handle.type, 'private or public');
  }
  return handle;
}

const isHeld = (key) => isKeyObject(key) || isCryptoKey(key);

// The handle of a public or private key, however it is given.
function prepareAsymmetricKey(key, context, name = 'key') {
  if (isHeld(key)) return heldKey(key, context);
  if (isStringOrBuffer(key)) return parsed(toBytes(key, name), { format: 'pem' }, context);
  if (typeof key !== 'object' || key === null) {
    throw new ERR_INVALID_ARG_TYPE(name, keyTypes(context !== kCreatePrivate), key);
  }
  const { key: data, encoding, format } = key;
  if (isHeld(data)) return heldKey(data, context);
  if (format === 'jwk') {
    validateObject(data, `${name}.key`);
    const isPublic = context === kConsumePublic || context === kCreatePublic;
    const native = require('internal/crypto/jwk').importJwk(data, isPublic);
    return new KeyHandle(isPublic ? 'public' : 'private', native);
  }
  if (!isStringOrBuffer(data)) {
    throw new ERR_INVALID_ARG_TYPE(`${name}.key`, keyTypes(context !== kCreatePrivate), data);
  }
  const isPublic = context === kConsumePrivate || context === kCreatePrivate ? false : undefined;
  return parsed(toBytes(data, name, encoding), parseKeyEncoding(key, undefined, isPublic, 'key'), context);
}

function parsed(bytes, { format, type, passphrase }, context) {
  const isPrivate = context === kConsumePrivate || context === kCreatePrivate;
  const parse = isPrivate ? host().parsePrivate : host().parsePublic;
  return new KeyHandle(isPrivate ? 'private' : 'public', parse(bytes, format, type, passphrase));
}

const preparePrivateKey = (key, name) => prepareAsymmetricKey(key, kConsumePrivate, name);
const preparePublicOrPrivateKey = (key, name) => prepareAsymmetricKey(key, kConsumePublic, name);

// The bytes of a secret key, however it is given.
function prepareSecretKey(key, encoding, isBufferOnly = false) {
  if (!isBufferOnly && isHeld(key)) {
    const handle = isKeyObject(key) ? handleOf(key) : require('internal/crypto/crypto_key').handleOf(key);
    if (handle.type !== 'secret') throw new ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(handle.type, 'secret');
    return handle.bytes;
  }
  if (typeof key !== 'string' && !isBytes(key)) {
    throw new ERR_INVALID_ARG_TYPE('key', keyTypes(!isBufferOnly, isBufferOnly), key);
  }
  return toBytes(key, 'key', encoding);
}

// The key is copied: what becomes of the caller's bytes does not matter.
function secretHandle(bytes) {
  const view = ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
  return new KeyHandle('secret', lazyBuffer().from(view));
}

const createSecretKey = (key, encoding) => keyObjectOf(secretHandle(prepareSecretKey(key, encoding, typeof key !== 'string')));

function createPublicKey(key) {
  const handle = prepareAsymmetricKey(key, kCreatePublic);
  return keyObjectOf(handle.type === 'public' ? handle : publicHandle(handle));
}

const publicHandle = (handle) => new KeyHandle('public', host().publicOf(handle.native));

const createPrivateKey = (key) => keyObjectOf(prepareAsymmetricKey(key, kCreatePrivate));

module.exports = {
  KeyHandle,
  KeyObject,
  PrivateKeyObject,
  PublicKeyObject,
  ReceivedKeyObject,
  SecretKeyObject,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  exportPrivate,
  exportPublic,
  handleOf,
  isCryptoKey,
  isKeyObject,
  keyObjectOf,
  keyTypes,
  preparePrivateKey,
  preparePublicOrPrivateKey,
  prepareSecretKey,
  publicHandle,
  secretHandle,
};
require('internal/crypto/kinds').keys = module.exports;
