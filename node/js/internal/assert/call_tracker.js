// SPDX-License-Identifier: Apache-2.0
//
// assert.CallTracker, which Node has deprecated: functions that must be called so many times.
'use strict';

const {
  codes: { ERR_INVALID_ARG_VALUE, ERR_UNAVAILABLE_DURING_EXIT },
} = require('internal/errors');
const { deprecate } = require('internal/util');
const { validateUint32 } = require('internal/validators');

const noop = () => {};

class CallTrackerContext {
  #calls = [];
  #expected;
  #name;
  #stack;

  constructor({ expected, name, stack }) {
    this.#expected = expected;
    this.#name = name;
    this.#stack = stack;
  }

  track(thisArg, args) {
    this.#calls.push(Object.freeze({ thisArg, arguments: Object.freeze([...args]) }));
  }

  reset() {
    this.#calls = [];
  }

  getCalls() {
    return Object.freeze([...this.#calls]);
  }

  // Undefined when it was called as often as it should be.
  report() {
    const actual = this.#calls.length;
    if (actual === this.#expected) return undefined;
    const message = `Expected the ${this.#name} function to be executed ${this.#expected} time(s) but was executed ${actual} time(s).`;
    return { message, actual, expected: this.#expected, operator: this.#name, stack: this.#stack };
  }
}

class CallTracker {
  #contexts = new Map(); // tracked function -> context

  #of(tracked) {
    const context = this.#contexts.get(tracked);
    if (context === undefined) {
      throw new ERR_INVALID_ARG_VALUE('tracked', tracked, 'is not a tracked function');
    }
    return context;
  }

  reset(tracked) {
    if (tracked === undefined) for (const context of this.#contexts.values()) context.reset();
    else this.#of(tracked).reset();
  }

  getCalls(tracked) {
    return this.#of(tracked).getCalls();
  }

  calls(fn, expected = 1) {
    if (process._exiting) throw new ERR_UNAVAILABLE_DURING_EXIT();
    if (typeof fn === 'number') {
      expected = fn;
      fn = noop;
    } else if (fn === undefined) fn = noop;
    validateUint32(expected, 'expected', true);
    const context = new CallTrackerContext({ expected, name: fn.name || 'calls', stack: new Error() });
    const tracked = new Proxy(fn, {
      __proto__: null,
      apply(target, thisArg, args) {
        context.track(thisArg, args);
        return Reflect.apply(target, thisArg, args);
      },
    });
    this.#contexts.set(tracked, context);
    return tracked;
  }

  report() {
    return [...this.#contexts.values()].map((context) => context.report()).filter((found) => found !== undefined);
  }

  verify() {
    const details = this.report();
    if (details.length === 0) return;
    const message =
      details.length === 1
        ? details[0].message
        : 'Functions were not called the expected number of times';
    const { AssertionError } = require('internal/assert/assertion_error');
    throw new AssertionError({ message, details });
  }
}

module.exports = {
  CallTracker: deprecate(CallTracker, 'assert.CallTracker is deprecated.', 'DEP0173'),
};
