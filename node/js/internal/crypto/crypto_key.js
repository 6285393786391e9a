// SPDX-License-Identifier: Apache-2.0
// CryptoKey: a key handle with what WebCrypto lets one do with it.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS },
} = require('internal/errors');
const { kClone, kDeserialize, markTransferMode } = require('internal/transferable');

const kInternal = Symbol('internal');
const kInspect = Symbol.for('nodejs.util.inspect.custom');

class CryptoKey {
  #handle;
  #algorithm;
  #usages;
  #isExtractable;
  #shownAlgorithm;
  #shownUsages;

  constructor(token = undefined, handle, algorithm, usages, isExtractable) {
    if (token !== kInternal) throw new ERR_ILLEGAL_CONSTRUCTOR();
    this.#handle = handle;
    this.#algorithm = algorithm;
    this.#usages = usages;
    this.#isExtractable = isExtractable;
    markTransferMode(this, true, false);
  }

  static slotsOf(key) {
    return { handle: key.#handle, algorithm: key.#algorithm, usages: key.#usages, extractable: key.#isExtractable };
  }

  static isCryptoKey(value) {
    return typeof value === 'object' && value !== null && #handle in value;
  }

  get type() {
    if (!isCryptoKey(this)) throw new ERR_INVALID_THIS('CryptoKey');
    return this.#handle.type;
  }

  get extractable() {
    if (!isCryptoKey(this)) throw new ERR_INVALID_THIS('CryptoKey');
    return this.#isExtractable;
  }

  get algorithm() {
    if (!isCryptoKey(this)) throw new ERR_INVALID_THIS('CryptoKey');
    this.#shownAlgorithm ??= copyOf(this.#algorithm);
    return this.#shownAlgorithm;
  }

  get usages() {
    if (!isCryptoKey(this)) throw new ERR_INVALID_THIS('CryptoKey');
    this.#shownUsages ??= [...this.#usages];
    return this.#shownUsages;
  }

  [kInspect](depth, options) {
    if (depth < 0) return this;
    const { inspect } = require('internal/util/inspect');
    const { type } = this;
    const [algorithm, usages, extractable] = [copyOf(this.#algorithm), this.#usages, this.#isExtractable];
    const nested = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `CryptoKey ${inspect({ type, extractable, algorithm, usages }, nested)}`;
  }

  [kClone]() {
    const data = {
      key: this.#handle.pack(),
      algorithm: this.#algorithm,
      usages: this.#usages,
      extractable: this.#isExtractable,
    };
    return { data, deserializeInfo: 'internal/crypto/crypto_key:ReceivedCryptoKey' };
  }
}
const { isCryptoKey, slotsOf } = CryptoKey;
delete CryptoKey.isCryptoKey;
delete CryptoKey.slotsOf;
for (const name of ['type', 'extractable', 'algorithm', 'usages']) {
  Object.defineProperty(CryptoKey.prototype, name, { __proto__: null, enumerable: true });
}
Object.defineProperty(CryptoKey.prototype, Symbol.toStringTag, {
  __proto__: null,
  configurable: true,
  value: 'CryptoKey',
});

// What a program gets may be changed by it; what decides may not.
function copyOf(algorithm) {
  const copy = { ...algorithm };
  if (algorithm.hash !== undefined) copy.hash = { ...algorithm.hash };
  if (algorithm.publicExponent !== undefined) copy.publicExponent = new Uint8Array(algorithm.publicExponent);
  return copy;
}

// Stands for a key that comes from another thread until its content is there.
class ReceivedCryptoKey {
  constructor() {
    markTransferMode(this, true, false);
  }

  [kDeserialize]({ key, algorithm, usages, extractable }) {
    const { KeyHandle } = require('internal/crypto/keys');
    return new CryptoKey(kInternal, KeyHandle.unpack(key), algorithm, usages, extractable);
  }
}

// Order and duplicates of usages do not matter: they are kept as the standard lists them.
const usageOrder = [
  'encrypt',
  'decrypt',
  'sign',
  'verify',
  'deriveKey',
  'deriveBits',
  'wrapKey',
  'unwrapKey',
  'encapsulateKey',
  'encapsulateBits',
  'decapsulateKey',
  'decapsulateBits',
];

const makeCryptoKey = (handle, algorithm, usages, extractable) =>
  new CryptoKey(
    kInternal,
    handle,
    algorithm,
    usageOrder.filter((usage) => usages.includes(usage)),
    extractable,
  );

module.exports = {
  CryptoKey,
  ReceivedCryptoKey,
  handleOf: (key) => slotsOf(key).handle,
  isCryptoKey,
  makeCryptoKey,
  slotsOf,
  usageOrder,
};
