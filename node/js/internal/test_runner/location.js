// SPDX-License-Identifier: Apache-2.0
//
// Where a test was written: the call of `test`, `it`, a hook ...
'use strict';

// The place of the call of `callee`: { line, column, file }, undefined when no script calls it.
function callerLocation(callee) {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder = {};
  Error.prepareStackTrace = (error, sites) => sites;
  Error.stackTraceLimit = 1;
  try {
    Error.captureStackTrace(holder, callee);
    const [site] = holder.stack;
    if (site === undefined || site.getFileName() === null) return undefined;
    let file = site.getFileName();
    if (file.startsWith('file://')) file = require('internal/url').fileURLToPath(file);
    return { __proto__: null, line: site.getLineNumber(), column: site.getColumnNumber(), file };
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

module.exports = { callerLocation };
