// SPDX-License-Identifier: Apache-2.0
//
// The host's functions. What JavaScript throws while SQLite calls it goes on unchanged, instead of SQLite's own error.
'use strict';

const raw = internalBinding('sqlite_host');

let pending; // { thrown }

// `fn`, for SQLite to call.
function called(fn) {
  return (...args) => {
    try {
      return fn(...args);
    } catch (thrown) {
      pending ??= { thrown };
      throw thrown;
    }
  };
}

const host = { __proto__: null };
for (const name of Object.keys(raw)) {
  host[name] = (...args) => {
    try {
      return raw[name](...args);
    } catch (error) {
      if (pending === undefined) throw error;
      const { thrown } = pending;
      pending = undefined;
      throw thrown;
    }
  };
}

module.exports = { called, host };
