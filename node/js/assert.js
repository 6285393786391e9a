// SPDX-License-Identifier: Apache-2.0
'use strict';

const { isNativeError, isRegExp } = require('internal/util/types');
const {
  codes: {
    ERR_AMBIGUOUS_ARGUMENT,
    ERR_CONSTRUCT_CALL_REQUIRED,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_RETURN_VALUE,
    ERR_MISSING_ARGS,
  },
} = require('internal/errors');
const { validateFunction } = require('internal/validators');

const innerOk = (fn, args) => require('internal/assert/falsy').innerOk(fn, args);
const lazyError = () => require('internal/assert/assertion_error').AssertionError;
const comparisons = () => require('internal/util/comparisons');
const inspect = (value) => require('internal/util/inspect').inspect(value);

const kOptions = Symbol('options');
const DEFAULTS = { diff: 'simple', skipPrototype: false };
// The options of the Assert that a check was called on; of none when it was taken off its object.
const optionsOf = (receiver) => receiver?.[kOptions] ?? DEFAULTS;

// One of another realm too.
const isError = (value) => isNativeError(value) || value instanceof Error;

const kNotThrown = Symbol('nothing was thrown');

// `message` is what the caller gave: an Error is thrown as it is.
function failWith(options) {
  const { message } = options;
  if (isError(message)) throw message;
  const AssertionError = lazyError();
  throw new AssertionError(options);
}

function assert(...args) {
  if (!args[0]) innerOk(assert, args);
}

function ok(...args) {
  if (!args[0]) innerOk(ok, args);
}

function fail(...args) {
  const AssertionError = lazyError();
  const { diff } = optionsOf(this);
  if (args.length > 1) {
    // deprecated: what equal() is for
    const [actual, expected, text, operator = args.length === 2 ? '!=' : 'fail', stackStartFn = fail] = args;
    if (isError(text)) throw text;
    throw new AssertionError({ actual, expected, message: text, operator, stackStartFn, diff });
  }
  const [message] = args;
  if (isError(message)) throw message;
  const error = new AssertionError({ message: message ?? 'Failed', operator: 'fail', stackStartFn: fail, diff });
  error.generatedMessage = message === undefined;
  throw error;
}

// -- comparisons

const isNaNPair = (actual, expected) => Number.isNaN(actual) && Number.isNaN(expected);

function defineComparison(name, holds, operator = name) {
  const check = {
    [name](...args) {
      if (args.length < 2) throw new ERR_MISSING_ARGS('actual', 'expected');
      const [actual, expected, message] = args;
      const { diff, skipPrototype } = optionsOf(this);
      if (!holds(actual, expected, skipPrototype)) {
        failWith({ actual, expected, message, operator, stackStartFn: check, diff });
      }
    },
  }[name];
  Object.defineProperty(check, 'length', { __proto__: null, configurable: true, value: 3 });
  assert[name] = check;
}

const looselySame = (actual, expected) => actual == expected || isNaNPair(actual, expected);

const AssertionErrorProperty = {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: lazyError,
};
Object.defineProperty(assert, 'AssertionError', AssertionErrorProperty);
Object.defineProperty(assert, 'CallTracker', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: () => require('internal/assert/call_tracker').CallTracker,
});
assert.ok = ok;
assert.fail = fail;
defineComparison('equal', looselySame, '==');
defineComparison('notEqual', (actual, expected) => !looselySame(actual, expected), '!=');
defineComparison('deepEqual', (actual, expected) => comparisons().isDeepEqual(actual, expected));
defineComparison('notDeepEqual', (actual, expected) => !comparisons().isDeepEqual(actual, expected));
defineComparison('deepStrictEqual', (actual, expected, skipPrototype) =>
  comparisons().isDeepStrictEqual(actual, expected, skipPrototype));
defineComparison('notDeepStrictEqual', (actual, expected, skipPrototype) =>
  !comparisons().isDeepStrictEqual(actual, expected, skipPrototype));
