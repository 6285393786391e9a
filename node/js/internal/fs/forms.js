// SPDX-License-Identifier: Apache-2.0
// The three forms of an operation: sync, callback and promise.
'use strict';

const { AbortError } = require('internal/errors');
const { makeCallback } = require('internal/fs/utils');
const host = require('internal/fs/host');
const { operations } = require('internal/fs/operations');
const requests = require('internal/requests');

function rename(fn, name, length = fn.length) {
  Object.defineProperty(fn, 'name', { __proto__: null, configurable: true, value: name });
  Object.defineProperty(fn, 'length', { __proto__: null, configurable: true, value: length });
  return fn;
}

// The promise of an operation on the thread pool. A signal that aborts meanwhile rejects it: what was begun goes on.
function submit(operation, call, args) {
  const signal = operation.signal?.(...args);
  if (signal?.aborted) return Promise.reject(new AbortError(undefined, { cause: signal.reason }));
  const result = settle(operation, host.submit(operation.host, ...call), args);
  return signal === undefined ? result : untilAborted(signal, result);
}

async function settle(operation, promise, args) {
  const result = await promise;
  return operation.finish === undefined ? result : operation.finish(result, ...args);
}

async function untilAborted(signal, promise) {
  const { promise: aborted, reject } = Promise.withResolvers();
  const abort = () => reject(new AbortError(undefined, { cause: signal.reason }));
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

// Bad arguments throw here, a failure of the operation rejects.
function start(operation, args) {
  return submit(operation, operation.prepare(...args), args);
}

// A call with a callback.
const request = requests.request.bind(null, 'FSREQCALLBACK');

function syncForm(name) {
  const operation = operations[name];
  return rename(
    (...args) => {
      const [primitive, ...values] = operation.prepare(...args);
      const result = host.call(operation.host, primitive, ...values);
      return operation.finish === undefined ? result : operation.finish(result, ...args);
    },
    `${name}Sync`,
    operation.arity,
  );
}

// The callback is the argument at the operation's arity, or the function that came earlier.
function splitCallback(args, arity) {
  let at = args.findIndex((arg, i) => i > 0 && typeof arg === 'function');
  if (at === -1 || at > arity) at = arity;
  return [args.slice(0, at), args[at]];
}

function callbackForm(name) {
  const operation = operations[name];
  return rename(
    (...args) => {
      const [own, callback] = splitCallback(args, operation.arity);
      const call = operation.prepare(...own);
      makeCallback(callback);
      request(() => submit(operation, call, own), callback);
    },
    name,
    operation.arity + 1,
  );
}

function promiseForm(name) {
  const operation = operations[name];
  return rename(async (...args) => start(operation, args.slice(0, operation.arity)), name, operation.arity);
}

module.exports = { callbackForm, promiseForm, rename, request, splitCallback, start, syncForm };
