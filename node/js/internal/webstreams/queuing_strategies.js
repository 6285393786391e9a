// SPDX-License-Identifier: Apache-2.0
// CountQueuingStrategy and ByteLengthQueuingStrategy.
'use strict';

const {
  codes: { ERR_INVALID_THIS, ERR_MISSING_OPTION },
} = require('internal/errors');
const { finishClass, kState, ofKind, validateObjectLike } = require('internal/webstreams/util');

// One function for all strategies of a class.
const sizes = {
  CountQueuingStrategy: Object.defineProperty(() => 1, 'name', { __proto__: null, value: 'size' }),
  ByteLengthQueuingStrategy: Object.defineProperty((chunk) => chunk.byteLength, 'name', {
    __proto__: null,
    value: 'size',
  }),
};

function makeState(kind, init) {
  validateObjectLike(init, 'init');
  if (init.highWaterMark === undefined) throw new ERR_MISSING_OPTION('options.highWaterMark');
  return { kind, highWaterMark: +init.highWaterMark };
}

const isCount = ofKind('CountQueuingStrategy');
const isByteLength = ofKind('ByteLengthQueuingStrategy');

class CountQueuingStrategy {
  constructor(init) {
    this[kState] = makeState('CountQueuingStrategy', init);
  }

  get highWaterMark() {
    if (!isCount(this)) throw new ERR_INVALID_THIS('CountQueuingStrategy');
    return this[kState].highWaterMark;
  }

  get size() {
    if (!isCount(this)) throw new ERR_INVALID_THIS('CountQueuingStrategy');
    return sizes.CountQueuingStrategy;
  }
}

class ByteLengthQueuingStrategy {
  constructor(init) {
    this[kState] = makeState('ByteLengthQueuingStrategy', init);
  }

  get highWaterMark() {
    if (!isByteLength(this)) throw new ERR_INVALID_THIS('ByteLengthQueuingStrategy');
    return this[kState].highWaterMark;
  }

  get size() {
    if (!isByteLength(this)) throw new ERR_INVALID_THIS('ByteLengthQueuingStrategy');
    return sizes.ByteLengthQueuingStrategy;
  }
}

for (const Class of [CountQueuingStrategy, ByteLengthQueuingStrategy]) {
  finishClass(Class, ['highWaterMark', 'size'], ({ highWaterMark }) => ({ highWaterMark }));
}

module.exports = { ByteLengthQueuingStrategy, CountQueuingStrategy };
