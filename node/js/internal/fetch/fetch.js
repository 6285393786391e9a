// SPDX-License-Identifier: Apache-2.0
// The global `fetch`: undici's, which is Node's, loaded by the first call.
'use strict';

function fetch(input, init = undefined) {
  const { fetch: start } = require('internal/deps/undici/lib/web/fetch/index');
  return start(input, init).catch((error) => {
    if (error && typeof error === 'object') Error.captureStackTrace(error, fetch); // where the program called it
    throw error;
  });
}

module.exports = { fetch };
