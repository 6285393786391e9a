// SPDX-License-Identifier: Apache-2.0
// Whether connect() tries the addresses of all families, and how long each may take.
'use strict';

const { getOptionValue } = require('internal/options');
const { validateBoolean, validateInt32 } = require('internal/validators');

const LEAST_TIMEOUT = 10; // ms
const DEFAULT_TIMEOUT = 250; // of Node 24

let autoSelectFamily;
let attemptTimeout;

module.exports = {
  LEAST_TIMEOUT,
  getDefaultAutoSelectFamily() {
    autoSelectFamily ??= getOptionValue('--network-family-autoselection') ?? true;
    return autoSelectFamily;
  },
  setDefaultAutoSelectFamily(value) {
    validateBoolean(value, 'value');
    autoSelectFamily = value;
  },
  getDefaultAutoSelectFamilyAttemptTimeout() {
    attemptTimeout ??= getOptionValue('--network-family-autoselection-attempt-timeout') ?? DEFAULT_TIMEOUT;
    return attemptTimeout;
  },
  setDefaultAutoSelectFamilyAttemptTimeout(value) {
    validateInt32(value, 'value', 1);
    attemptTimeout = Math.max(value, LEAST_TIMEOUT);
  },
};
