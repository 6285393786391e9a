// SPDX-License-Identifier: Apache-2.0
//
// The functions of the `events` module: once, on, getEventListeners, ….
'use strict';

const EventEmitter = require('events');
const {
  AbortError,
  codes: { ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const {
  isEventTarget,
  kResistStopPropagation,
  listenersOf,
  setMaxEventTargetListeners,
  maxListenersOf,
} = require('internal/event_target');
const {
  validateAbortSignal,
  validateFunction,
  validateInteger,
  validateNumber,
  validateObject,
} = require('internal/validators');

function subscribe(target, name, listener, flags) {
  if (typeof target.on === 'function') {
    if (flags?.once) target.once(name, listener);
    else target.on(name, listener);
  } else if (typeof target.addEventListener === 'function') {
    target.addEventListener(name, listener, flags);
  } else throw new ERR_INVALID_ARG_TYPE('emitter', 'EventEmitter', target);
}

function unsubscribe(target, name, listener, flags) {
  if (typeof target.removeListener === 'function') target.removeListener(name, listener);
  else if (typeof target.removeEventListener === 'function')
    target.removeEventListener(name, listener, flags);
  else throw new ERR_INVALID_ARG_TYPE('emitter', 'EventEmitter', target);
}

async function once(emitter, name, options = {}) {
  validateObject(options, 'options');
  const { signal } = options;
  validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  return new Promise((resolve, reject) => {
    const onError = (error) => {
      emitter.removeListener(name, resolver);
      if (signal) unsubscribe(signal, 'abort', abort);
      reject(error);
    };
    const resolver = (...args) => {
      if (typeof emitter.removeListener === 'function') emitter.removeListener('error', onError);
      if (signal) unsubscribe(signal, 'abort', abort);
      resolve(args);
    };
    const abort = () => {
      unsubscribe(emitter, name, resolver);
      if (typeof emitter.removeListener === 'function') emitter.removeListener('error', onError);
      reject(new AbortError(undefined, { cause: signal.reason }));
    };
    subscribe(emitter, name, resolver, { __proto__: null, once: true });
    if (name !== 'error' && typeof emitter.once === 'function') emitter.once('error', onError);
    if (signal) subscribe(signal, 'abort', abort, { __proto__: null, once: true, [kResistStopPropagation]: true });
  });
}

const AsyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype);

const kFirstEventParam = Symbol.for('nodejs.kFirstEventParam'); // option of ours: values are not arrays
const kWatermarkData = Symbol.for('nodejs.watermarkData');

function on(emitter, event, options = {}) {
  validateObject(options, 'options');
  const { signal } = options;
  validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  const highWaterMark = options.highWaterMark ?? options.highWatermark ?? Number.MAX_SAFE_INTEGER;
  validateInteger(highWaterMark, 'options.highWaterMark', 1);
  const lowWaterMark = options.lowWaterMark ?? options.lowWatermark ?? 1;
  validateInteger(lowWaterMark, 'options.lowWaterMark', 1);

  const values = [];
  const waiting = [];
  const undo = [];
  let paused = false;
  let error = null;
  let finished = false;

  const listen = (target, name, listener, flags) => {
    subscribe(target, name, listener, flags);
    undo.push(() => unsubscribe(target, name, listener, flags));
  };
  const close = () => {
    for (const remove of undo.splice(0)) remove();
    finished = true;
    for (const { resolve } of waiting.splice(0)) resolve({ value: undefined, done: true });
    return Promise.resolve({ value: undefined, done: true });
  };
  const fail = (reason) => {
    if (waiting.length === 0) error = reason;
    else waiting.shift().reject(reason);
    close();
  };

  const iterator = Object.setPrototypeOf(
    {
      next() {
        if (values.length > 0) {
          const value = values.shift();
          if (paused && values.length < lowWaterMark) {
            if (!finished) emitter.resume();
            paused = false;
          }
          return Promise.resolve({ value, done: false });
        }
        if (error !== null) {
          const rejection = Promise.reject(error);
          error = null;
          return rejection;
        }
        if (finished) return close();
        return new Promise((resolve, reject) => {
          waiting.push({ resolve, reject });
        });
      },
      return() {
        return close();
      },
      throw(reason) {
        if (!(reason instanceof Error)) {
          throw new ERR_INVALID_ARG_TYPE('EventEmitter.AsyncIterator', 'Error', reason);
        }
        fail(reason);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    },
    AsyncIteratorPrototype
  );

  iterator[kWatermarkData] = {
    get size() {
      return values.length;
    },
    low: lowWaterMark,
    high: highWaterMark,
    get isPaused() {
      return paused;
    },
  };
  listen(emitter, event, (...args) => {
    const value = options[kFirstEventParam] ? args[0] : args;
    if (waiting.length > 0) {
      waiting.shift().resolve({ value, done: false });
      return;
    }
    values.push(value);
    if (!paused && values.length > highWaterMark) {
      paused = true;
      emitter.pause();
    }
  });
  if (event !== 'error' && typeof emitter.on === 'function') listen(emitter, 'error', fail);
  for (const name of options.close ?? []) listen(emitter, name, close);
  if (signal) {
    listen(signal, 'abort', () => fail(new AbortError(undefined, { cause: signal.reason })), {
      __proto__: null,
      once: true,
      [kResistStopPropagation]: true,
    });
  }
  return iterator;
}

function getEventListeners(target, type) {
  if (typeof target.listeners === 'function') return target.listeners(type);
  if (isEventTarget(target)) return listenersOf(target, type);
  throw new ERR_INVALID_ARG_TYPE('emitter', ['EventEmitter', 'EventTarget'], target);
}

function getMaxListeners(target) {
  if (typeof target?.getMaxListeners === 'function') return target.getMaxListeners();
  if (isEventTarget(target)) return maxListenersOf(target);
  throw new ERR_INVALID_ARG_TYPE('emitter', ['EventEmitter', 'EventTarget'], target);
}

function setMaxListeners(n = EventEmitter.defaultMaxListeners, ...targets) {
  validateNumber(n, 'setMaxListeners', 0);
  if (targets.length === 0) {
    EventEmitter.defaultMaxListeners = n;
    return;
  }
  for (const target of targets) {
    if (isEventTarget(target)) setMaxEventTargetListeners(target, n);
    else if (typeof target.setMaxListeners === 'function') target.setMaxListeners(n);
    else throw new ERR_INVALID_ARG_TYPE('eventTargets', ['EventEmitter', 'EventTarget'], target);
  }
}

function addAbortListener(signal, listener) {
  if (signal === undefined) throw new ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  validateAbortSignal(signal, 'signal');
  validateFunction(listener, 'listener');
  let remove;
  if (signal.aborted) queueMicrotask(() => listener());
  else {
    signal.addEventListener('abort', listener, { __proto__: null, once: true, [kResistStopPropagation]: true });
    remove = () => signal.removeEventListener('abort', listener);
  }
  return {
    __proto__: null,
    [Symbol.dispose]() {
      remove?.();
    },
  };
}

module.exports = { addAbortListener, getEventListeners, getMaxListeners, kFirstEventParam, on, once, setMaxListeners };
