// SPDX-License-Identifier: Apache-2.0
//
// The thread that runs the hooks of module.register(), as those see it who load modules: they ask and sleep until it has
// answered.
'use strict';

const hooks = require('internal/modules/hooks');
const { getOptionValue } = require('internal/options');

const NOTIFICATION = 0; // see hooks_worker.js

let thread; // undefined before the first hook is registered

class HooksThread {
  #lock = new Int32Array(new SharedArrayBuffer(4));
  #port;
  #read = 0; // the last notification that was seen
  #isReady = false;

  constructor() {
    const { kBuiltin, Worker } = require('internal/worker/worker');
    const { MessageChannel } = require('internal/worker/messaging');
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const worker = new Worker('internal/modules/esm/hooks_worker', {
      [kBuiltin]: true,
      workerData: { lock: this.#lock.buffer, port: port2 },
      transferList: [port2],
    });
    worker.unref();
    worker.on('exit', (code) => process.exit(code));
  }

  #sleep() {
    const { receiveMessageOnPort } = require('internal/worker/messaging');
    for (;;) {
      Atomics.wait(this.#lock, NOTIFICATION, this.#read);
      this.#read = Atomics.load(this.#lock, NOTIFICATION);
      const found = receiveMessageOnPort(this.#port);
      if (found !== undefined) return this.#open(found.message);
    }
  }

  #open({ status, body }) {
    if (status === 'success') return body;
    if (status === 'exit') process.exit(body);
    if (status === 'error') throw require('internal/worker/errors').deserializeError(body);
    throw new (require('internal/errors').codes.ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED)();
  }

  // The hooks of --experimental-loader are loaded before anything is asked.
  waitUntilReady() {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#sleep();
  }

  ask(method, args, transfer) {
    this.waitUntilReady();
    this.#port.postMessage({ method, args }, transfer);
    return this.#sleep();
  }
}

function start() {
  if (thread !== undefined) return;
  thread = new HooksThread();
  hooks.asynchronous = {
    resolve: (specifier, parentURL, attributes) => thread.ask('resolve', [specifier, parentURL, attributes]),
    load: (url, context) => thread.ask('load', [url, context]),
  };
}

function register(specifier, parentURL, options) {
  if (parentURL !== null && typeof parentURL === 'object' && typeof parentURL.href !== 'string') {
    options = parentURL;
    ({ parentURL } = options);
  }
  const request = [`${specifier}`, `${parentURL ?? 'data:'}`, options?.data];
  // A hook that registers hooks is on that thread already.
  if (hooks.isOwnThread) {
    return require('internal/modules/esm/hooks_chain').register(...request);
  }
  start();
  thread.ask('register', request, options?.transferList);
  return undefined;
}

function warnOfOption(specifiers) {
  const escape = (text) =>
    encodeURIComponent(text).replace(/'/g, '%27').replace(/%22/g, '"').replace(/%2F/gi, '/');
  const calls = specifiers.map((each) => `register(${escape(JSON.stringify(each))}, pathToFileURL("./"))`);
  process.emitWarning(
    '`--experimental-loader` may be removed in the future; instead use `register()`:\n' +
      `--import 'data:text/javascript,import { register } from "node:module"; import { pathToFileURL } from "node:url"; ` +
      `${calls.join('; ')};'`,
    'ExperimentalWarning'
  );
}

// What --experimental-loader asks for.
function startFromOptions() {
  const specifiers = getOptionValue('--experimental-loader');
  if (specifiers === undefined || thread !== undefined || hooks.isOwnThread) return;
  warnOfOption(specifiers);
  start();
}

module.exports = { register, startFromOptions, waitUntilReady: () => thread?.waitUntilReady() };
