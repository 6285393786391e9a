// SPDX-License-Identifier: Apache-2.0
//
// The global gc() of --expose-gc, and who wants to know of it. Collections that the engine does by itself, in the
// middle of other code, are not told.
'use strict';

const { collectGarbage } = internalBinding('process_methods');

let listener;

function gc() {
  if (listener === undefined) return collectGarbage();
  const { now } = require('internal/performance');
  const start = now();
  collectGarbage();
  listener(start, now() - start);
  return undefined;
}

module.exports = {
  gc,
  onCollection(callback) {
    listener = callback;
  },
};
