// SPDX-License-Identifier: Apache-2.0
//
// performance.timerify: a function that reports how long it took, as an entry of type 'function'.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { validateFunction, validateObject } = require('internal/validators');

function report(fn, args, start, histogram) {
  const { deliverNodeEntry, now } = require('internal/performance');
  const duration = now() - start;
  histogram?.record(Math.max(1, Math.ceil(duration * 1e6)));
  const entry = deliverNodeEntry(fn.name || 'anonymous', 'function', start, duration, args);
  args.forEach((argument, i) => {
    entry[i] = argument;
  });
}

function timerify(fn, options = {}) {
  validateFunction(fn, 'fn');
  validateObject(options, 'options');
  const { histogram } = options;
  const { now } = require('internal/performance');
  if (histogram !== undefined && !(histogram instanceof require('internal/perf/histogram').RecordableHistogram)) {
    throw new ERR_INVALID_ARG_TYPE('options.histogram', 'RecordableHistogram', histogram);
  }
  function timerified(...args) {
    const start = now();
    const isConstructorCall = new.target !== undefined;
    const result = isConstructorCall ? Reflect.construct(fn, args, fn) : Reflect.apply(fn, this, args);
    if (!isConstructorCall && typeof result?.finally === 'function') {
      return result.finally(() => report(fn, args, start, histogram));
    }
    report(fn, args, start, histogram);
    return result;
  }
  Object.defineProperties(timerified, {
    length: { __proto__: null, configurable: false, enumerable: true, value: fn.length },
    name: { __proto__: null, configurable: false, enumerable: true, value: `timerified ${fn.name || 'anonymous'}` },
  });
  return timerified;
}

module.exports = { timerify };
