// SPDX-License-Identifier: Apache-2.0
//
// What this thread is: the main one, or the worker that its parent described.
'use strict';

const state = {
  config: undefined, // of a worker: its port, threadId and name, from the core
  isMainThread: true,
  isHooksThread: false, // runs the hooks of module.register()
  threadId: 0,
  threadName: '',
  parentPort: null,
  workerData: null,
  resourceLimits: {},
  environmentData: new Map(),

  setUp(threadId, name, { environmentData, publicPort, resourceLimits, workerData }) {
    state.isMainThread = false;
    state.threadId = threadId;
    state.threadName = name;
    state.parentPort = publicPort;
    state.workerData = workerData;
    state.resourceLimits = resourceLimits;
    state.environmentData = environmentData;
  },
};

module.exports = state;
