// SPDX-License-Identifier: Apache-2.0
//
// The option `expectFailure`: a reason, what the error must look like, or both.
'use strict';

const {
  codes: { ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { isRegExp } = require('internal/util/types');

// { label, match }, false when no failure is expected.
function parseExpectFailure(option) {
  if (option === undefined || option === false) return false;
  if (typeof option === 'string') return { __proto__: null, label: option, match: undefined };
  if (typeof option === 'function' || isRegExp(option)) return { __proto__: null, label: undefined, match: option };
  if (typeof option !== 'object' || option === null) return { __proto__: null, label: undefined, match: undefined };
  const keys = Object.keys(option);
  if (keys.length === 0) throw new ERR_INVALID_ARG_VALUE('options.expectFailure', option, 'must not be an empty object');
  if (keys.every((key) => key === 'label' || key === 'match')) {
    return { __proto__: null, label: option.label, match: option.match };
  }
  return { __proto__: null, label: undefined, match: option };
}

// Is `error` what was expected?
function isExpected(expectation, error) {
  if (expectation.match === undefined) return true;
  const assert = require('assert');
  try {
    assert.throws(() => {
      throw error;
    }, expectation.match);
    return true;
  } catch {
    return false; // the test's own error tells more than the comparison
  }
}

module.exports = { isExpected, parseExpectFailure };
