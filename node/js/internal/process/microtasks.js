// SPDX-License-Identifier: Apache-2.0
'use strict';

const { enqueueMicrotask } = internalBinding('task_queue');
const { triggerUncaughtException } = internalBinding('errors');
const ids = require('internal/async_ids');
const { validateFunction } = require('internal/validators');

function run(callback) {
  try {
    callback();
  } catch (error) {
    triggerUncaughtException(error, false);
  }
}

function runTracked(callback) {
  const resource = new (require('async_hooks').AsyncResource)('Microtask', { requireManualDestroy: true });
  resource.callback = callback;
  enqueueMicrotask(() => {
    resource.runInAsyncScope(run, undefined, callback);
    resource.emitDestroy();
  });
}

function queueMicrotask(callback) {
  validateFunction(callback, 'callback');
  if (ids.track === undefined) enqueueMicrotask(() => run(callback));
  else runTracked(callback);
}

module.exports = { queueMicrotask };
