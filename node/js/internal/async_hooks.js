// SPDX-License-Identifier: Apache-2.0
//
// Which asynchronous resource runs now, and the hooks that are told when one is made, entered, left and destroyed.
'use strict';

const { setNativeListeners } = internalBinding('async_wrap');
const ids = require('internal/async_ids');

const { kAsyncId, kTriggerId, newAsyncId } = ids;

const HIDDEN = -1; // the number of what no hook hears of

const NAMES = ['init', 'before', 'after', 'destroy', 'promiseResolve'];

// --- What runs ------------------------------------------------------------------------------------------------------

const topLevel = {};
const stack = []; // what was left for what runs now: id, trigger, resource, ...
let executing = 1;
let trigger = 0;
let resource = topLevel;
let defaultTrigger = -1; // set while something makes resources in the name of another

function executionAsyncResource() {
  return resource;
}

function defaultTriggerAsyncId() {
  return defaultTrigger < 0 ? executing : defaultTrigger;
}

// Runs `fn` so that what it makes names `triggerId` as its cause.
function withDefaultTrigger(triggerId, fn, ...args) {
  const previous = defaultTrigger;
  defaultTrigger = triggerId;
  try {
    return fn(...args);
  } finally {
    defaultTrigger = previous;
  }
}

function push(asyncId, triggerId, entered) {
  stack.push(executing, trigger, resource);
  executing = asyncId;
  trigger = triggerId;
  resource = entered;
}

function pop(asyncId) {
  if (stack.length === 0) return;
  if (executing !== asyncId && hooks.length > 0) corrupted(asyncId);
  resource = stack.pop();
  trigger = stack.pop();
  executing = stack.pop();
}

function corrupted(asyncId) {
  process._rawDebug(`Error: async hook stack has become corrupted (actual: ${executing}, expected: ${asyncId})`);
  internalBinding('process_methods').reallyExit(1);
}

// After an error that nobody caught: everything that was entered is left.
function unwind() {
  while (stack.length > 0) leave(executing);
  executing = trigger = 0;
  resource = topLevel;
}

// What the loop calls runs in nobody's name once the main program has ended.
function endProgram() {
  if (stack.length > 0 || executing !== 1) return;
  executing = 0;
}

// --- Hooks ----------------------------------------------------------------------------------------------------------

let hooks = [];
let changed; // the hooks from now on, while some are being called: they all hear of one event
let depth = 0;
const counts = { __proto__: null, init: 0, before: 0, after: 0, destroy: 0, promiseResolve: 0 };

const isStackOverflow = (error) => error instanceof RangeError && error.message === 'Maximum call stack size exceeded';

// An error in a hook ends the program: nothing could be said about what runs any more.
function fatalError(error) {
  if (typeof error?.stack === 'string') process._rawDebug(error.stack);
  else {
    const shown = { message: require('internal/util/inspect').inspect(error) };
    Error.captureStackTrace(shown, fatalError);
    process._rawDebug(shown.stack);
  }
  if (require('internal/options').getOptionValue('--abort-on-uncaught-exception')) process.abort();
  process.exit(1);
}

// Calls what the hooks have for an event; for one about a promise, only of hooks that track promises.
function emit(name, ofPromise, ...args) {
  depth++;
  try {
    for (const { callbacks, trackPromises } of hooks) {
      if (trackPromises || !ofPromise) callbacks[name]?.(...args);
    }
  } catch (error) {
    if (isStackOverflow(error)) throw error; // not the hook's fault: whoever called too deep gets it
    fatalError(error);
  } finally {
    depth--;
  }
  if (depth === 0 && changed !== undefined) setHooks(changed);
}

function setHooks(next) {
  changed = undefined;
  hooks = next;
  for (const name of NAMES) counts[name] = hooks.filter(({ callbacks }) => callbacks[name] !== undefined).length;
  updatePromiseHooks();
}

function current() {
  return changed ?? hooks;
}

// The set of hooks is replaced at once, or when those that are being called have returned.
function replaceHooks(next) {
  if (depth === 0) setHooks(next);
  else changed = next;
}

const enableHook = (hook) => replaceHooks([...current(), hook]);
const disableHook = (hook) => replaceHooks(current().filter((other) => other !== hook));
const isEnabled = (hook) => current().includes(hook);

// --- Resources ------------------------------------------------------------------------------------------------------

function emitInit(asyncId, type, triggerId, made) {
  if (counts.init > 0) emit('init', false, asyncId, type, triggerId, made);
}

let hiding = false;

// Runs `fn` while what is made is no resource: ticks and promises that only the library knows of.
function hidden(fn, ...args) {
  const previous = hiding;
  hiding = true;
  try {
    return fn(...args);
  } finally {
    hiding = previous;
  }
}

function shown(fn) {
  const previous = hiding;
  hiding = false;
  try {
    return fn();
  } finally {
    hiding = previous;
  }
}

let domainsInUse = false;

// Calls out of natives that have no resource enter the domain of their receiver from now on.
function useDomains() {
  domainsInUse = true;
}

// Numbers a resource, which carries the numbers itself.
function init(made, type, triggerId = defaultTriggerAsyncId()) {
  const asyncId = hiding ? HIDDEN : newAsyncId();
  made[kAsyncId] = asyncId;
  made[kTriggerId] = triggerId;
  if (hiding) return asyncId;
  if (counts.init > 0) emit('init', false, asyncId, type, triggerId, made);
  return asyncId;
}

function enter(asyncId, triggerId, entered) {
  push(asyncId, triggerId, entered);
  if (counts.before > 0) emit('before', false, asyncId);
}

function leave(asyncId) {
  if (counts.after > 0) emit('after', false, asyncId);
  pop(asyncId);
}

// --- Destruction: told later, from the loop ---

