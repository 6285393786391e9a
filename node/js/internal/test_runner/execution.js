// SPDX-License-Identifier: Apache-2.0
//
// How the function of a test or hook is run: with a callback or a promise, until it ends, its time is over, or it
// is aborted.
'use strict';

const {
  kCallbackAndPromise,
  kMultipleCallbacks,
  kTestTimeout,
  testFailure,
} = require('internal/test_runner/failures');
const { isPromise } = require('internal/util/types');

// Tests may mock the globals.
const { clearTimeout, setTimeout } = require('timers');

const kNoTimeout = Infinity;

// Ends a test from outside: `promise` rejects when the time is over and resolves when `signal` aborts.
class Stop {
  #timer;
  #onAbort;
  #signal;

  constructor(timeout, signal) {
    const { promise, resolve, reject } = Promise.withResolvers();
    promise.catch(() => {}); // whoever races against it sees it
    this.promise = promise;
    this.#signal = signal;
    this.#onAbort = resolve;
    signal.addEventListener('abort', resolve, { __proto__: null, once: true });
    if (signal.aborted) resolve();
    if (timeout !== kNoTimeout) {
      this.#timer = setTimeout(() => {
        reject(testFailure(`test timed out after ${timeout}ms`, kTestTimeout));
      }, timeout);
      this.#timer.unref();
    }
  }

  dispose() {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this.#onAbort);
  }
}

// A Node-style callback and the promise that it settles. A second call is an error.
function callbackPromise() {
  const { promise, resolve, reject } = Promise.withResolvers();
  let calls = 0;
  const callback = (error) => {
    calls++;
    if (calls === 2) throw testFailure('callback invoked multiple times', kMultipleCallbacks);
    if (calls > 2) return; // reported already
    if (error) reject(error);
    else resolve();
  };
  return { callback, promise };
}

// Calls `fn` with `args` and, if it has one parameter more, a callback. Returns what to wait for.
function callFunction(fn, thisArg, args) {
  if (fn.length !== args.length + 1) return Reflect.apply(fn, thisArg, args);
  const { callback, promise } = callbackPromise();
  const result = Reflect.apply(fn, thisArg, [...args, callback]);
  if (isPromise(result)) {
    result.catch(() => {}); // the misuse is what is reported
    throw testFailure('passed a callback but also returned a Promise', kCallbackAndPromise);
  }
  return promise;
}

module.exports = { callFunction, kNoTimeout, Stop };
