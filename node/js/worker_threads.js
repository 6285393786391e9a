// SPDX-License-Identifier: Apache-2.0
// `worker_threads` as the main thread sees it. Workers and message ports refuse.
'use strict';

const { refuseAll } = require('internal/refuse');

const environmentData = new Map();
const untransferable = new WeakSet();

function setEnvironmentData(key, value) {
  if (value === undefined) environmentData.delete(key);
  else environmentData.set(key, value);
}

function markAsUntransferable(object) {
  if ((typeof object === 'object' && object !== null) || typeof object === 'function') untransferable.add(object);
}

module.exports = {
  isInternalThread: false,
  isMainThread: true,
  ...refuseAll('worker_threads', [
    'MessagePort',
    'MessageChannel',
    'markAsUncloneable',
    'moveMessagePortToContext',
    'receiveMessageOnPort',
    'postMessageToThread',
    'Worker',
    'BroadcastChannel',
  ]),
  markAsUntransferable,
  isMarkedAsUntransferable: (object) => untransferable.has(object),
  resourceLimits: {},
  threadId: 0,
  threadName: '',
  SHARE_ENV: Symbol.for('nodejs.worker_threads.SHARE_ENV'),
  parentPort: null,
  workerData: null,
  setEnvironmentData,
  getEnvironmentData: (key) => environmentData.get(key),
  locks: refuseAll('worker_threads.locks', ['request', 'query']),
};
