// SPDX-License-Identifier: Apache-2.0
// A Transform that becomes a stream when it is first used as one: most hashes never are.
'use strict';

const { Transform } = require('stream');

const kOptions = Symbol('options');

function LazyTransform(options) {
  this[kOptions] = options;
}
Object.setPrototypeOf(LazyTransform.prototype, Transform.prototype);

for (const name of ['_readableState', '_writableState']) {
  Object.defineProperty(LazyTransform.prototype, name, {
    __proto__: null,
    configurable: true,
    get() {
      Reflect.apply(Transform, this, [this[kOptions]]); // sets both
      return this[name];
    },
    set(value) {
      Object.defineProperty(this, name, {
        __proto__: null,
        configurable: true,
        enumerable: true,
        value,
        writable: true,
      });
    },
  });
}

module.exports = LazyTransform;
