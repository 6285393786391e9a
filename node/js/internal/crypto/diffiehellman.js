// SPDX-License-Identifier: Apache-2.0
// DiffieHellman, DiffieHellmanGroup, ECDH, diffieHellman() and key encapsulation.
'use strict';

const {
  codes: {
    ERR_CRYPTO_ECDH_INVALID_FORMAT,
    ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY,
    ERR_CRYPTO_INCOMPATIBLE_KEY,
    ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE,
    ERR_CRYPTO_UNKNOWN_DH_GROUP,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
  },
} = require('internal/errors');
const { validateFunction, validateInt32, validateObject, validateString } = require('internal/validators');
const { deprecate } = require('internal/util');
const { isBytes, toBuffer, toBytes } = require('internal/crypto/util');
const { request: startRequest } = require('internal/requests');
const { curveName } = require('internal/crypto/keygen');
const keys = require('internal/crypto/keys');

const host = internalBinding('crypto.exchange');

const kMethods = Symbol('methods');

function encode(bytes, encoding) {
  const buffer = toBuffer(bytes);
  return encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer;
}

function DiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding) {
  if (!(this instanceof DiffieHellman)) return new DiffieHellman(sizeOrKey, keyEncoding, generator, genEncoding);
  if (typeof sizeOrKey !== 'number' && typeof sizeOrKey !== 'string' && !isBytes(sizeOrKey)) {
    throw new ERR_INVALID_ARG_TYPE('sizeOrKey', ['number', 'string', 'ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], sizeOrKey);
  }
  if (typeof sizeOrKey === 'number') validateInt32(sizeOrKey, 'sizeOrKey');
  const { Buffer } = require('buffer');
  if (keyEncoding && !Buffer.isEncoding(keyEncoding) && keyEncoding !== 'buffer') {
    genEncoding = generator;
    generator = keyEncoding;
    keyEncoding = undefined;
  }
  if (typeof sizeOrKey !== 'number') sizeOrKey = toBytes(sizeOrKey, 'sizeOrKey', keyEncoding);
  if (!generator) {
    generator = 2;
  } else if (typeof generator === 'number') {
    validateInt32(generator, 'generator');
  } else if (typeof generator === 'string' || isBytes(generator)) {
    generator = toBytes(generator, 'generator', genEncoding);
  } else {
    throw new ERR_INVALID_ARG_TYPE('generator', ['number', 'string', 'ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], generator);
  }
  this[kMethods] = host.create(sizeOrKey, generator);
}

function DiffieHellmanGroup(name) {
  if (!(this instanceof DiffieHellmanGroup)) return new DiffieHellmanGroup(name);
  const methods = host.createGroup(`${name}`.toLowerCase());
  if (methods === undefined) throw new ERR_CRYPTO_UNKNOWN_DH_GROUP();
  this[kMethods] = methods;
}

function verifyError() {
  return this[kMethods].verifyError();
}

function generateKeys(encoding) {
  return encode(this[kMethods].generate(), encoding);
}

function computeSecret(key, inEncoding, outEncoding) {
  return encode(this[kMethods].secret(toBytes(key, 'otherPublicKey', inEncoding)), outEncoding);
}

const getter = (method, missing) =>
  function (encoding) {
    const bytes = this[kMethods][method]();
    if (bytes === undefined) throw missingKey(missing);
    return encode(bytes, encoding);
  };

function missingKey(message) {
  const error = new Error(message);
  error.code = 'ERR_CRYPTO_INVALID_STATE';
  return error;
}

const shared = {
  generateKeys,
  computeSecret,
  getPrime: getter('prime'),
  getGenerator: getter('generator'),
  getPublicKey: getter('publicKey', 'No public key - did you forget to generate one?'),
  getPrivateKey: getter('privateKey', 'No private key - did you forget to generate one?'),
};

for (const Class of [DiffieHellman, DiffieHellmanGroup]) {
  Object.assign(Class.prototype, shared);
  Object.defineProperty(Class.prototype, 'verifyError', {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: verifyError,
  });
}

DiffieHellman.prototype.setPublicKey = function setPublicKey(key, encoding) {
  this[kMethods].setPublicKey(toBytes(key, 'key', encoding));
  return this;
};

DiffieHellman.prototype.setPrivateKey = function setPrivateKey(key, encoding) {
  this[kMethods].setPrivateKey(toBytes(key, 'key', encoding));
  return this;
};

const pointForms = { compressed: 2, uncompressed: 4, hybrid: 6 };

function pointForm(format) {
  if (!format) return 4;
  if (Object.hasOwn(pointForms, format)) return pointForms[format];
  throw new ERR_CRYPTO_ECDH_INVALID_FORMAT(format);
}

function ECDH(curve) {
  if (!(this instanceof ECDH)) return new ECDH(curve);
  validateString(curve, 'curve');
  const name = curveName(curve);
  host.checkCurve(name);
  this[kMethods] = { curve: name, privateKey: undefined, publicKey: undefined };
}

function ecdhError(message, code) {
  const error = new Error(message);
  error.code = code;
  return error;
}

ECDH.prototype.generateKeys = function generateKeys(encoding, format) {
  const state = this[kMethods];
  [state.privateKey, state.publicKey] = host.ecGenerate(state.curve);
  return this.getPublicKey(encoding, format);
};

ECDH.prototype.computeSecret = function computeSecret(key, inEncoding, outEncoding) {
  const bytes = toBytes(key, 'otherPublicKey', inEncoding);
  const { curve, privateKey } = this[kMethods];
  if (privateKey === undefined) throw ecdhError('Failed to compute ECDH key', 'ERR_CRYPTO_OPERATION_FAILED');
  if (!host.isPair(curve, privateKey, this[kMethods].publicKey)) throw ecdhError('Invalid key pair', 'ERR_CRYPTO_INVALID_KEYPAIR');
  const secret = host.ecSecret(curve, privateKey, bytes);
  if (secret === undefined) throw new ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY();
  return encode(secret, outEncoding);
};

ECDH.prototype.getPrivateKey = function getPrivateKey(encoding) {
  const { privateKey } = this[kMethods];
  if (privateKey === undefined) throw ecdhError('Failed to get ECDH private key', 'ERR_CRYPTO_OPERATION_FAILED');
  return encode(privateKey.slice(), encoding); // a copy: what the program does to it stays there
};

ECDH.prototype.getPublicKey = function getPublicKey(encoding, format) {
  const form = pointForm(format);
  const { curve, publicKey } = this[kMethods];
  if (publicKey === undefined) throw ecdhError('Failed to get ECDH public key', 'ERR_CRYPTO_OPERATION_FAILED');
  return encode(form === 4 ? publicKey.slice() : host.ecConvert(curve, publicKey, form), encoding);
};

ECDH.prototype.setPrivateKey = function setPrivateKey(key, encoding) {
  const bytes = toBytes(key, 'key', encoding);
  const state = this[kMethods];
  const publicKey = host.ecPublic(state.curve, bytes);
  state.privateKey = new Uint8Array(ArrayBuffer.isView(bytes) ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array(bytes));
  state.publicKey = publicKey;
  return this;
};

ECDH.prototype.setPublicKey = deprecate(
  function setPublicKey(key, encoding) {
    const state = this[kMethods];
    const point = host.ecConvert(state.curve, toBytes(key, 'key', encoding), 4);
    if (point === undefined) throw ecdhError('Failed to convert Buffer to EC_POINT', 'ERR_CRYPTO_OPERATION_FAILED');
    state.publicKey = point;
    return this;
  },
  'ecdh.setPublicKey() is deprecated.',
  'DEP0031',
);

ECDH.convertKey = function convertKey(key, curve, inEncoding, outEncoding, format) {
  validateString(curve, 'curve');
  const bytes = toBytes(key, 'key', inEncoding);
  const name = curveName(curve);
  const form = pointForm(format);
  host.checkCurve(name);
  const point = host.ecConvert(name, bytes, form);
  if (point === undefined) throw ecdhError('Failed to convert Buffer to EC_POINT', 'ERR_CRYPTO_OPERATION_FAILED');
  return encode(point, outEncoding);
};

const dhTypes = new Set(['dh', 'ec', 'x448', 'x25519']);

function heldKey(key, name, isFit) {
  if (!keys.isKeyObject(key)) throw new ERR_INVALID_ARG_VALUE(name, key);
  if (!isFit(key.type)) throw new ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE(key.type, name.endsWith('privateKey') ? 'private' : 'private or public');
  return keys.handleOf(key);
}

function diffieHellman(options, callback) {
  validateObject(options, 'options');
  if (callback !== undefined) validateFunction(callback, 'callback');
  const { privateKey, publicKey } = options;
  const own = heldKey(privateKey, 'options.privateKey', (type) => type === 'private');
  const other = heldKey(publicKey, 'options.publicKey', (type) => type !== 'secret');
  if (own.kind !== other.kind || !dhTypes.has(own.kind)) {
    throw new ERR_CRYPTO_INCOMPATIBLE_KEY('key types for Diffie-Hellman', `${own.kind} and ${other.kind}`);
  }
  if (callback === undefined) return toBuffer(host.agree(own.native, other.native));
  startRequest('DERIVEBITSREQUEST', () => host.agreeLater(own.native, other.native).then(toBuffer), callback);
  return undefined;
}

const carried = ([sharedKey, ciphertext]) => ({ sharedKey: toBuffer(sharedKey), ciphertext: toBuffer(ciphertext) });

function encapsulate(key, callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  const { native } = keys.preparePublicOrPrivateKey(key);
  if (callback === undefined) return carried(host.encapsulate(native));
  startRequest('DERIVEBITSREQUEST', () => host.encapsulateLater(native).then(carried), callback);
  return undefined;
}

function decapsulate(key, ciphertext, callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  const { native } = keys.preparePrivateKey(key);
  const bytes = toBytes(ciphertext, 'ciphertext');
  if (callback === undefined) return toBuffer(host.decapsulate(native, bytes));
  startRequest('DERIVEBITSREQUEST', () => host.decapsulateLater(native, bytes).then(toBuffer), callback);
  return undefined;
}

module.exports = { DiffieHellman, DiffieHellmanGroup, ECDH, decapsulate, diffieHellman, encapsulate };