defineComparison('strictEqual', Object.is);
defineComparison('notStrictEqual', (actual, expected) => !Object.is(actual, expected));
defineComparison('partialDeepStrictEqual', (actual, expected) => comparisons().isPartialStrictEqual(actual, expected));

// -- strings

function checkMatch({ string, regexp, message, check, wanted, diff }) {
  if (!isRegExp(regexp)) throw new ERR_INVALID_ARG_TYPE('regexp', 'RegExp', regexp);
  if (typeof string === 'string' && (regexp.exec(string) !== null) === wanted) return;
  if (isError(message)) throw message;
  let generated;
  if (typeof string !== 'string') {
    const { message: text } = new ERR_INVALID_ARG_TYPE('string', 'string', string);
    generated = text;
  } else {
    const verdict = wanted ? 'did not match' : 'was expected to not match';
    generated = `The input ${verdict} the regular expression ${inspect(regexp)}. Input:\n\n${inspect(string)}\n`;
  }
  const AssertionError = lazyError();
  const error = new AssertionError({
    actual: string,
    expected: regexp,
    message: message ?? generated,
    operator: check.name,
    stackStartFn: check,
    diff,
  });
  error.generatedMessage = message === undefined || message === null;
  throw error;
}

assert.match = function match(string, regexp, message) {
  checkMatch({ string, regexp, message, check: match, wanted: true, diff: optionsOf(this).diff });
};

assert.doesNotMatch = function doesNotMatch(string, regexp, message) {
  checkMatch({ string, regexp, message, check: doesNotMatch, wanted: false, diff: optionsOf(this).diff });
};

// -- exceptions

// What an error is compared with and shown as when `expected` is an object: the keys that were asked for.
class Comparison {
  constructor(source, keys, actual) {
    for (const key of keys) {
      if (!(key in source)) continue;
      const isMatched =
        actual !== undefined &&
        typeof actual[key] === 'string' &&
        isRegExp(source[key]) &&
        source[key].exec(actual[key]) !== null;
      this[key] = isMatched ? actual[key] : source[key];
    }
  }
}

// Where the stack of a failure begins: of an asynchronous check there is no caller left, it is shown itself.
const startOf = (check) => (check === assert.rejects || check === assert.doesNotReject ? expectError : check);

function compareWithObject(actual, expected, message, check) {
  const keys = Object.keys(expected);
  if (expected instanceof Error) keys.push('name', 'message');
  else if (keys.length === 0) throw new ERR_INVALID_ARG_VALUE('error', expected, 'may not be an empty object');
  const AssertionError = lazyError();
  if (typeof actual !== 'object' || actual === null) {
    const error = new AssertionError({ actual, expected, message, operator: 'deepStrictEqual', stackStartFn: startOf(check) });
    error.operator = check.name;
    throw error;
  }
  for (const key of keys) {
    const isMatched =
      typeof actual[key] === 'string' && isRegExp(expected[key]) && expected[key].exec(actual[key]) !== null;
    if (isMatched || (key in actual && comparisons().isDeepStrictEqual(actual[key], expected[key]))) continue;
    if (isError(message)) throw message;
    if (message === undefined || message === null) {
      const error = new AssertionError({
        actual: new Comparison(actual, keys),
        expected: new Comparison(expected, keys, actual),
        operator: 'deepStrictEqual',
        stackStartFn: startOf(check),
      });
      error.actual = actual;
      error.expected = expected;
      error.operator = check.name;
      throw error;
    }
    failWith({ actual, expected, message, operator: check.name, stackStartFn: startOf(check) });
  }
}

function throwGenerated(options, message, generated) {
  if (isError(message)) throw message;
  const AssertionError = lazyError();
  const error = new AssertionError({ ...options, message: message ?? generated });
  error.generatedMessage = message === undefined || message === null;
  throw error;
}

