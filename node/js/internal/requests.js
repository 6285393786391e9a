// SPDX-License-Identifier: Apache-2.0
//
// Operations that end with a callback: requests, as async_hooks sees them, and none of the promises in between.
'use strict';

const ids = require('internal/async_ids');

// Calls back after a promise, outside of its job, so that what the callback throws is an uncaught exception.
function callAfter(promise, callback) {
  const later = ids.track === undefined ? process.nextTick : (...args) => ids.track.hidden(process.nextTick, ...args);
  promise.then(
    (result) => (result === undefined ? later(callback, null) : later(callback, null, result)),
    (error) => later(callback, error),
  );
}

// Starts an operation, whose promise `run` gives, and calls back after it.
function request(type, run, callback) {
  if (ids.track === undefined) callAfter(run(), callback);
  else ids.track.hidden(() => callAfter(run(), ids.track.wrapCallback(type, callback)));
}

module.exports = { callAfter, request };
