// SPDX-License-Identifier: Apache-2.0
//
// Timers as promises and async iterators, with AbortSignal.
'use strict';

const {
  AbortError,
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS },
} = require('internal/errors');
const { clearImmediate, clearTimeout, Immediate, insert, Timeout } = require('internal/timers');
const { kEmptyObject } = require('internal/util');
const {
  validateAbortSignal,
  validateBoolean,
  validateNumber,
  validateObject,
} = require('internal/validators');
const { getLibuvNow } = internalBinding('timers');

function check(options, delay) {
  if (delay !== undefined) validateNumber(delay, 'delay');
  validateObject(options, 'options');
  const { signal, ref = true } = options;
  validateAbortSignal(signal, 'options.signal');
  validateBoolean(ref, 'options.ref');
  return { signal, ref };
}

const aborted = (signal) => new AbortError(undefined, { cause: signal.reason });

// Runs `start(done)` and rejects, after `stop(started)`, when the signal aborts first.
function abortable(signal, start, stop) {
  if (signal?.aborted) return Promise.reject(aborted(signal));
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      stop(started);
      reject(aborted(signal));
    };
    const started = start((value) => {
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    });
    signal?.addEventListener('abort', onAbort, { __proto__: null, once: true });
  });
}

function startTimer(callback, delay, isRepeat, ref) {
  const timer = new Timeout(callback, delay, undefined, isRepeat, ref);
  insert(timer, getLibuvNow());
  return timer;
}

// Not async: hooks see the one promise that is returned. What `run` throws rejects it.
function promised(run) {
  try {
    return run();
  } catch (error) {
    return Promise.reject(error);
  }
}

function setTimeout(delay, value, options = kEmptyObject) {
  return promised(() => {
    const { signal, ref } = check(options, delay);
    return abortable(signal, (done) => startTimer(() => done(value), delay, false, ref), clearTimeout);
  });
}

function setImmediate(value, options = kEmptyObject) {
  return promised(() => {
    const { signal, ref } = check(options);
    const start = (done) => {
      const immediate = new Immediate(() => done(value), undefined);
      if (!ref) immediate.unref();
      return immediate;
    };
    return abortable(signal, start, clearImmediate);
  });
}

async function* setInterval(delay, value, options = kEmptyObject) {
  const { signal, ref } = check(options, delay);
  if (signal?.aborted) throw aborted(signal);
  let due = 0;
  let wake;
  const interval = startTimer(
    () => {
      due++;
      wake?.();
    },
    delay,
    true,
    ref
  );
  const onAbort = () => {
    clearTimeout(interval);
    wake?.();
  };
  signal?.addEventListener('abort', onAbort, { __proto__: null, once: true });
  try {
    while (!signal?.aborted) {
      if (due === 0)
        await new Promise((resolve) => {
          wake = resolve;
        });
      for (; due > 0; due--) yield value;
    }
    throw aborted(signal);
  } finally {
    clearTimeout(interval);
    signal?.removeEventListener('abort', onAbort);
  }
}

const kScheduler = Symbol('kScheduler');

class Scheduler {
  constructor() {
    throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  yield() {
    if (!this[kScheduler]) throw new ERR_INVALID_THIS('Scheduler');
    return setImmediate();
  }

  wait(delay, options) {
    if (!this[kScheduler]) throw new ERR_INVALID_THIS('Scheduler');
    return setTimeout(delay, undefined, options);
  }
}

module.exports = {
  setTimeout,
  setImmediate,
  setInterval,
  scheduler: Object.create(Scheduler.prototype, { [kScheduler]: { __proto__: null, value: true } }),
};
