// SPDX-License-Identifier: Apache-2.0
'use strict';

const { refuseAll } = require('internal/refuse');
const { BroadcastChannel } = require('internal/worker/broadcast_channel');
const {
  isMarkedAsUntransferable,
  markAsUncloneable,
  markAsUntransferable,
  MessageChannel,
  MessagePort,
  receiveMessageOnPort,
} = require('internal/worker/messaging');
const state = require('internal/worker/state');
const { SHARE_ENV, Worker } = require('internal/worker/worker');

function setEnvironmentData(key, value) {
  if (value === undefined) state.environmentData.delete(key);
  else state.environmentData.set(key, value);
}

module.exports = {
  isInternalThread: state.isHooksThread,
  isMainThread: state.isMainThread,
  MessagePort,
  MessageChannel,
  markAsUncloneable,
  markAsUntransferable,
  isMarkedAsUntransferable,
  ...refuseAll('worker_threads', ['moveMessagePortToContext', 'postMessageToThread']),
  receiveMessageOnPort,
  resourceLimits: state.resourceLimits,
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
