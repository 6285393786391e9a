// SPDX-License-Identifier: Apache-2.0
//
// AsyncLocalStorage and AsyncResource. Hooks into every asynchronous resource (createHook) refuse.
'use strict';

const {
  codes: { ERR_ASYNC_TYPE, ERR_INVALID_ASYNC_ID },
} = require('internal/errors');
const frames = require('internal/async_context_frame');
const { refuse } = require('internal/refuse');
const { validateFunction, validateObject, validateString } = require('internal/validators');

let lastId = 1;
let executing = 1; // the async id of what runs now; 1 is the program itself
let trigger = 0;
let resource; // of what runs now

// Runs `fn` in a frame.
function runInFrame(frame, fn, thisArg, args) {
  const previous = frames.exchange(frame);
  try {
    return Reflect.apply(fn, thisArg, args);
  } finally {
    frames.exchange(previous);
  }
}

class AsyncResource {
  #frame = frames.current();
  #id = ++lastId;
  #trigger;

  constructor(type, options = {}) {
    validateString(type, 'type');
    if (type === '') throw new ERR_ASYNC_TYPE(type);
    let triggerId = executing;
    if (typeof options === 'number') triggerId = options;
    else if (options !== null && options.triggerAsyncId !== undefined) triggerId = options.triggerAsyncId;
    if (!Number.isSafeInteger(triggerId) || triggerId < -1)
      throw new ERR_INVALID_ASYNC_ID('triggerAsyncId', triggerId);
    this.#trigger = triggerId;
  }

  runInAsyncScope(fn, thisArg, ...args) {
    const before = { executing, trigger, resource };
    executing = this.#id;
    trigger = this.#trigger;
    resource = this;
    try {
      return runInFrame(this.#frame, fn, thisArg, args);
    } finally {
      ({ executing, trigger, resource } = before);
    }
  }

  emitDestroy() {
    return this;
  }

  asyncId() {
    return this.#id;
  }

  triggerAsyncId() {
    return this.#trigger;
  }

  bind(fn, thisArg) {
    validateFunction(fn, 'fn');
    const run = this.runInAsyncScope.bind(this);
    const bound =
      thisArg === undefined
        ? function (...args) {
            return run(fn, this, ...args);
          }
        : (...args) => run(fn, thisArg, ...args);
    Object.defineProperty(bound, 'length', {
      __proto__: null,
      configurable: true,
      enumerable: false,
      value: fn.length,
      writable: false,
    });
    return bound;
  }

  static bind(fn, type, thisArg) {
    return new AsyncResource(type || fn.name || 'bound-anonymous-fn').bind(fn, thisArg);
  }
}

class AsyncLocalStorage {
  #defaultValue;
  #name;

  constructor(options = {}) {
    validateObject(options, 'options');
    this.#defaultValue = options.defaultValue;
    if (options.name !== undefined) this.#name = `${options.name}`;
  }

  get name() {
    return this.#name ?? '';
  }

  static bind(fn) {
    return AsyncResource.bind(fn);
  }

  static snapshot() {
    const frame = frames.current();
    return (fn, ...args) => runInFrame(frame, fn, undefined, args);
  }

  // Frames are never changed, only replaced: whoever kept one keeps its values.
  #frameWith(value) {
    const frame = new Map(frames.current());
    frame.set(this, value);
    return frame;
  }

  disable() {
    const current = frames.current();
    if (!current?.has(this)) return;
    const frame = new Map(current);
    frame.delete(this);
    frames.exchange(frame);
  }

  enterWith(value) {
    frames.exchange(this.#frameWith(value));
  }

  run(value, fn, ...args) {
    return runInFrame(this.#frameWith(value), fn, undefined, args);
  }

  exit(fn, ...args) {
    const frame = new Map(frames.current());
    frame.delete(this);
    return runInFrame(frame, fn, undefined, args);
  }

  getStore() {
    const frame = frames.current();
    return frame?.has(this) ? frame.get(this) : this.#defaultValue;
  }
}

const asyncWrapProviders = Object.freeze({ __proto__: null, NONE: 0 });
const topLevelResource = {};

module.exports = {
  AsyncLocalStorage,
  AsyncResource,
  asyncWrapProviders,
  createHook: refuse('async_hooks.createHook'),
  executionAsyncId: () => executing,
  executionAsyncResource: () => resource ?? topLevelResource,
  triggerAsyncId: () => trigger,
};
