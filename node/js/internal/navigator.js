// SPDX-License-Identifier: Apache-2.0
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR },
} = require('internal/errors');
const { enumerable } = require('internal/util');

const kInitialize = Symbol('kInitialize');

class Navigator {
  #hardwareConcurrency;

  constructor(token) {
    if (token !== kInitialize) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  get hardwareConcurrency() {
    return (this.#hardwareConcurrency ??= require('os').availableParallelism());
  }

  get language() {
    return 'en-US';
  }

  get languages() {
    return Object.freeze(['en-US']);
  }

  // Node's own value: packages look for it to tell runtimes apart.
  get userAgent() {
    return `Node.js/${/^v(\d+)/.exec(process.version)[1]}`;
  }

  get platform() {
    return process.platform === 'linux'
      ? `Linux ${process.arch === 'x64' ? 'x86_64' : process.arch}`
      : process.platform;
  }
}
enumerable(Navigator, 'hardwareConcurrency', 'language', 'languages', 'userAgent', 'platform');

module.exports = { navigator: new Navigator(kInitialize), Navigator };
