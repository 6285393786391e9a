// SPDX-License-Identifier: Apache-2.0
'use strict';

const { enqueueMicrotask } = internalBinding('task_queue');
const { triggerUncaughtException } = internalBinding('errors');
const { validateFunction } = require('internal/validators');

function queueMicrotask(callback) {
  validateFunction(callback, 'callback');
  enqueueMicrotask(() => {
    try {
      callback();
    } catch (error) {
      triggerUncaughtException(error, false);
    }
  });
}

module.exports = { queueMicrotask };
