// SPDX-License-Identifier: Apache-2.0
//
// What the files of `http` share.
'use strict';

const { validateBoolean, validateOneOf } = require('internal/validators');
const {
  codes: { ERR_INVALID_ARG_VALUE },
} = require('internal/errors');

let date; // the value of a Date header, for this second

function forgetDate() {
  date = undefined;
}

function utcDate() {
  if (date === undefined) {
    const now = new Date();
    date = now.toUTCString();
    setTimeout(forgetDate, 1000 - now.getMilliseconds()).unref();
  }
  return date;
}

// `insecureHTTPParser` and `httpValidation`, two ways to say the same, of a server or a request.
function validateLeniency(options) {
  const { insecureHTTPParser, httpValidation } = options;
  if (insecureHTTPParser !== undefined) validateBoolean(insecureHTTPParser, 'options.insecureHTTPParser');
  if (httpValidation === undefined) return;
  validateOneOf(httpValidation, 'options.httpValidation', ['strict', 'relaxed', 'insecure']);
  if (insecureHTTPParser !== undefined) {
    throw new ERR_INVALID_ARG_VALUE(
      'options.httpValidation',
      httpValidation,
      'cannot be used together with options.insecureHTTPParser'
    );
  }
}

module.exports = {
  kCorked: Symbol('corked'),
  kHold: Symbol('hold'),
  kNeedDrain: Symbol('kNeedDrain'),
  kOnFinish: Symbol('onFinish'),
  kOutHeaders: Symbol('kOutHeaders'),
  kSocket: Symbol('kSocket'),
  kUniqueHeaders: Symbol('kUniqueHeaders'),
  utcDate,
  validateLeniency,
};
