// SPDX-License-Identifier: Apache-2.0
//
// process.nextTick and the order of ticks, promise jobs and unhandled rejections: all ticks, then
// all promise jobs, again until both are empty, then rejections that nobody handled.
'use strict';

const { tickInfo, runMicrotasks, setPromiseRejectCallback, setTickCallback } = internalBinding('task_queue');
const frames = require('internal/async_context_frame');
const ids = require('internal/async_ids');

const HAS_TICK = 0;
const HAS_REJECTION = 1;

// Ticks wait in an array that is read from the front; it is reset whenever it runs empty.
let queue = [];
let head = 0;

let rejections; // internal/process/promises, once a promise was rejected

function call({ callback, args }) {
  if (args === undefined) callback();
  else callback(...args);
}

function runTracked(tick, track) {
  const asyncId = tick[ids.kAsyncId] ?? -1; // none when it was queued before anybody tracked
  if (asyncId < 0) {
    call(tick);
    return;
  }
  track.enter(asyncId, tick[ids.kTriggerId], tick);
  try {
    call(tick);
  } finally {
    track.emitDestroy(asyncId);
  }
  track.leave(asyncId);
}

// Calls back from here, with no function in between that a stack would show. After an exception the frame (of
// AsyncLocalStorage) stays: those who handle it see where it came from. fatalException leaves it.
function processTicksAndRejections() {
  ids.track?.endProgram();
  do {
    while (head < queue.length) {
      const tick = queue[head];
      queue[head++] = undefined;
      if (head > 1024) {
        queue = queue.slice(head);
        head = 0;
      }
      const previous = frames.exchange(tick.frame);
      if (ids.track === undefined) {
        const { callback, args } = tick;
        if (args === undefined) callback();
        else callback(...args);
      } else runTracked(tick, ids.track);
      frames.exchange(previous);
    }
    queue.length = head = 0;
    runMicrotasks();
  } while (queue.length > 0 || (rejections !== undefined && rejections.processPromiseRejections()));
  tickInfo[HAS_TICK] = 0;
  tickInfo[HAS_REJECTION] = 0;
}

// Stacks say it as Node's do, where programs know this frame.
Object.defineProperty(processTicksAndRejections, 'name', { __proto__: null, value: 'process.processTicksAndRejections' });

// What runs between two timers or immediates of one phase.
function runNextTicks() {
  if (tickInfo[HAS_TICK] === 0 && tickInfo[HAS_REJECTION] === 0) runMicrotasks();
  if (tickInfo[HAS_TICK] === 0 && tickInfo[HAS_REJECTION] === 0) return;
  processTicksAndRejections();
}

function nextTick(callback, ...args) {
  if (typeof callback !== 'function') require('internal/validators').validateFunction(callback, 'callback');
  if (process._exiting) return;
  tickInfo[HAS_TICK] = 1;
  const tick = { callback, args: args.length === 0 ? undefined : args, frame: frames.current() };
  ids.track?.init(tick, 'TickObject');
  queue.push(tick);
}

function setUpTasks() {
  setTickCallback(processTicksAndRejections);
  setPromiseRejectCallback((type, promise, reason) => {
    rejections ??= require('internal/process/promises');
    if (rejections.promiseRejected(type, promise, reason)) tickInfo[HAS_REJECTION] = 1;
  });
}

module.exports = { nextTick, processTicksAndRejections, runNextTicks, setUpTasks };
