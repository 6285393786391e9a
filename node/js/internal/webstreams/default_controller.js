// SPDX-License-Identifier: Apache-2.0
// ReadableStreamDefaultController: a queue of chunks of any kind.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_STATE, ERR_INVALID_THIS },
} = require('internal/errors');
const { finishClass, kCreate, kState, ofKind, resolvedWith, SizedQueue, then } = require('internal/webstreams/util');
const {
  addRequest,
  fulfillRequest,
  isReadableStreamLocked,
  kCancelSteps,
  kPullSteps,
  kReleaseSteps,
  pullWhile,
  readableStreamClose,
  readableStreamError,
  requestsOf,
} = require('internal/webstreams/operations');

const isReadableStreamDefaultController = ofKind('ReadableStreamDefaultController');

function clearAlgorithms(controller) {
  Object.assign(controller[kState], { pullAlgorithm: undefined, cancelAlgorithm: undefined, sizeAlgorithm: undefined });
}

function getDesiredSize(controller) {
  const { highWaterMark, queue, stream } = controller[kState];
  const { state } = stream[kState];
  if (state === 'errored') return null;
  return state === 'closed' ? 0 : highWaterMark - queue.size;
}

function canCloseOrEnqueue(controller) {
  const { closeRequested, stream } = controller[kState];
  return !closeRequested && stream[kState].state === 'readable';
}

function shouldCallPull(controller) {
  const { started, stream } = controller[kState];
  if (!canCloseOrEnqueue(controller) || !started) return false;
  if (isReadableStreamLocked(stream) && requestsOf(stream).length > 0) return true;
  return getDesiredSize(controller) > 0;
}

function callPullIfNeeded(controller) {
  pullWhile(controller, shouldCallPull, errorController);
}

function errorController(controller, error) {
  const { queue, stream } = controller[kState];
  if (stream[kState].state !== 'readable') return;
  queue.reset();
  clearAlgorithms(controller);
  readableStreamError(stream, error);
}

function close(controller) {
  if (!canCloseOrEnqueue(controller)) return;
  const state = controller[kState];
  state.closeRequested = true;
  if (state.queue.length > 0) return;
  clearAlgorithms(controller);
  readableStreamClose(state.stream);
}

function enqueue(controller, chunk) {
  if (!canCloseOrEnqueue(controller)) return;
  const { queue, sizeAlgorithm, stream } = controller[kState];
  if (isReadableStreamLocked(stream) && requestsOf(stream).length > 0) {
    fulfillRequest(stream, chunk, false);
  } else {
    try {
      queue.enqueue(chunk, +sizeAlgorithm(chunk));
    } catch (error) {
      errorController(controller, error);
      throw error;
    }
  }
  callPullIfNeeded(controller);
}

class ReadableStreamDefaultController {
  constructor(token = undefined) {
    if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  get desiredSize() {
    if (!isReadableStreamDefaultController(this)) throw new ERR_INVALID_THIS('ReadableStreamDefaultController');
    return getDesiredSize(this);
  }

  close() {
    if (!isReadableStreamDefaultController(this)) throw new ERR_INVALID_THIS('ReadableStreamDefaultController');
    if (!canCloseOrEnqueue(this)) throw new ERR_INVALID_STATE.TypeError('Controller is already closed');
    close(this);
  }

  enqueue(chunk = undefined) {
    if (!isReadableStreamDefaultController(this)) throw new ERR_INVALID_THIS('ReadableStreamDefaultController');
    if (!canCloseOrEnqueue(this)) throw new ERR_INVALID_STATE.TypeError('Controller is already closed');
    enqueue(this, chunk);
  }

  error(error = undefined) {
    if (!isReadableStreamDefaultController(this)) throw new ERR_INVALID_THIS('ReadableStreamDefaultController');
    errorController(this, error);
  }

  [kCancelSteps](reason) {
    const { cancelAlgorithm, queue } = this[kState];
    queue.reset();
    const result = cancelAlgorithm(reason);
    clearAlgorithms(this);
    return result;
  }

  [kPullSteps](request) {
    const state = this[kState];
    if (state.queue.length === 0) {
      addRequest(state.stream, request);
      callPullIfNeeded(this);
      return;
    }
    const chunk = state.queue.dequeue();
    if (state.closeRequested && state.queue.length === 0) {
      clearAlgorithms(this);
      readableStreamClose(state.stream);
    } else {
      callPullIfNeeded(this);
    }
    request.chunkSteps(chunk);
  }

  [kReleaseSteps]() {}
}
finishClass(ReadableStreamDefaultController, ['close', 'desiredSize', 'enqueue', 'error'], () => ({}));

// `algorithms`: { start(controller), pull(controller), cancel(reason) }, of which the latter two return promises.
function setUpDefaultController(stream, algorithms, highWaterMark, sizeAlgorithm) {
  const controller = new ReadableStreamDefaultController(kCreate);
  const state = {
    kind: 'ReadableStreamDefaultController',
    cancelAlgorithm: algorithms.cancel,
    closeRequested: false,
    highWaterMark,
    pullAgain: false,
    pullAlgorithm: algorithms.pull,
    pulling: false,
    queue: new SizedQueue(),
    sizeAlgorithm,
    started: false,
    stream,
  };
  controller[kState] = state;
  stream[kState].controller = controller;
  then(
    resolvedWith(algorithms.start(controller)),
    () => {
      state.started = true;
      callPullIfNeeded(controller);
    },
    (error) => errorController(controller, error),
  );
}

module.exports = {
  canCloseOrEnqueue,
  close,
  enqueue,
  errorController,
  getDesiredSize,
  ReadableStreamDefaultController,
  setUpDefaultController,
  shouldCallPull,
};
