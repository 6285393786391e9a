// SPDX-License-Identifier: Apache-2.0
// What readable-stream asks of errors: ours, instead of the copy that the package brings for other places.
'use strict';

const { AbortError, codes, hideStackFrames } = require('internal/errors');

function aggregateTwoErrors(inner, outer) {
  if (!inner || !outer || inner === outer) return inner || outer;
  if (Array.isArray(outer.errors)) {
    outer.errors.push(inner);
    return outer;
  }
  const error = new AggregateError([outer, inner], outer.message);
  error.code = outer.code;
  return error;
}

module.exports = { AbortError, aggregateTwoErrors, codes, hideStackFrames };
