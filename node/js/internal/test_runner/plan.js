// SPDX-License-Identifier: Apache-2.0
//
// t.plan(): how many assertions and subtests a test must have seen when it ends.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { kTestCodeFailure, kTestTimeout, testFailure } = require('internal/test_runner/failures');
const { clearTimeout, setTimeout } = require('timers');
const { validateNumber, validateObject, validateUint32 } = require('internal/validators');

class Plan {
  #deferred;
  #timer;

  constructor(count, options = {}) {
    validateUint32(count, 'count');
    validateObject(options, 'options');
    const { wait } = options;
    if (wait !== undefined) {
      if (typeof wait === 'number') validateNumber(wait, 'options.wait', 0, 2 ** 31 - 1);
      else if (typeof wait !== 'boolean') throw new ERR_INVALID_ARG_TYPE('options.wait', ['boolean', 'number'], wait);
    }
    this.expected = count;
    this.actual = 0;
    this.wait = wait;
  }

  #mismatch(failureType) {
    const waited = failureType === kTestTimeout ? `plan timed out after ${this.wait}ms with ` : 'plan expected ';
    const assertions =
      failureType === kTestTimeout
        ? `${this.actual} assertions when expecting ${this.expected}`
        : `${this.expected} assertions but received ${this.actual}`;
    return testFailure(waited + assertions, failureType);
  }

  // Called when the test's function has ended. A promise when the rest may still come.
  check() {
    if (this.actual === this.expected) return undefined;
    if (this.wait === undefined || this.wait === false) throw this.#mismatch(kTestCodeFailure);
    this.#deferred = Promise.withResolvers();
    if (this.wait !== true) {
      this.#timer = setTimeout(() => this.#deferred.reject(this.#mismatch(kTestTimeout)), this.wait);
    }
    return this.#deferred.promise;
  }

  count() {
    this.actual++;
    if (this.#deferred === undefined) return;
    if (this.actual === this.expected) {
      clearTimeout(this.#timer);
      this.#deferred.resolve();
    }
    if (this.actual > this.expected) {
      clearTimeout(this.#timer);
      this.#deferred.reject(this.#mismatch(kTestCodeFailure));
    }
  }
}

module.exports = { Plan };
