// SPDX-License-Identifier: Apache-2.0
// The global `crypto` (also crypto.webcrypto) and its SubtleCrypto. What computes is loaded when it is first asked for.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS },
} = require('internal/errors');

const kInternal = Symbol('internal');

const idl = () => require('internal/crypto/webidl');
const algorithms = () => require('internal/crypto/webcrypto_algorithms');
const keyParts = () => require('internal/crypto/webcrypto_keys');
const operations = () => require('internal/crypto/webcrypto_operations');
const slotsOf = (key) => require('internal/crypto/crypto_key').slotsOf(key);

const ordinals = ['1st', '2nd', '3rd', '4th', '5th', '6th', '7th'];

// The arguments of a method, each through its converter.
function converted(method, args, converters, optional = 0) {
  const prefix = `Failed to execute '${method}' on 'SubtleCrypto'`;
  idl().requiredArguments(args.length, converters.length - optional, prefix);
  return converters.map((convert, index) => {
    if (index >= args.length || (index >= converters.length - optional && args[index] === undefined)) return undefined;
    return convert(args[index], { prefix, context: `${ordinals[index]} argument` });
  });
}

const algorithm = (value, options) => idl().algorithmIdentifier(value, options);
const data = (value, options) => idl().bufferSource(value, options);
// Bytes are copied when the algorithm has been read: its getters may change them, what comes later may not.
const copied = (bytes) => algorithms().copyBytes(bytes);
const key = (value, options) => idl().cryptoKey(value, options);
const format = (value, options) => idl().keyFormat(value, options);
const usages = (value, options) => idl().keyUsages(value, options);
const boolean = Boolean;
const nullableLength = (value, options) => (value === null ? null : idl().unsignedLong(value, options));

const denied = (message) => algorithms().error('InvalidAccessError', message);
const normalize = (given, operation) => algorithms().normalizeAlgorithm(given, operation);

function checkUse(name, cryptoKey, usage, messages = {}) {
  const slots = slotsOf(cryptoKey);
  if (slots.algorithm.name !== name) throw denied(messages.algorithm ?? 'Key algorithm mismatch');
  if (!slots.usages.includes(usage)) throw denied(messages.usage ?? `Unable to use this key to ${usage}`);
}

const parseText = (bytes) => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

async function encryptOrDecrypt(method, args) {
  const [given, cryptoKey, bytes] = converted(method, args, [algorithm, key, data]);
  const normalized = normalize(given, method);
  checkUse(normalized.name, cryptoKey, method);
  return operations()[method](normalized, cryptoKey, copied(bytes));
}

async function deriveBits(normalized, baseKey, length) {
  return operations().deriveBits(normalized, baseKey, length);
}

// A wrapping algorithm may be one for keys only, or an ordinary cipher.
function normalizeWrap(given, operation, otherwise) {
  try {
    return normalize(given, operation);
  } catch {
    return normalize(given, otherwise); // whose error is the one to be seen
  }
}

