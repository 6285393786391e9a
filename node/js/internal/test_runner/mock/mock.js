// SPDX-License-Identifier: Apache-2.0
//
// mock.fn, mock.method and mock.property: functions and properties that remember how they were used.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { validateBoolean, validateFunction, validateInteger, validateObject } = require('internal/validators');

const kOriginal = Symbol('the original implementation');

// What `fn.mock` is.
class MockFunctionContext {
  #calls = [];
  #implementation;
  #once = new Map(); // number of a call -> its implementation
  #original;
  #restore; // puts a method back
  #times;

  constructor(original, implementation, times, restore) {
    this.#original = original;
    this.#implementation = implementation;
    this.#times = times;
    this.#restore = restore;
  }

  get calls() {
    return [...this.#calls];
  }

  callCount() {
    return this.#calls.length;
  }

  mockImplementation(implementation) {
    validateFunction(implementation, 'implementation');
    this.#implementation = implementation;
  }

  mockImplementationOnce(implementation, onCall) {
    validateFunction(implementation, 'implementation');
    const next = this.#calls.length;
    const call = onCall ?? next;
    validateInteger(call, 'onCall', next);
    this.#once.set(call, implementation);
  }

  restore() {
    this.#implementation = this.#original;
    this.#once.clear();
    this.#restore?.();
  }

  resetCalls() {
    this.#calls = [];
  }

  #next() {
    const number = this.#calls.length;
    const once = this.#once.get(number);
    if (once !== undefined) {
      this.#once.delete(number);
      return once;
    }
    const implementation = this.#implementation;
    if (number + 1 === this.#times) this.restore();
    return implementation;
  }

  // What the mock does when it is called: `run` calls the implementation.
  call(args, thisArg, target, run) {
    const implementation = this.#next();
    let result;
    let error;
    try {
      result = run(implementation);
    } catch (thrown) {
      error = thrown;
      throw thrown;
    } finally {
      this.#calls.push({
        __proto__: null,
        arguments: args,
        error,
        result,
        stack: new Error(),
        target,
        this: target === undefined ? thisArg : result,
      });
    }
    return result;
  }
}

function mockFunction(original, context) {
  const proxy = new Proxy(original, {
    __proto__: null,
    apply: (_, thisArg, args) =>
      context.call(args, thisArg, undefined, (implementation) => Reflect.apply(implementation, thisArg, args)),
    construct(_, args, newTarget) {
      const target = newTarget === proxy ? original : newTarget;
      return context.call(args, undefined, target, (implementation) =>
        Reflect.construct(implementation, args, target)
      );
    },
    get: (target, name, receiver) => (name === 'mock' ? context : Reflect.get(target, name, receiver)),
  });
  return proxy;
}

// What `property.mock` is.
class MockPropertyContext {
  #accesses = [];
  #descriptor;
  #name;
  #object;
  #once = new Map();
  #value;

  constructor(object, name, value) {
    this.#object = object;
    this.#name = name;
    const descriptor = Object.getOwnPropertyDescriptor(object, name);
    if (descriptor === undefined) {
      throw new ERR_INVALID_ARG_VALUE('propertyName', name, 'is not a property of the object');
    }
    this.#descriptor = descriptor;
    this.#value = value === kOriginal ? object[name] : value;
    const { configurable, enumerable } = descriptor;
    Object.defineProperty(object, name, {
      __proto__: null,
      configurable,
      enumerable,
      get: () => this.#access('get', this.#value),
      set: (next) => {
        if (descriptor.writable === false) throw new ERR_INVALID_ARG_VALUE('propertyName', name, 'cannot be set');
        this.#value = this.#access('set', next);
      },
    });
  }

  get accesses() {
    return [...this.#accesses];
  }

  accessCount() {
    return this.#accesses.length;
  }

  #access(type, given) {
    const number = this.#accesses.length;
    const value = this.#once.has(number) ? this.#once.get(number) : given;
    this.#once.delete(number);
    this.#accesses.push({ __proto__: null, type, value, stack: new Error() });
    return value;
  }

  mockImplementation(value) {
    this.#object[this.#name] = value;
  }

  mockImplementationOnce(value, onAccess) {
    const next = this.#accesses.length;
    const access = onAccess ?? next;
    validateInteger(access, 'onAccess', next);
    this.#once.set(access, value);
  }

