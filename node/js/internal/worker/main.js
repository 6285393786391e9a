// SPDX-License-Identifier: Apache-2.0
//
// The worker's side: what its parent sent makes `process` and the module `worker_threads` what they are here, then the
// program runs.
'use strict';

const { adopt } = internalBinding('messaging');
const {
  codes: { ERR_WORKER_UNSUPPORTED_OPERATION },
} = require('internal/errors');
const messaging = require('internal/worker/messaging');
const state = require('internal/worker/state');

const UNSUPPORTED = ['abort', 'chdir', 'initgroups', 'setgroups', 'setegid', 'seteuid', 'setgid', 'setuid'];

const OF_CHANNEL = ['send', 'disconnect']; // of a process that its parent forked

function refuseProcessWide() {
  const unavailable = (name, call) => {
    const refused = () => {
      throw new ERR_WORKER_UNSUPPORTED_OPERATION(call);
    };
    refused.disabled = true;
    Object.defineProperty(refused, 'name', { __proto__: null, value: name });
    process[name] = refused;
  };
  const hasChannel = process.env.NODE_CHANNEL_FD !== undefined;
  for (const name of hasChannel ? [...UNSUPPORTED, ...OF_CHANNEL] : UNSUPPORTED) unavailable(name, `process.${name}()`);
  for (const name of hasChannel ? ['channel', 'connected'] : []) {
    Object.defineProperty(process, name, {
      __proto__: null,
      configurable: true,
      get() {
        throw new ERR_WORKER_UNSUPPORTED_OPERATION(`process.${name}`);
      },
    });
  }
  const { umask } = process;
  process.umask = (mask) => {
    if (mask !== undefined) throw new ERR_WORKER_UNSUPPORTED_OPERATION('Setting process.umask()');
    return umask();
  };
  process.cwd = () => internalBinding('process_host').cwd(); // the main thread may change it at any time
  for (const name of ['_debugEnd', '_debugProcess', '_startProfilerIdleNotifier', '_stopProfilerIdleNotifier']) {
    delete process[name];
  }
  // Signals go to the main thread.
  for (const event of ['newListener', 'removeListener']) {
    for (const listener of process.listeners(event)) process.removeListener(event, listener);
  }
  let title = process.title;
  Object.defineProperty(process, 'title', {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => title,
    set(value) {
      title = String(value); // of this thread only: the process keeps its own
    },
  });
}

function setUpEnvironment({ env }) {
  if (env === undefined) return; // shared with the process
  process.env = require('internal/process/env').makeOwnEnvironment(env);
  require('internal/modules/cjs/resolve').useEnvironment(env);
}

// Streams are made when they are first used.
function setUpStdio(port, { stdin }) {
  const { handleStdio, ReadableWorkerStdio, WritableWorkerStdio } = require('internal/worker/stdio');
  const streams = {
    stdin: new ReadableWorkerStdio(port, 'stdin', true),
    stdout: new WritableWorkerStdio(port, 'stdout', true),
    stderr: new WritableWorkerStdio(port, 'stderr', true),
  };
  if (!stdin) streams.stdin.push(null);
  require('internal/process/stdio').replace(streams);
  port.on('message', (message) => {
    if (message.type !== 'ask') handleStdio(message, streams);
    else port.postMessage({ type: 'answer', question: message.question, answer: ANSWERS[message.what]() });
  });
  port.unref();
}

const ANSWERS = {
  cpuUsage: () => process.threadCpuUsage(),
  heapStatistics: () => require('v8').getHeapStatistics(),
};

function reportTo(port) {
  require('internal/process/execution').setFatalReport((error) => {
    const { serializeError } = require('internal/worker/errors');
    let serialized;
    try {
      serialized = serializeError(error);
    } catch {
      port.postMessage({ type: 'unserializable' }); // inspecting it threw
      return;
    }
    port.postMessage({ type: 'error', error: serialized });
  });
}

function runProgram({ kind, filename }) {
  switch (kind) {
    case 'eval':
      process.argv.splice(1, 0, '[worker eval]');
      return require('internal/process/execution').evalScript('[worker eval]', filename, false);
    case 'builtin':
      return require(filename).start();
    case 'data':
      process.argv.splice(1, 0, filename);
      return require('internal/modules/esm/main').runUrl(filename);
    default:
      process.argv.splice(1, 0, filename);
      return require('internal/modules/run_main').runMain(filename);
  }
}

let sent; // by the parent: the port to it, and what it wrote there

function prepareWorker() {
  const { port: number, threadId, name } = state.config;
  const port = adopt(number);
  const { message } = messaging.receiveMessageOnPort(port);
  sent = { port, message };
  state.setUp(threadId, name, message);
}

function runWorker() {
  const { port, message } = sent;
  setUpEnvironment(message);
  refuseProcessWide();
  setUpStdio(port, message);
  require('internal/worker/mailbox').openMailbox(message.mailbox);
  reportTo(port);
  port.postMessage({ type: 'online' });
  return runProgram(message);
}

module.exports = { prepareWorker, runWorker };
