// SPDX-License-Identifier: Apache-2.0
// The three forms of an operation: sync, callback and promise.
'use strict';

const ids = require('internal/async_ids');
const { makeCallback } = require('internal/fs/utils');
const { operations } = require('internal/fs/operations');

function rename(fn, name, length = fn.length) {
  Object.defineProperty(fn, 'name', { __proto__: null, configurable: true, value: name });
  Object.defineProperty(fn, 'length', { __proto__: null, configurable: true, value: length });
  return fn;
}

// Starts an operation on the thread pool. Bad arguments throw here, its failure rejects.
async function settle(operation, promise, args) {
  const result = await promise;
  return operation.finish === undefined ? result : operation.finish(result, ...args);
}

function start(operation, args) {
  const host = internalBinding(operation.host);
  return settle(operation, host.submit(...operation.prepare(...args)), args);
}

// Calls back after a promise, outside of its job, so that what the callback throws is an uncaught exception.
function callAfter(promise, callback) {
  const later = ids.track === undefined ? process.nextTick : (...args) => ids.track.hidden(process.nextTick, ...args);
  promise.then(
    (result) => (result === undefined ? later(callback, null) : later(callback, null, result)),
    (error) => later(callback, error),
  );
}

// Starts an operation and calls back after it: a request, as async_hooks sees it, and none of the promises in between.
function request(run, callback) {
  if (ids.track === undefined) callAfter(run(), callback);
  else ids.track.hidden(() => callAfter(run(), ids.track.wrapCallback('FSREQCALLBACK', callback)));
}

function syncForm(name) {
  const operation = operations[name];
  return rename(
    (...args) => {
      const [primitive, ...values] = operation.prepare(...args);
      const result = internalBinding(operation.host)[primitive](...values);
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
  return [args.slice(0, at), makeCallback(args[at])];
}

function callbackForm(name) {
  const operation = operations[name];
  return rename(
    (...args) => {
      const [own, callback] = splitCallback(args, operation.arity);
      request(() => start(operation, own), callback);
    },
    name,
    operation.arity + 1,
  );
}

function promiseForm(name) {
  const operation = operations[name];
  return rename(async (...args) => start(operation, args.slice(0, operation.arity)), name, operation.arity);
}

module.exports = { callAfter, callbackForm, promiseForm, rename, request, splitCallback, start, syncForm };