  resetAccesses() {
    this.#accesses = [];
  }

  restore() {
    Object.defineProperty(this.#object, this.#name, { __proto__: null, ...this.#descriptor });
  }
}

function validateName(value, name) {
  if (typeof value !== 'string' && typeof value !== 'symbol') {
    throw new ERR_INVALID_ARG_TYPE(name, ['string', 'symbol'], value);
  }
}

function validateTimes({ times = Infinity }) {
  if (times !== Infinity) validateInteger(times, 'options.times', 1);
  return times;
}

function findDescriptor(object, name) {
  for (let at = object; at !== null && at !== undefined; at = Object.getPrototypeOf(at)) {
    const descriptor = Object.getOwnPropertyDescriptor(at, name);
    if (descriptor !== undefined) return descriptor;
  }
  return undefined;
}

class MockTracker {
  #mocks = []; // contexts
  #timers;

  get timers() {
    this.#timers ??= new (require('internal/test_runner/mock/timers').MockTimers)();
    return this.#timers;
  }

  fn(original = function () {}, implementation = original, options = {}) {
    if (original !== null && typeof original === 'object') {
      options = original;
      original = function () {};
      implementation = original;
    } else if (implementation !== null && typeof implementation === 'object') {
      options = implementation;
      implementation = original;
    }
    validateFunction(original, 'original');
    validateFunction(implementation, 'implementation');
    validateObject(options, 'options');
    return this.#mock(original, implementation, validateTimes(options));
  }

  #mock(original, implementation, times, restore) {
    const context = new MockFunctionContext(original, implementation, times, restore);
    this.#mocks.push(context);
    return mockFunction(original, context);
  }

  method(object, methodName, implementation = kOriginal, options = {}) {
    validateName(methodName, 'methodName');
    if (typeof object !== 'function') validateObject(object, 'object');
    if (implementation !== null && typeof implementation === 'object') {
      options = implementation;
      implementation = kOriginal;
    }
    if (implementation !== kOriginal) validateFunction(implementation, 'implementation');
    validateObject(options, 'options');
    const { getter = false, setter = false } = options;
    validateBoolean(getter, 'options.getter');
    validateBoolean(setter, 'options.setter');
    const times = validateTimes(options);
    if (setter && getter) {
      throw new ERR_INVALID_ARG_VALUE('options.setter', setter, "cannot be used with 'options.getter'");
    }
    const descriptor = findDescriptor(object, methodName);
    const key = getter ? 'get' : setter ? 'set' : 'value';
    const original = descriptor?.[key];
    if (typeof original !== 'function') {
      throw new ERR_INVALID_ARG_VALUE('methodName', original, 'must be a method');
    }
    const restore = () => Object.defineProperty(object, methodName, { __proto__: null, ...descriptor });
    const mock = this.#mock(original, implementation === kOriginal ? original : implementation, times, restore);
    Object.defineProperty(object, methodName, { __proto__: null, ...descriptor, [key]: mock });
    return mock;
  }

  getter(object, methodName, implementation = kOriginal, options = {}) {
    return this.#accessor('getter', object, methodName, implementation, options);
  }

  setter(object, methodName, implementation = kOriginal, options = {}) {
    return this.#accessor('setter', object, methodName, implementation, options);
  }

  #accessor(kind, object, methodName, implementation, options) {
    if (implementation !== null && typeof implementation === 'object') {
      options = implementation;
      implementation = kOriginal;
    } else validateObject(options, 'options');
    if (options[kind] === false) throw new ERR_INVALID_ARG_VALUE(`options.${kind}`, false, 'cannot be false');
    return this.method(object, methodName, implementation, { ...options, [kind]: true });
  }

  property(object, propertyName, ...value) {
    validateObject(object, 'object');
    validateName(propertyName, 'propertyName');
    const context = new MockPropertyContext(object, propertyName, value.length === 0 ? kOriginal : value[0]);
    this.#mocks.push(context);
    return new Proxy(object, {
      __proto__: null,
      get: (target, name, receiver) => (name === 'mock' ? context : Reflect.get(target, name, receiver)),
    });
  }

  reset() {
    this.restoreAll();
    this.#timers?.reset();
    this.#mocks = [];
  }

  restoreAll() {
    for (const context of this.#mocks) context.restore();
  }
}

module.exports = { MockTracker };
