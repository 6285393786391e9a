// SPDX-License-Identifier: Apache-2.0
//
// What the event loop calls back, as an asynchronous resource: handles (sockets, channels) and requests. Each runs in
// the frame of AsyncLocalStorage that it was made in, and in its own name once somebody tracks.
'use strict';

const frames = require('internal/async_context_frame');
const ids = require('internal/async_ids');

const { kAsyncId, kTriggerId } = ids;
const kFrame = Symbol('frame');

function keepFrame(resource) {
  const frame = frames.current();
  if (frame !== undefined) resource[kFrame] = frame;
}

// `handle` is a resource of `type` from now on.
function opened(handle, type) {
  keepFrame(handle);
  ids.track?.init(handle, type);
}

function closed(handle) {
  ids.track?.emitDestroy(handle[kAsyncId]);
}

// Nothing to enter before a call in the name of `resource`.
function isPlain(resource) {
  return ids.track === undefined && resource[kFrame] === undefined;
}

// Calls `fn` in the name of `resource`. What throws stays there until the error is dealt with.
function run(resource, fn, ...args) {
  if (isPlain(resource)) return Reflect.apply(fn, resource, args);
  const { track } = ids;
  const frame = resource[kFrame];
  const asyncId = resource[kAsyncId] ?? -1; // none when it was made before anybody tracked
  const previous = frames.exchange(frame);
  track?.enter(asyncId, resource[kTriggerId], resource);
  const result = Reflect.apply(fn, resource, args);
  track?.leave(asyncId);
  frames.exchange(previous);
  return result;
}

// The callback of a request of `type`, for its one call. `cause` is the handle that it is about.
function request(type, cause, callback) {
  if (ids.track === undefined && frames.current() === undefined) return callback;
  const resource = {};
  keepFrame(resource);
  ids.track?.init(resource, type, cause[kAsyncId]);
  return (...args) => {
    try {
      run(resource, callback, ...args);
    } finally {
      closed(resource);
    }
  };
}

// The same for what may be done at once: `start(callback)` gives 1 when the callback will be called.
function requestIfPending(type, cause, callback, start) {
  if (ids.track === undefined && frames.current() === undefined) return start(callback);
  let pending;
  const status = start((...args) => pending(...args));
  if (status === 1) pending = request(type, cause, callback);
  return status;
}

// Runs `fn` so that what it makes names `object` as its cause.
function causedBy(object, fn, ...args) {
  if (ids.track === undefined || object[kAsyncId] === undefined) return fn(...args);
  return ids.track.withDefaultTrigger(object[kAsyncId], fn, ...args);
}

module.exports = { causedBy, closed, isPlain, kAsyncId, opened, request, requestIfPending, run };
