// SPDX-License-Identifier: Apache-2.0
//
// The thread that runs asynchronous hooks. It answers one request at a time, and wakes the thread that waits for the answer.
'use strict';

const { receiveMessageOnPort } = require('internal/worker/messaging');
const { serializeError } = require('internal/worker/errors');

const NOTIFICATION = 0; // index of the number that is counted up when there is something to read

let lock;
let port;

function notify() {
  Atomics.add(lock, NOTIFICATION, 1);
  Atomics.notify(lock, NOTIFICATION);
}

function send(status, body, transfer) {
  port.postMessage({ status, body }, transfer);
  notify();
}

const sendError = (error) => send('error', serializeError(error));

function transferOf(source) {
  const buffer = ArrayBuffer.isView(source) ? source.buffer : source;
  const { isArrayBuffer } = require('internal/util/types');
  const { isMarkedAsUntransferable } = require('internal/worker/messaging');
  return isArrayBuffer(buffer) && !isMarkedAsUntransferable(buffer) ? [buffer] : undefined;
}

let isAnswering = false;

async function answer({ method, args }) {
  isAnswering = true;
  const chain = require('internal/modules/esm/hooks_chain');
  try {
    const result = await chain[method](...args);
    isAnswering = false;
    if (method === 'register') send('success');
    else send('success', { ...result }, transferOf(result.source));
  } catch (error) {
    isAnswering = false;
    sendError(error);
  }
}

// While a hook works the port must not hold the loop: that the loop ends is how it shows that a hook never will.
function listen() {
  port.off('message', take);
  port.on('message', take);
}

async function take(request) {
  port.off('message', take);
  await answer(request);
  listen();
}

// A hook that waits for nothing will not answer any more.
function onBeforeExit() {
  if (!isAnswering) return;
  isAnswering = false;
  send('never-settle');
  listen();
  const waiting = receiveMessageOnPort(port);
  if (waiting !== undefined) take(waiting.message);
}

// process.exit() in a hook ends the program.
function passOnExit() {
  const { exit } = process;
  process.exit = function (code) {
    send('exit', code ?? process.exitCode);
    return Reflect.apply(exit, this, [code]);
  };
}

async function start() {
  const state = require('internal/worker/state');
  lock = new Int32Array(state.workerData.lock);
  ({ port } = state.workerData);
  state.isHooksThread = true;
  require('internal/modules/hooks').isOwnThread = true;
  state.workerData = null; // hooks are not to see these two
  state.parentPort = null;
  passOnExit();
  process.on('beforeExit', onBeforeExit);
  isAnswering = true;
  try {
    const { getOptionValue } = require('internal/options');
    require('internal/modules/run_main').prepareLoading();
    const { pathToUrl } = require('internal/modules/esm/urls');
    for (const specifier of getOptionValue('--experimental-loader') ?? []) {
      await require('internal/modules/esm/hooks_chain').register(specifier, pathToUrl(`${process.cwd()}/`));
    }
  } catch (error) {
    isAnswering = false;
    sendError(error);
    return;
  }
  isAnswering = false;
  process.on('uncaughtException', sendError);
  listen();
  send('success');
}

module.exports = { start };
