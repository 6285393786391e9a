// SPDX-License-Identifier: Apache-2.0
// Helpers of readable-stream: ours, instead of the copy that the package brings for other places.
'use strict';

const { deprecate, kEmptyObject, promisify } = require('internal/util');

module.exports = {
  addAbortListener: (signal, listener) => require('events').addAbortListener(signal, listener),
  AbortSignalAny: (signals) => require('internal/abort_controller').AbortSignal.any(signals),
  createDeferredPromise: () => Promise.withResolvers(),
  debuglog: () => () => {},
  deprecate,
  inspect: (value, options) => require('internal/util/inspect').inspect(value, options),
  isBlob: (value) => require('internal/blob').isBlob(value),
  kEmptyObject,
  once(callback) {
    let called = false;
    return function (...args) {
      if (called) return;
      called = true;
      Reflect.apply(callback, this, args);
    };
  },
  promisify,
};
