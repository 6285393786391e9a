// SPDX-License-Identifier: Apache-2.0
// What the parts of web streams (https://streams.spec.whatwg.org) share: state, promises, queues, conversions.
//
// Each object keeps the standard's internal slots in an object under kState, whose `kind` names its class.
// Functions have the standard's names of its abstract operations.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE },
} = require('internal/errors');
const { customInspectSymbol, enumerable, setToStringTag } = require('internal/util');

const kState = Symbol('kState');
const kCreate = Symbol('kCreate'); // what lets a class be constructed that programs must not construct

// -- kinds

function ofKind(kind) {
  return (value) => value !== null && typeof value === 'object' && value[kState]?.kind === kind;
}

// A class as Web IDL has it: its members are enumerable, it has a tag, and shows `fields` when inspected.
function finishClass(Class, members, fields) {
  enumerable(Class, ...members);
  setToStringTag(Class, Class.name);
  Object.defineProperty(Class.prototype, customInspectSymbol, {
    __proto__: null,
    configurable: true,
    enumerable: false,
    value(depth, options) {
      return showAs(this, Class.name, depth, options, fields);
    },
    writable: true,
  });
}

function showAs(object, name, depth, options, fields) {
  const {
    codes: { ERR_INVALID_THIS },
  } = require('internal/errors');
  if (object?.[kState] === undefined) throw new ERR_INVALID_THIS(name);
  if (depth < 0) return object;
  const { inspect } = require('internal/util/inspect');
  const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
  return `${name} ${inspect(fields(object), inner)}`;
}

// What `stream.finished()`, `addAbortSignal()`, `isErrored()` and their like ask of a web stream, by symbols.
function answerNodeStreams(Class, answers) {
  for (const [name, get] of Object.entries(answers)) {
    Object.defineProperty(Class.prototype, Symbol.for(name), { __proto__: null, configurable: true, get });
  }
}

// The promise that tells when a stream is done, for whoever asked before that or asks after it.
function whenDone(stream) {
  const state = stream[kState];
  if (state.whenDone === undefined) {
    state.whenDone = new Deferred();
    markHandled(state.whenDone.promise);
    if (state.state === 'closed') state.whenDone.resolve();
    else if (state.state === 'errored') state.whenDone.reject(state.storedError);
  }
  return state.whenDone;
}

// -- promises; programs may have replaced what is on Promise.prototype

const promiseThen = Promise.prototype.then;
const then = (promise, fulfilled, rejected) => Reflect.apply(promiseThen, promise, [fulfilled, rejected]);
const noop = () => {};

function resolvedWith(value) {
  return new Promise((resolve) => resolve(value));
}

function rejectedWith(reason) {
  return new Promise((resolve, reject) => reject(reason));
}

function markHandled(promise) {
  then(promise, undefined, noop);
}

// A promise that its owner settles, once.
class Deferred {
  isPending = true;
  #resolve;
  #reject;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  resolve(value) {
    this.isPending = false;
    this.#resolve(value);
  }

  reject(reason) {
    this.isPending = false;
    this.#reject(reason);
  }
}

// One that is rejected, and nobody has to look at that.
function rejectedDeferred(reason) {
  const deferred = new Deferred();
  deferred.reject(reason);
  markHandled(deferred.promise);
  return deferred;
}

function resolvedDeferred() {
  const deferred = new Deferred();
  deferred.resolve();
  return deferred;
}

// The method of an underlying source, sink or transformer as a function that always returns a promise.
function asyncMethod(object, method) {
  if (method === undefined) return () => resolvedWith(undefined);
  return (...args) => {
    try {
      return resolvedWith(Reflect.apply(method, object, args));
    } catch (error) {
      return rejectedWith(error);
    }
  };
}

// -- queues of values with sizes

class SizedQueue {
  #entries = [];
  #head = 0;
  size = 0;

  get length() {
    return this.#entries.length - this.#head;
  }

  enqueue(value, size) {
    if (typeof size !== 'number' || !(size >= 0) || size === Infinity) {
      throw new ERR_INVALID_ARG_VALUE.RangeError('size', size);
    }
    this.#entries.push({ value, size });
    this.size += size;
  }

  dequeue() {
    const { value, size } = this.#entries[this.#head];
    this.#entries[this.#head++] = undefined;
    if (this.#head === this.#entries.length) {
      this.#entries = [];
      this.#head = 0;
    } else if (this.#head > 1024) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    this.size = Math.max(0, this.size - size); // rounding errors
    return value;
  }

  peek() {
    return this.#entries[this.#head].value;
  }

  reset() {
    this.#entries = [];
    this.#head = 0;
    this.size = 0;
  }
}

// -- conversions of arguments

// An optional dictionary's member that must be a function.
function functionMember(object, name, path) {
  const value = object?.[name];
  if (value !== undefined && typeof value !== 'function') {
    throw new ERR_INVALID_ARG_TYPE(`${path}.${name}`, 'Function', value);
  }
  return value;
}

function validateDictionary(value, name) {
  if (value !== undefined && value !== null && typeof value !== 'object' && typeof value !== 'function') {
    throw new ERR_INVALID_ARG_TYPE(name, 'Object', value);
  }
}

function validateObjectLike(value, name) {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) {
    throw new ERR_INVALID_ARG_TYPE(name, 'Object', value);
  }
}

// { highWaterMark, size } of a queuing strategy, as given.
function convertStrategy(strategy) {
  validateDictionary(strategy, 'strategy');
  const mark = strategy?.highWaterMark;
  const highWaterMark = mark === undefined ? undefined : +mark;
  const size = functionMember(strategy, 'size', 'strategy');
  return { highWaterMark, size };
}

function extractHighWaterMark({ highWaterMark }, fallback) {
  if (highWaterMark === undefined) return fallback;
  if (!(highWaterMark >= 0)) throw new ERR_INVALID_ARG_VALUE.RangeError('strategy.highWaterMark', highWaterMark);
  return highWaterMark;
}

function extractSizeAlgorithm({ size }) {
  return size === undefined ? () => 1 : (chunk) => size(chunk);
}

// Web IDL's `[EnforceRange] unsigned long long`.
function enforceUnsigned(value, name) {
  const number = Math.trunc(+value);
  if (!(number >= 0 && number <= Number.MAX_SAFE_INTEGER)) {
    throw new ERR_INVALID_ARG_TYPE(name, 'an unsigned integer', value);
  }
  return number;
}

// -- memory

function transferArrayBuffer(buffer) {
  if (buffer.detached) throw new ERR_INVALID_STATE.TypeError('The ArrayBuffer is detached');
  return buffer.transfer();
}

module.exports = {
  answerNodeStreams,
  asyncMethod,
  convertStrategy,
  Deferred,
  enforceUnsigned,
  extractHighWaterMark,
  extractSizeAlgorithm,
  finishClass,
  functionMember,
  kCreate,
  kState,
  markHandled,
  noop,
  ofKind,
  rejectedDeferred,
  rejectedWith,
  resolvedDeferred,
  resolvedWith,
  showAs,
  SizedQueue,
  then,
  transferArrayBuffer,
  validateDictionary,
  validateObjectLike,
  whenDone,
};