const MANY = 16384; // more do not wait for the loop
let destroyed = [];

function tellDestroyed() {
  while (destroyed.length > 0) {
    const batch = destroyed;
    destroyed = [];
    for (const asyncId of batch) emit('destroy', false, asyncId);
  }
}

function emitDestroy(asyncId) {
  if (counts.destroy === 0 || asyncId <= 0) return;
  if (destroyed.length === 0) require('internal/timers').setBeforeImmediates(tellDestroyed);
  destroyed.push(asyncId);
  if (destroyed.length === MANY) internalBinding('task_queue').enqueueMicrotask(tellDestroyed);
}

// Resources that nobody destroys are destroyed when they are collected.
let collected;
function destroyWithObject(object, asyncId, state) {
  collected ??= new FinalizationRegistry(({ id, state: { destroyed: done } }) => {
    if (!done) emitDestroy(id);
  });
  collected.register(object, { id: asyncId, state });
}

// --- Promises -------------------------------------------------------------------------------------------------------

let stopPromiseHooks;

// False for one that is hidden.
function trackPromise(promise, parent) {
  if (promise[kAsyncId] !== undefined) return promise[kAsyncId] !== HIDDEN;
  if (hiding || parent?.[kAsyncId] === HIDDEN) {
    Object.defineProperty(promise, kAsyncId, { __proto__: null, value: HIDDEN });
    return false;
  }
  if (parent !== undefined) parent[kAsyncId] ??= newAsyncId();
  promise[kAsyncId] = newAsyncId();
  promise[kTriggerId] = parent === undefined ? defaultTriggerAsyncId() : parent[kAsyncId];
  return true;
}

function onPromiseInit(promise, parent) {
  if (!trackPromise(promise, parent)) return;
  if (counts.init > 0) emit('init', true, promise[kAsyncId], 'PROMISE', promise[kTriggerId], promise);
  if (counts.destroy > 0) destroyWithObject(promise, promise[kAsyncId], { destroyed: false });
}

function onPromiseBefore(promise) {
  if (!trackPromise(promise)) return;
  push(promise[kAsyncId], promise[kTriggerId], promise);
  if (counts.before > 0) emit('before', true, promise[kAsyncId]);
}

function onPromiseAfter(promise) {
  if (!trackPromise(promise)) return;
  if (counts.after > 0) emit('after', true, promise[kAsyncId]);
  // A hook that was enabled in between did not see it entered.
  if (promise[kAsyncId] === executing) pop(executing);
}

function onPromiseResolve(promise) {
  if (!trackPromise(promise)) return;
  if (counts.promiseResolve > 0) emit('promiseResolve', true, promise[kAsyncId]);
}

// The engine is asked about promises only while a hook wants to know.
function updatePromiseHooks() {
  const wanted = hooks.some(({ trackPromises }) => trackPromises);
  if (wanted === (stopPromiseHooks !== undefined)) return;
  if (!wanted) {
    stopPromiseHooks();
    stopPromiseHooks = undefined;
    return;
  }
  stopPromiseHooks = require('internal/promise_hooks').createHook({
    init: onPromiseInit,
    before: onPromiseBefore,
    after: onPromiseAfter,
    settled: onPromiseResolve,
  });
}

// --- For those who make and run resources -----------------------------------------------------------------------------

// `callback` as a resource of its own, entered for its one call.
function wrapCallback(type, callback) {
  const request = {};
  const asyncId = shown(() => init(request, type));
  return function (...args) {
    enter(asyncId, request[kTriggerId], request);
    let result;
    try {
      result = Reflect.apply(callback, this, args);
    } finally {
      emitDestroy(asyncId);
    }
    leave(asyncId); // after an exception fatalException does it
    return result;
  };
}

// A resource whose callbacks run in its name until it is closed.
function open(type, handle = {}) {
  const asyncId = init(handle, type);
  return {
    run(callback, ...args) {
      enter(asyncId, handle[kTriggerId], handle);
      callback(...args);
      leave(asyncId); // after an exception fatalException does it
    },
    close() {
      emitDestroy(asyncId);
    },
  };
}

module.exports = {
  counts,
  defaultTriggerAsyncId,
  destroyWithObject,
  disableHook,
  emitDestroy,
  emitInit,
  enableHook,
  endProgram,
  enter,
  executionAsyncId: () => executing,
  executionAsyncResource,
  hasHooks: () => hooks.length > 0,
  hasStack: () => stack.length > 0,
  hidden,
  init,
  isEnabled,
  leave,
  open,
  pop,
  push,
  tellDestroyed,
  triggerAsyncId: () => trigger,
  unwind,
  useDomains,
  withDefaultTrigger,
  wrapCallback,
};

ids.track = module.exports;

// What addons make and enter (napi/src/async_context.c). The first returns a token for the others; a native that has
// none enters nobody.
setNativeListeners(
  (made, type) => {
    if (hiding) return undefined;
    const token = { asyncId: newAsyncId(), triggerId: defaultTriggerAsyncId() };
    emitInit(token.asyncId, type, token.triggerId, made);
    return token;
  },
  (token, entered) => {
    if (token !== undefined) {
      enter(token.asyncId, token.triggerId, entered);
      return;
    }
    push(0, 0, entered);
    if (domainsInUse) entered.domain?.enter();
  },
  (token, failed) => {
    if (stack.length === 0) return; // an error that nobody caught left everything
    if (domainsInUse && token === undefined && !failed) resource.domain?.exit();
    if (token !== undefined && !failed) leave(token.asyncId);
    else pop(executing);
  },
  (token) => {
    if (token !== undefined) emitDestroy(token.asyncId);
  }
);

// The drain that follows the main program calls endProgram, so it must not be skipped for want of ticks.
internalBinding('task_queue').tickInfo[0] = 1;