const methods = {
  async digest(...args) {
    const [given, bytes] = converted('digest', args, [algorithm, data]);
    return operations().digest(normalize(given, 'digest'), copied(bytes));
  },

  async generateKey(...args) {
    const [given, extractable, list] = converted('generateKey', args, [algorithm, boolean, usages]);
    return keyParts().generateKey(normalize(given, 'generateKey'), extractable, list);
  },

  async deriveBits(...args) {
    const [given, baseKey, length = null] = converted('deriveBits', args, [algorithm, key, nullableLength], 1);
    const normalized = normalize(given, 'deriveBits');
    checkUse(normalized.name, baseKey, 'deriveBits', { usage: 'baseKey does not have deriveBits usage' });
    return deriveBits(normalized, baseKey, length);
  },

  async deriveKey(...args) {
    const [given, baseKey, derived, extractable, list] = converted('deriveKey', args, [algorithm, key, algorithm, boolean, usages]);
    const normalized = normalize(given, 'deriveBits');
    const imported = normalize(derived, 'importKey');
    const sized = normalize(derived, 'get key length');
    checkUse(normalized.name, baseKey, 'deriveKey', { usage: 'baseKey does not have deriveKey usage' });
    const length = operations().keyLength(sized);
    const bits = await deriveBits(normalized, baseKey, length);
    const made = keyParts().importKey('raw-secret', bits, imported, extractable, list);
    return made;
  },

  async importKey(...args) {
    const [kind] = converted('importKey', args, [format, (value) => value, algorithm, boolean, usages]);
    const asData = kind === 'jwk' ? (value, options) => idl().jsonWebKey(value, options) : data;
    const [, content, given, extractable, list] = converted('importKey', args, [format, asData, algorithm, boolean, usages]);
    const normalized = normalize(given, 'importKey');
    return keyParts().importKey(kind, kind === 'jwk' ? content : copied(content), normalized, extractable, list);
  },

  async exportKey(...args) {
    const [kind, cryptoKey] = converted('exportKey', args, [format, key]);
    const { algorithm: own, extractable } = slotsOf(cryptoKey);
    exportable(own);
    if (!extractable) throw denied('key is not extractable');
    return keyParts().exportKey(kind, cryptoKey);
  },

  async sign(...args) {
    const [given, cryptoKey, bytes] = converted('sign', args, [algorithm, key, data]);
    const normalized = normalize(given, 'sign');
    checkUse(normalized.name, cryptoKey, 'sign');
    return operations().sign(normalized, cryptoKey, copied(bytes));
  },

  async verify(...args) {
    const [given, cryptoKey, signature, bytes] = converted('verify', args, [algorithm, key, data, data]);
    const normalized = normalize(given, 'verify');
    checkUse(normalized.name, cryptoKey, 'verify');
    return operations().verify(normalized, cryptoKey, copied(signature), copied(bytes));
  },

  async encrypt(...args) {
    return encryptOrDecrypt('encrypt', args);
  },

  async decrypt(...args) {
    return encryptOrDecrypt('decrypt', args);
  },

  async wrapKey(...args) {
    const [kind, cryptoKey, wrappingKey, given] = converted('wrapKey', args, [format, key, key, algorithm]);
    const normalized = normalizeWrap(given, 'wrapKey', 'encrypt');
    checkUse(normalized.name, wrappingKey, 'wrapKey', { usage: 'Unable to use this key to wrapKey' });
    const { algorithm: own, extractable } = slotsOf(cryptoKey);
    exportable(own);
    if (!extractable) throw denied('key is not extractable');
    const exported = keyParts().exportKey(kind, cryptoKey);
    let bytes = new Uint8Array(kind === 'jwk' ? 0 : exported);
    if (kind === 'jwk') {
      let text = JSON.stringify(exported);
      // AES-KW takes whole blocks only: spaces change no JSON.
      if (normalized.name === 'AES-KW' && text.length % 8) text = `${text.slice(0, -1)}${' '.repeat(8 - (text.length % 8))}}`;
      bytes = new TextEncoder().encode(text);
    }
    if (normalized.name === 'AES-KW') return operations().wrapBytes(true, wrappingKey, bytes);
    return operations().encrypt(normalized, wrappingKey, bytes);
  },

  async unwrapKey(...args) {
    const converters = [format, data, key, algorithm, algorithm, boolean, usages];
    const [kind, wrapped, unwrappingKey, given, givenKey, extractable, list] = converted('unwrapKey', args, converters);
    const normalized = normalizeWrap(given, 'unwrapKey', 'decrypt');
    const imported = normalize(givenKey, 'importKey');
    checkUse(normalized.name, unwrappingKey, 'unwrapKey', { usage: 'Unable to use this key to unwrapKey' });
    let content =
      normalized.name === 'AES-KW'
        ? await operations().wrapBytes(false, unwrappingKey, copied(wrapped))
        : await operations().decrypt(normalized, unwrappingKey, copied(wrapped));
    if (kind === 'jwk') {
      try {
        content = idl().jsonWebKey(JSON.parse(parseText(content)), { context: 'wrapped key' });
      } catch (cause) {
        throw algorithms().error('DataError', 'Invalid wrapped JWK key', cause);
      }
    }
    return keyParts().importKey(kind, content, imported, extractable, list);
  },

  async getPublicKey(...args) {
    const [cryptoKey, list] = converted('getPublicKey', args, [key, usages]);
    const { handle, algorithm: own } = slotsOf(cryptoKey);
    if (handle.type !== 'private') {
      const name = handle.type === 'secret' ? 'NotSupportedError' : 'InvalidAccessError';
      throw algorithms().error(name, 'key must be a private key');
    }
    const allowed = keyParts().allowedUsages(own.name).public;
    if (list.some((usage) => !allowed.includes(usage))) throw algorithms().error('SyntaxError', `Unsupported key usage for ${own.name} key`);
    const { publicHandle } = require('internal/crypto/keys');
    return require('internal/crypto/crypto_key').makeCryptoKey(publicHandle(handle), own, list, true);
  },

  async encapsulateBits(...args) {
    const [given, cryptoKey] = converted('encapsulateBits', args, [algorithm, key]);
    checkUse(normalize(given, 'encapsulate').name, cryptoKey, 'encapsulateBits', { usage: 'encapsulationKey does not have encapsulateBits usage' });
    return operations().encapsulate(cryptoKey);
  },

  async encapsulateKey(...args) {
    const [given, cryptoKey, givenKey, extractable, list] = converted('encapsulateKey', args, [algorithm, key, algorithm, boolean, usages]);
    const imported = normalize(givenKey, 'importKey');
    checkUse(normalize(given, 'encapsulate').name, cryptoKey, 'encapsulateKey', { usage: 'encapsulationKey does not have encapsulateKey usage' });
    const { sharedKey, ciphertext } = await operations().encapsulate(cryptoKey);
    return { ciphertext, sharedKey: keyParts().importKey('raw-secret', sharedKey, imported, extractable, list) };
  },

  async decapsulateBits(...args) {
    const [given, cryptoKey, carried] = converted('decapsulateBits', args, [algorithm, key, data]);
    checkUse(normalize(given, 'decapsulate').name, cryptoKey, 'decapsulateBits', { usage: 'decapsulationKey does not have decapsulateBits usage' });
    return operations().decapsulate(cryptoKey, copied(carried));
  },

  async decapsulateKey(...args) {
    const converters = [algorithm, key, data, algorithm, boolean, usages];
    const [given, cryptoKey, carried, givenKey, extractable, list] = converted('decapsulateKey', args, converters);
    const imported = normalize(givenKey, 'importKey');
    checkUse(normalize(given, 'decapsulate').name, cryptoKey, 'decapsulateKey', { usage: 'decapsulationKey does not have decapsulateKey usage' });
    const bits = await operations().decapsulate(cryptoKey, copied(carried));
    return keyParts().importKey('raw-secret', bits, imported, extractable, list);
  },
};

