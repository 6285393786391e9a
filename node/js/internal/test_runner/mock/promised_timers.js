// SPDX-License-Identifier: Apache-2.0
//
// timers/promises over mocked timers.
'use strict';

const { AbortError } = require('internal/errors');
const { kEmptyObject } = require('internal/util');
const { validateAbortSignal, validateBoolean, validateNumber, validateObject } = require('internal/validators');

const aborted = (signal) => new AbortError(undefined, { cause: signal.reason });

function check(options) {
  validateObject(options, 'options');
  const { signal, ref = true } = options;
  validateAbortSignal(signal, 'options.signal');
  validateBoolean(ref, 'options.ref');
  return signal;
}

function abortable(clock, signal, start) {
  if (signal?.aborted) return Promise.reject(aborted(signal));
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clock.clear(timer);
      reject(aborted(signal));
    };
    const timer = start((value) => {
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    });
    signal?.addEventListener('abort', onAbort, { __proto__: null, once: true });
  });
}

// An iterator that has a value each time the interval is over; what is due waits for whoever asks.
async function* repeat(clock, delay, value, options) {
  const signal = check(options);
  if (signal?.aborted) throw aborted(signal);
  let due = 0;
  let wake;
  const onDue = () => {
    due++;
    wake?.();
  };
  const interval = clock.schedule(onDue, delay, [], true);
  const onAbort = () => {
    clock.clear(interval);
    wake?.();
  };
  signal?.addEventListener('abort', onAbort, { __proto__: null, once: true });
  try {
    while (!signal?.aborted || due > 0) {
      if (due === 0) {
        await new Promise((resolve) => {
          wake = resolve;
        });
      }
      for (; due > 0; due--) yield value;
    }
    throw aborted(signal);
  } finally {
    clock.clear(interval);
    signal?.removeEventListener('abort', onAbort);
  }
}

function makePromised(clock) {
  const promised = {
    async setTimeout(delay, value, options = kEmptyObject) {
      if (delay !== undefined) validateNumber(delay, 'delay');
      return abortable(clock, check(options), (done) => clock.schedule(done, delay, [value], false));
    },
    async setImmediate(value, options = kEmptyObject) {
      return abortable(clock, check(options), (done) => clock.scheduleImmediate(done, [value]));
    },
    setInterval: (delay, value, options = kEmptyObject) => repeat(clock, delay, value, options),
    wait: (delay, options) => promised.setTimeout(delay, undefined, options),
  };
  return promised;
}

module.exports = { makePromised };
