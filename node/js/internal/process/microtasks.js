// SPDX-License-Identifier: Apache-2.0
'use strict';

const { enqueueMicrotask } = internalBinding('task_queue');
const { triggerUncaughtException } = internalBinding('errors');
const frames = require('internal/async_context_frame');
const { validateFunction } = require('internal/validators');

function queueMicrotask(callback) {
  validateFunction(callback, 'callback');
  const frame = frames.current();
  enqueueMicrotask(() => {
    const previous = frames.exchange(frame);
    try {
      callback();
    } catch (error) {
      triggerUncaughtException(error, false);
    } finally {
      frames.exchange(previous);
    }
  });
}

module.exports = { queueMicrotask };