// Throws unless the caught error is what was asked for.
function checkCaught(actual, expected, message, check) {
  const options = { actual, expected, operator: check.name, stackStartFn: startOf(check) };
  if (typeof expected !== 'function') {
    if (!isRegExp(expected)) {
      compareWithObject(actual, expected, message, check);
      return;
    }
    const text = String(actual);
    if (expected.exec(text) !== null) return;
    throwGenerated(
      options,
      message,
      `The input did not match the regular expression ${inspect(expected)}. Input:\n\n${inspect(text)}\n`,
    );
  }
  if (expected.prototype !== undefined && actual instanceof expected) return;
  if (Object.prototype.isPrototypeOf.call(Error, expected) || expected === Error) {
    throwGenerated(options, message, describeWrongClass(actual, expected));
  }
  const verdict = Reflect.apply(expected, {}, [actual]);
  if (verdict === true) return;
  const name = expected.name ? `"${expected.name}" ` : '';
  let generated = `The ${name}validation function is expected to return "true". Received ${inspect(verdict)}`;
  if (isError(actual)) generated += `\n\nCaught error:\n\n${actual}`;
  throwGenerated(options, message, generated);
}

function describeWrongClass(actual, expected) {
  const text = `The error is expected to be an instance of "${expected.name}". Received `;
  if (!isError(actual)) return `${text}"${require('internal/util/inspect').inspect(actual, { depth: -1 })}"`;
  const name = actual.constructor?.name || actual.name;
  const received = name === expected.name ? 'an error with identical name but a different prototype.' : `"${name}"`;
  return `${text}${received}\n\nError message:\n\n${actual.message}`;
}

function catchSync(fn) {
  validateFunction(fn, 'fn');
  try {
    fn();
  } catch (error) {
    return error;
  }
  return kNotThrown;
}

const isPromise = (value) =>
  value !== null && typeof value === 'object' && typeof value.then === 'function' && typeof value.catch === 'function';

async function catchAsync(promiseFn) {
  let promise;
  if (typeof promiseFn === 'function') {
    promise = promiseFn();
    if (!isPromise(promise)) throw new ERR_INVALID_RETURN_VALUE('instance of Promise', 'promiseFn', promise);
  } else if (isPromise(promiseFn)) {
    promise = promiseFn;
  } else {
    throw new ERR_INVALID_ARG_TYPE('promiseFn', ['Function', 'Promise'], promiseFn);
  }
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return kNotThrown;
}

function expectError(check, actual, args) {
  let [error, message] = args;
  if (typeof error === 'string') {
    if (args.length > 1) throw new ERR_INVALID_ARG_TYPE('error', ['Object', 'Error', 'Function', 'RegExp'], error);
    if (actual !== kNotThrown && (actual?.message ?? actual) === error) {
      const what = typeof actual === 'object' && actual !== null ? 'error message' : 'error';
      throw new ERR_AMBIGUOUS_ARGUMENT('error/message', `The ${what} "${error}" is identical to the message.`);
    }
    [error, message] = [undefined, error];
  } else if (error !== null && error !== undefined && typeof error !== 'object' && typeof error !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('error', ['Function', 'Error', 'RegExp', 'Object'], error);
  }
  if (actual === kNotThrown) {
    const kind = check === assert.rejects ? 'rejection' : 'exception';
    const name = error?.name ? ` (${error.name})` : '';
    failWith({
      actual: undefined,
      expected: error,
      operator: check.name,
      message: isError(message) ? message : `Missing expected ${kind}${name}${message ? `: ${message}` : '.'}`,
      stackStartFn: startOf(check),
    });
  }
  if (error) checkCaught(actual, error, message, check);
}

function expectNoError(check, actual, [error, message]) {
  if (actual === kNotThrown) return;
  if (typeof error === 'string') [error, message] = [undefined, error];
  if (error && !hasMatchingError(actual, error)) throw actual;
  const kind = check === assert.doesNotReject ? 'rejection' : 'exception';
  failWith({
    actual,
    expected: error,
    operator: check.name,
    message: `Got unwanted ${kind}${message ? `: ${message}` : '.'}\nActual message: "${actual?.message}"`,
    stackStartFn: check,
  });
}

