// SPDX-License-Identifier: Apache-2.0
'use strict';

const {
  codes: { ERR_ASYNC_CALLBACK, ERR_ASYNC_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_ASYNC_ID },
} = require('internal/errors');
const frames = require('internal/async_context_frame');
const track = require('internal/async_hooks');
const { kAsyncId, kTriggerId, newAsyncId } = require('internal/async_ids');
const { validateBoolean, validateFunction, validateObject, validateString } = require('internal/validators');

// --- Hooks ----------------------------------------------------------------------------------------------------------

class AsyncHook {
  constructor({ init, before, after, destroy, promiseResolve, trackPromises }) {
    const callbacks = { init, before, after, destroy, promiseResolve };
    for (const [name, callback] of Object.entries(callbacks)) {
      if (callback !== undefined && typeof callback !== 'function') throw new ERR_ASYNC_CALLBACK(`hook.${name}`);
    }
    if (trackPromises !== undefined) validateBoolean(trackPromises, 'trackPromises');
    if (trackPromises === false && promiseResolve) {
      throw new ERR_INVALID_ARG_VALUE('trackPromises', trackPromises, 'must not be false when promiseResolve is enabled');
    }
    this.#hook = { callbacks: this.#bound(callbacks), trackPromises: trackPromises ?? true };
  }

  #hook;

  // Hooks are called as methods.
  #bound(callbacks) {
    return Object.fromEntries(Object.entries(callbacks).map(([name, callback]) => [name, callback?.bind(this)]));
  }

  enable() {
    if (!track.isEnabled(this.#hook)) track.enableHook(this.#hook);
    return this;
  }

  disable() {
    if (track.isEnabled(this.#hook)) track.disableHook(this.#hook);
    return this;
  }
}

// --- Resources of programs ------------------------------------------------------------------------------------------

const kFrame = Symbol('context_frame');
const kDestroyed = Symbol('destroyed');

class AsyncResource {
  constructor(type, options = {}) {
    validateString(type, 'type');
    let triggerId = options;
    let requireManualDestroy = false;
    if (typeof options !== 'number') {
      validateObject(options, 'options');
      triggerId = options.triggerAsyncId === undefined ? track.defaultTriggerAsyncId() : options.triggerAsyncId;
      requireManualDestroy = Boolean(options.requireManualDestroy);
    }
    if (!Number.isSafeInteger(triggerId) || triggerId < -1) throw new ERR_INVALID_ASYNC_ID('triggerAsyncId', triggerId);
    this[kFrame] = frames.current();
    this[kAsyncId] = newAsyncId();
    this[kTriggerId] = triggerId;
    if (track.counts.init > 0) {
      if (type.length === 0) throw new ERR_ASYNC_TYPE(type);
      track.emitInit(this[kAsyncId], type, triggerId, this);
    }
    if (!requireManualDestroy && track.counts.destroy > 0) {
      this[kDestroyed] = { destroyed: false };
      track.destroyWithObject(this, this[kAsyncId], this[kDestroyed]);
    }
  }

  runInAsyncScope(fn, thisArg, ...args) {
    const asyncId = this[kAsyncId];
    const previous = frames.exchange(this[kFrame]);
    track.enter(asyncId, this[kTriggerId], this);
    try {
      return Reflect.apply(fn, thisArg, args);
    } finally {
      frames.exchange(previous);
      if (track.hasStack()) track.leave(asyncId);
    }
  }

  emitDestroy() {
    if (this[kDestroyed] !== undefined) this[kDestroyed].destroyed = true;
    track.emitDestroy(this[kAsyncId]);
    return this;
  }

  asyncId() {
    return this[kAsyncId];
  }

  triggerAsyncId() {
    return this[kTriggerId];
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

// --- Storage --------------------------------------------------------------------------------------------------------

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
    return AsyncLocalStorage.bind((fn, ...args) => fn(...args));
  }

  // Of this frame, wherever it was kept.
  disable() {
    frames.current()?.delete(this);
  }

  // Otherwise frames are not changed but replaced: whoever kept one keeps its values.
  enterWith(value) {
    const frame = new Map(frames.current());
    frame.set(this, value);
    frames.exchange(frame);
  }

  // What `fn` sets of other storages stays.
  run(value, fn, ...args) {
    const previous = this.getStore();
    this.enterWith(value);
    try {
      return Reflect.apply(fn, null, args);
    } finally {
      this.enterWith(previous);
    }
  }

  exit(fn, ...args) {
    return this.run(undefined, fn, ...args);
  }

  getStore() {
    const frame = frames.current();
    return frame?.has(this) ? frame.get(this) : this.#defaultValue;
  }
}

// In the order of Node's numbers.
const PROVIDERS =
  'NONE DIRHANDLE DNSCHANNEL ELDHISTOGRAM FILEHANDLE FILEHANDLECLOSEREQ BLOBREADER FSEVENTWRAP FSREQCALLBACK FSREQPROMISE ' +
  'GETADDRINFOREQWRAP GETNAMEINFOREQWRAP HEAPSNAPSHOT HTTP2SESSION HTTP2STREAM HTTP2PING HTTP2SETTINGS ' +
  'HTTPINCOMINGMESSAGE HTTPCLIENTREQUEST LOCKS JSSTREAM JSUDPWRAP MESSAGEPORT PIPECONNECTWRAP PIPESERVERWRAP PIPEWRAP ' +
  'PROCESSWRAP PROMISE QUERYWRAP QUIC_ENDPOINT QUIC_LOGSTREAM QUIC_SESSION QUIC_STREAM QUIC_UDP SHUTDOWNWRAP SIGNALWRAP ' +
  'STATWATCHER STREAMPIPE TCPCONNECTWRAP TCPSERVERWRAP TCPWRAP TTYWRAP UDPSENDWRAP UDPWRAP SIGINTWATCHDOG WORKER ' +
  'WORKERCPUPROFILE WORKERCPUUSAGE WORKERHEAPPROFILE WORKERHEAPSNAPSHOT WORKERHEAPSTATISTICS WRITEWRAP ZLIB ' +
  'CHECKPRIMEREQUEST PBKDF2REQUEST KEYPAIRGENREQUEST KEYGENREQUEST KEYEXPORTREQUEST ARGON2REQUEST CIPHERREQUEST ' +
  'DERIVEBITSREQUEST HASHREQUEST RANDOMBYTESREQUEST RANDOMPRIMEREQUEST SCRYPTREQUEST SIGNREQUEST TLSWRAP VERIFYREQUEST';

module.exports = {
  AsyncLocalStorage,
  createHook: (callbacks) => new AsyncHook(callbacks),
  executionAsyncId: track.executionAsyncId,
  triggerAsyncId: track.triggerAsyncId,
  executionAsyncResource: track.executionAsyncResource,
  asyncWrapProviders: Object.freeze({
    __proto__: null,
    ...Object.fromEntries(PROVIDERS.split(' ').map((name, number) => [name, number])),
  }),
  AsyncResource,
};