// Keys of derivations cannot be exported at all.
function exportable({ name }) {
  try {
    normalize(name, 'exportKey');
  } catch (cause) {
    throw algorithms().error('NotSupportedError', `${name} key export is not supported`, cause);
  }
}

class SubtleCrypto {
  #isGenuine = true;

  constructor(token = undefined) {
    if (token !== kInternal) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  static isGenuine(value) {
    return typeof value === 'object' && value !== null && #isGenuine in value;
  }
}
const { isGenuine } = SubtleCrypto;
delete SubtleCrypto.isGenuine;

const lengths = {
  digest: 2, generateKey: 3, deriveBits: 2, deriveKey: 5, importKey: 5, exportKey: 2, sign: 3, verify: 4, encrypt: 3, decrypt: 3,
  wrapKey: 4, unwrapKey: 7, getPublicKey: 2, encapsulateBits: 2, encapsulateKey: 5, decapsulateBits: 3, decapsulateKey: 6,
};
for (const [name, run] of Object.entries(methods)) {
  const method = {
    async [name](...args) {
      if (!isGenuine(this)) throw new ERR_INVALID_THIS('SubtleCrypto');
      return run(...args);
    },
  }[name];
  Object.defineProperty(method, 'length', { __proto__: null, configurable: true, value: lengths[name] });
  Object.defineProperty(SubtleCrypto.prototype, name, { __proto__: null, configurable: true, enumerable: true, value: method, writable: true });
}

Object.defineProperty(SubtleCrypto, 'supports', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  value: function supports(...args) {
    return require('internal/crypto/webcrypto_supports').supports(this, args);
  },
  writable: true,
});

class Crypto {
  #subtle = new SubtleCrypto(kInternal);

  constructor(token = undefined) {
    if (token !== kInternal) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  static isGenuine(value) {
    return typeof value === 'object' && value !== null && #subtle in value;
  }

  get subtle() {
    if (!isCrypto(this)) throw new ERR_INVALID_THIS('Crypto');
    return this.#subtle;
  }

  getRandomValues(array) {
    if (!isCrypto(this)) throw new ERR_INVALID_THIS('Crypto');
    idl().requiredArguments(arguments.length, 1, "Failed to execute 'getRandomValues' on 'Crypto'");
    return require('internal/crypto/random').getRandomValues(array);
  }

  randomUUID(options = undefined) {
    if (!isCrypto(this)) throw new ERR_INVALID_THIS('Crypto');
    return require('internal/crypto/random').randomUUID(options);
  }
}
const { isGenuine: isCrypto } = Crypto;
delete Crypto.isGenuine;
for (const name of ['subtle', 'getRandomValues', 'randomUUID']) {
  const descriptor = Object.getOwnPropertyDescriptor(Crypto.prototype, name);
  Object.defineProperty(Crypto.prototype, name, { ...descriptor, enumerable: true });
}
for (const Class of [Crypto, SubtleCrypto]) {
  Object.defineProperty(Class.prototype, Symbol.toStringTag, {
    __proto__: null,
    configurable: true,
    value: Class.name,
  });
}

module.exports = {
  Crypto,
  SubtleCrypto,
  crypto: new Crypto(kInternal),
  get CryptoKey() {
    return require('internal/crypto/crypto_key').CryptoKey;
  },
  isSubtleCrypto: isGenuine,
};
