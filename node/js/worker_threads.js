// SPDX-License-Identifier: Apache-2.0
'use strict';

const { refusal, refuseAll } = require('internal/refuse');
const { BroadcastChannel } = require('internal/worker/broadcast_channel');
const { methods } = internalBinding('messaging');
const {
  checkPort,
  isMarkedAsUntransferable,
  markAsUncloneable,
  markAsUntransferable,
  MessageChannel,
  MessagePort,
  receiveMessageOnPort,
} = require('internal/worker/messaging');
const { createMailbox, openMailbox, postMessageToThread } = require('internal/worker/mailbox');
const state = require('internal/worker/state');
const { SHARE_ENV, Worker } = require('internal/worker/worker');

function setEnvironmentData(key, value) {
  if (value === undefined) state.environmentData.delete(key);
  else state.environmentData.set(key, value);
}

// Ports belong to the main context.
function moveMessagePortToContext(port, context) {
  const { codes } = require('internal/errors');
  if (!methods.isOpen.call(checkPort(port))) throw new codes.ERR_CLOSED_MESSAGE_PORT();
  if (!((typeof context === 'object' || typeof context === 'function') && require('vm').isContext(context))) {
    const error = new TypeError('Invalid context argument');
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  }
  throw refusal('worker_threads.moveMessagePortToContext');
}

// A worker's was opened before its program began.
if (state.isMainThread) openMailbox(createMailbox(state.threadId));

module.exports = {
  isInternalThread: state.isHooksThread,
  isMainThread: state.isMainThread,
  MessagePort,
  MessageChannel,
  markAsUncloneable,
  markAsUntransferable,
  isMarkedAsUntransferable,
  moveMessagePortToContext,
  receiveMessageOnPort,
  resourceLimits: state.resourceLimits,
  postMessageToThread,
  threadId: state.threadId,
  threadName: state.threadName,
  SHARE_ENV,
  Worker,
  parentPort: state.parentPort,
  workerData: state.workerData,
  BroadcastChannel,
  setEnvironmentData,
  getEnvironmentData: (key) => state.environmentData.get(key),
  locks: refuseAll('worker_threads.locks', ['request', 'query']),
};
