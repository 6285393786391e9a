// SPDX-License-Identifier: Apache-2.0
//
// What the functions of tests and suites get as their argument, and as `this`.
'use strict';

const {
  codes: { ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { callerLocation } = require('internal/test_runner/location');
const { Plan } = require('internal/test_runner/plan');
const { setInterval, clearInterval, setTimeout, clearTimeout } = require('timers');
const {
  validateFunction,
  validateNumber,
  validateObject,
} = require('internal/validators');

class TestContext {
  #assert;
  #test;

  constructor(test) {
    this.#test = test;
  }

  get signal() {
    return this.#test.signal;
  }

  get name() {
    return this.#test.name;
  }

  get filePath() {
    return this.#test.entryFile;
  }

  get fullName() {
    return this.#test.fullName;
  }

  get error() {
    return this.#test.error;
  }

  get passed() {
    return this.#test.passed;
  }

  get attempt() {
    return this.#test.attempt ?? 0;
  }

  get tags() {
    return this.#test.tags;
  }

  get workerId() {
    return Number(process.env.NODE_TEST_WORKER_ID) || undefined;
  }

  diagnostic(message) {
    this.#test.diagnostic(message);
  }

  plan(count, options = {}) {
    if (this.#test.plan !== null) throw new ERR_INVALID_ARG_VALUE('count', count, 'plan was set already');
    this.#test.plan = new Plan(count, options);
  }

  get assert() {
    this.#assert ??= require('internal/test_runner/assert').assertionsFor(this.#test, this);
    return this.#assert;
  }

  get mock() {
    this.#test.mock ??= new (require('internal/test_runner/mock/mock').MockTracker)();
    return this.#test.mock;
  }

  runOnly(value) {
    this.#test.runOnlySubtests = Boolean(value);
  }

  skip(message) {
    this.#test.skip(message);
  }

  todo(message) {
    this.#test.todo(message);
  }

  test(name, options, fn) {
    this.#test.plan?.count();
    const { Test } = require('internal/test_runner/test');
    const loc = callerLocation(this.test);
    return this.#test.createSubtest(Test, name, options, fn, { __proto__: null, loc }).start();
  }

  before(fn, options) {
    this.#test.createHook('before', fn, { __proto__: null, ...options, loc: callerLocation(this.before) });
  }

  after(fn, options) {
    this.#test.createHook('after', fn, { __proto__: null, ...options, loc: callerLocation(this.after) });
  }

  beforeEach(fn, options) {
    this.#test.createHook('beforeEach', fn, { __proto__: null, ...options, loc: callerLocation(this.beforeEach) });
  }

  afterEach(fn, options) {
    this.#test.createHook('afterEach', fn, { __proto__: null, ...options, loc: callerLocation(this.afterEach) });
  }

  // Calls `condition` again and again until it does not throw; the promise is of what it returns.
  waitFor(condition, options = {}) {
    validateFunction(condition, 'condition');
    validateObject(options, 'options');
    const { interval = 50, timeout = 1000 } = options;
    validateNumber(interval, 'options.interval', 0, 2 ** 31 - 1);
    validateNumber(timeout, 'options.timeout', 0, 2 ** 31 - 1);
    const { promise, resolve, reject } = Promise.withResolvers();
    let cause;
    let isPolling = false;
    let poller;
    const timer = setTimeout(() => {
      clearInterval(poller);
      const error = new Error('waitFor() timed out');
      if (cause !== undefined) error.cause = cause;
      reject(error);
    }, timeout);
    const poll = async () => {
      if (isPolling) return;
      isPolling = true;
      try {
        const result = await condition();
        clearTimeout(timer);
        clearInterval(poller);
        resolve(result);
      } catch (error) {
        cause = error;
      } finally {
        isPolling = false;
      }
    };
    poller = setInterval(poll, interval);
    poll();
    return promise;
  }
}

class SuiteContext {
  #suite;

  constructor(suite) {
    this.#suite = suite;
  }

  get signal() {
    return this.#suite.signal;
  }

  get name() {
    return this.#suite.name;
  }

  get filePath() {
    return this.#suite.entryFile;
  }

  get fullName() {
    return this.#suite.fullName;
  }

  get passed() {
    return this.#suite.passed;
  }

  get attempt() {
    return this.#suite.attempt ?? 0;
  }

  diagnostic(message) {
    this.#suite.diagnostic(message);
  }
}

module.exports = { SuiteContext, TestContext };
