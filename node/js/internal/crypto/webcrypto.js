// SPDX-License-Identifier: Apache-2.0
// The global `crypto` (also crypto.webcrypto): random values work, SubtleCrypto refuses.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS },
} = require('internal/errors');
const { refuse, refuseAll, refuseAsync } = require('internal/refuse');

const kInternal = Symbol('internal');

class SubtleCrypto {
  constructor(token) {
    if (token !== kInternal) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }
}
const operations = [
  'encrypt',
  'decrypt',
  'sign',
  'verify',
  'digest',
  'generateKey',
  'deriveKey',
  'deriveBits',
  'importKey',
  'exportKey',
  'wrapKey',
  'unwrapKey',
];
Object.assign(SubtleCrypto.prototype, refuseAll('crypto.subtle', operations, refuseAsync));

class Crypto {
  #subtle = new SubtleCrypto(kInternal);

  constructor(token) {
    if (token !== kInternal) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  get subtle() {
    if (!(#subtle in this)) throw new ERR_INVALID_THIS('Crypto');
    return this.#subtle;
  }

  getRandomValues(array) {
    if (!(#subtle in this)) throw new ERR_INVALID_THIS('Crypto');
    return require('internal/crypto/random').getRandomValues(array);
  }

  randomUUID(options) {
    if (!(#subtle in this)) throw new ERR_INVALID_THIS('Crypto');
    return require('internal/crypto/random').randomUUID(options);
  }
}
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

module.exports = { Crypto, CryptoKey: refuse('CryptoKey'), SubtleCrypto, crypto: new Crypto(kInternal) };
