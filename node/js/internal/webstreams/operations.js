// SPDX-License-Identifier: Apache-2.0
// What happens to a readable stream as a whole, whichever reader and controller it has.
'use strict';

const { kState, markHandled, noop, ofKind, rejectedWith, resolvedWith, then } = require('internal/webstreams/util');

// The internal methods of controllers.
const kCancelSteps = Symbol('[[CancelSteps]]');
const kPullSteps = Symbol('[[PullSteps]]');
const kReleaseSteps = Symbol('[[ReleaseSteps]]');

const isReadableStream = ofKind('ReadableStream');
const isReadableStreamDefaultReader = ofKind('ReadableStreamDefaultReader');
const isReadableStreamBYOBReader = ofKind('ReadableStreamBYOBReader');

function initialReadableState() {
  return {
    kind: 'ReadableStream',
    controller: undefined,
    disturbed: false,
    reader: undefined,
    state: 'readable',
    storedError: undefined,
    whenDone: undefined, // made for stream.finished()
  };
}

function isReadableStreamLocked(stream) {
  return stream[kState].reader !== undefined;
}

function hasDefaultReader(stream) {
  return isReadableStreamDefaultReader(stream[kState].reader);
}

function hasBYOBReader(stream) {
  return isReadableStreamBYOBReader(stream[kState].reader);
}

// Requests to read, of the stream's reader: objects with chunkSteps, closeSteps and errorSteps.
function requestsOf(stream) {
  return stream[kState].reader[kState].requests;
}

function addRequest(stream, request) {
  requestsOf(stream).push(request);
}

function fulfillRequest(stream, chunk, done) {
  const request = requestsOf(stream).shift();
  if (done) request.closeSteps(chunk);
  else request.chunkSteps(chunk);
}

function takeRequests(reader) {
  const { requests } = reader[kState];
  reader[kState].requests = [];
  return requests;
}

function readableStreamClose(stream) {
  const state = stream[kState];
  state.state = 'closed';
  state.whenDone?.resolve();
  const { reader } = state;
  if (reader === undefined) return;
  reader[kState].closed.resolve();
  if (isReadableStreamDefaultReader(reader)) for (const request of takeRequests(reader)) request.closeSteps();
}

function readableStreamError(stream, error) {
  const state = stream[kState];
  state.state = 'errored';
  state.storedError = error;
  state.whenDone?.reject(error);
  const { reader } = state;
  if (reader === undefined) return;
  reader[kState].closed.reject(error);
  markHandled(reader[kState].closed.promise);
  for (const request of takeRequests(reader)) request.errorSteps(error);
}

function readableStreamCancel(stream, reason) {
  const state = stream[kState];
  state.disturbed = true;
  if (state.state === 'closed') return resolvedWith(undefined);
  if (state.state === 'errored') return rejectedWith(state.storedError);
  readableStreamClose(stream);
  if (isReadableStreamBYOBReader(state.reader)) {
    for (const request of takeRequests(state.reader)) request.closeSteps(undefined);
  }
  return then(state.controller[kCancelSteps](reason), noop);
}

// ReadableStreamDefaultControllerCallPullIfNeeded and its twin of bytes: one pull at a time, and another when
// somebody asked during it.
function pullWhile(controller, shouldCallPull, errorController) {
  if (!shouldCallPull(controller)) return;
  const state = controller[kState];
  if (state.pulling) {
    state.pullAgain = true;
    return;
  }
  state.pulling = true;
  then(
    state.pullAlgorithm(controller),
    () => {
      state.pulling = false;
      if (!state.pullAgain) return;
      state.pullAgain = false;
      pullWhile(controller, shouldCallPull, errorController);
    },
    (error) => errorController(controller, error),
  );
}

module.exports = {
  addRequest,
  fulfillRequest,
  hasBYOBReader,
  hasDefaultReader,
  initialReadableState,
  isReadableStream,
  isReadableStreamBYOBReader,
  isReadableStreamDefaultReader,
  isReadableStreamLocked,
  kCancelSteps,
  kPullSteps,
  kReleaseSteps,
  pullWhile,
  readableStreamCancel,
  readableStreamClose,
  readableStreamError,
  requestsOf,
  takeRequests,
};