function hasMatchingError(actual, expected) {
  if (typeof expected !== 'function') {
    if (isRegExp(expected)) return expected.exec(String(actual)) !== null;
    throw new ERR_INVALID_ARG_TYPE('expected', ['Function', 'RegExp'], expected);
  }
  if (expected.prototype !== undefined && actual instanceof expected) return true;
  if (Object.prototype.isPrototypeOf.call(Error, expected)) return false;
  return Reflect.apply(expected, {}, [actual]) === true;
}

assert.throws = function throws(fn, ...args) {
  expectError(throws, catchSync(fn), args);
};

assert.rejects = async function rejects(promiseFn, ...args) {
  expectError(rejects, await catchAsync(promiseFn), args);
};

assert.doesNotThrow = function doesNotThrow(fn, ...args) {
  expectNoError(doesNotThrow, catchSync(fn), args);
};

assert.doesNotReject = async function doesNotReject(promiseFn, ...args) {
  expectNoError(doesNotReject, await catchAsync(promiseFn), args);
};

assert.ifError = function ifError(value) {
  if (value === null || value === undefined) return;
  let message = 'ifError got unwanted exception: ';
  if (typeof value === 'object' && typeof value.message === 'string') {
    message += value.message.length === 0 && value.constructor ? value.constructor.name : value.message;
  } else {
    message += inspect(value);
  }
  const AssertionError = lazyError();
  const error = new AssertionError({
    actual: value,
    expected: null,
    operator: 'ifError',
    message,
    stackStartFn: ifError,
  });
  error.generatedMessage = false;
  if (typeof value.stack === 'string') {
    const own = error.stack.split('\n');
    const frames = value.stack.split('\n').filter((line) => line.startsWith('    at '));
    error.stack = `${own.filter((line) => !frames.includes(line)).join('\n')}\n${frames.join('\n')}`;
  }
  throw error;
};

// -- strict mode: the loose names mean the strict checks

function strict(...args) {
  if (!args[0]) innerOk(strict, args);
}

for (const name of Object.keys(assert)) {
  Object.defineProperty(strict, name, Object.getOwnPropertyDescriptor(assert, name));
}
strict.equal = assert.strictEqual;
strict.deepEqual = assert.deepStrictEqual;
strict.notEqual = assert.notStrictEqual;
strict.notDeepEqual = assert.notDeepStrictEqual;
assert.strict = strict;

// -- a set of checks with options of its own

const METHODS = ['fail', 'ok', 'equal', 'notEqual', 'deepEqual', 'notDeepEqual', 'deepStrictEqual',
  'notDeepStrictEqual', 'strictEqual', 'notStrictEqual', 'partialDeepStrictEqual', 'throws', 'rejects',
  'doesNotThrow', 'doesNotReject', 'ifError', 'match', 'doesNotMatch'];

class StrictOrLoose {
  constructor(options) {
    const { validateBoolean, validateObject, validateOneOf } = require('internal/validators');
    options ??= {};
    validateObject(options, 'options');
    const { diff, skipPrototype = false, strict: isStrict = true } = options;
    if (diff !== undefined) validateOneOf(diff, 'options.diff', ['simple', 'full']);
    validateBoolean(isStrict, 'options.strict');
    this.AssertionError = lazyError();
    Object.defineProperty(this, kOptions, { __proto__: null, value: { diff: diff ?? 'simple', skipPrototype } });
    if (!isStrict) return;
    this.equal = this.strictEqual;
    this.deepEqual = this.deepStrictEqual;
    this.notEqual = this.notStrictEqual;
    this.notDeepEqual = this.notDeepStrictEqual;
  }
}
for (const name of METHODS) {
  Object.defineProperty(StrictOrLoose.prototype, name, {
    __proto__: null, configurable: true, enumerable: false, value: assert[name], writable: true,
  });
}

function Assert(options) {
  if (new.target === undefined) throw new ERR_CONSTRUCT_CALL_REQUIRED('Assert');
  return Reflect.construct(StrictOrLoose, [options], new.target);
}
Assert.prototype = StrictOrLoose.prototype;
Object.defineProperty(Assert.prototype, 'constructor', { __proto__: null, configurable: true, value: Assert, writable: true });
assert.Assert = Assert;
strict.Assert = Assert;
strict.strict = strict;

module.exports = assert;
