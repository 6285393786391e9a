// SPDX-License-Identifier: Apache-2.0
// ReadableByteStreamController and ReadableStreamBYOBRequest: a queue of bytes, and memory that readers bring
// ("pull-into descriptors" in the standard's words) to be filled from it or by the source itself.
'use strict';

const {
  codes: {
    ERR_ILLEGAL_CONSTRUCTOR,
    ERR_INVALID_ARG_TYPE,
    ERR_INVALID_ARG_VALUE,
    ERR_INVALID_STATE,
    ERR_INVALID_THIS,
  },
} = require('internal/errors');
const { typedArrayName } = require('internal/util/types');
const {
  enforceUnsigned,
  finishClass,
  kCreate,
  kState,
  ofKind,
  resolvedWith,
  then,
  transferArrayBuffer,
} = require('internal/webstreams/util');
const {
  addRequest,
  fulfillRequest,
  hasBYOBReader,
  hasDefaultReader,
  isReadableStreamLocked,
  kCancelSteps,
  kPullSteps,
  kReleaseSteps,
  pullWhile,
  readableStreamClose,
  readableStreamError,
  requestsOf,
} = require('internal/webstreams/operations');

const isReadableByteStreamController = ofKind('ReadableByteStreamController');
const isReadableStreamBYOBRequest = ofKind('ReadableStreamBYOBRequest');

// -- the queue

function resetQueue(controller) {
  Object.assign(controller[kState], { queue: [], queueTotalSize: 0 });
}

function enqueueChunk(controller, buffer, byteOffset, byteLength) {
  const state = controller[kState];
  state.queue.push({ buffer, byteOffset, byteLength });
  state.queueTotalSize += byteLength;
}

function enqueueClonedChunk(controller, buffer, byteOffset, byteLength) {
  enqueueChunk(controller, buffer.slice(byteOffset, byteOffset + byteLength), 0, byteLength);
}

function fillRequestFromQueue(controller, request) {
  const state = controller[kState];
  const { buffer, byteOffset, byteLength } = state.queue.shift();
  state.queueTotalSize -= byteLength;
  handleQueueDrain(controller);
  request.chunkSteps(new Uint8Array(buffer, byteOffset, byteLength));
}

function processReadRequestsUsingQueue(controller) {
  const state = controller[kState];
  const requests = requestsOf(state.stream);
  while (requests.length > 0 && state.queueTotalSize > 0) fillRequestFromQueue(controller, requests.shift());
}

// -- descriptors

function clearPendingPullIntos(controller) {
  invalidateBYOBRequest(controller);
  controller[kState].pendingPullIntos = [];
}

function shiftPendingPullInto(controller) {
  return controller[kState].pendingPullIntos.shift();
}

function convertDescriptor({ buffer, byteOffset, bytesFilled, elementSize, Constructor }) {
  return new Constructor(transferArrayBuffer(buffer), byteOffset, bytesFilled / elementSize);
}

function commitDescriptor(stream, descriptor) {
  fulfillRequest(stream, convertDescriptor(descriptor), stream[kState].state === 'closed');
}

// Moves bytes from the queue; true when as much is there as the reader asked for.
function fillDescriptorFromQueue(controller, descriptor) {
  const state = controller[kState];
  const available = Math.min(state.queueTotalSize, descriptor.byteLength - descriptor.bytesFilled);
  const filledThen = descriptor.bytesFilled + available;
  const aligned = filledThen - (filledThen % descriptor.elementSize);
  const isReady = aligned >= descriptor.minimumFill;
  let remaining = isReady ? aligned - descriptor.bytesFilled : available;
  while (remaining > 0) {
    const [head] = state.queue;
    const count = Math.min(remaining, head.byteLength);
    const target = new Uint8Array(descriptor.buffer, descriptor.byteOffset + descriptor.bytesFilled, count);
    target.set(new Uint8Array(head.buffer, head.byteOffset, count));
    if (count === head.byteLength) {
      state.queue.shift();
    } else {
      head.byteOffset += count;
      head.byteLength -= count;
    }
    state.queueTotalSize -= count;
    descriptor.bytesFilled += count;
    remaining -= count;
  }
  return isReady;
}

function processDescriptorsUsingQueue(controller) {
  const state = controller[kState];
  const filled = [];
  while (state.pendingPullIntos.length > 0 && state.queueTotalSize > 0) {
    if (!fillDescriptorFromQueue(controller, state.pendingPullIntos[0])) break;
    filled.push(shiftPendingPullInto(controller));
  }
  return filled;
}

function enqueueDetachedDescriptor(controller, { buffer, byteOffset, bytesFilled }) {
  if (bytesFilled > 0) enqueueClonedChunk(controller, buffer, byteOffset, bytesFilled);
  shiftPendingPullInto(controller);
}

// -- pulling and ending

function clearAlgorithms(controller) {
  Object.assign(controller[kState], { pullAlgorithm: undefined, cancelAlgorithm: undefined });
}

function getDesiredSize(controller) {
  const { highWaterMark, queueTotalSize, stream } = controller[kState];
  const { state } = stream[kState];
  if (state === 'errored') return null;
  return state === 'closed' ? 0 : highWaterMark - queueTotalSize;
}

function shouldCallPull(controller) {
  const { closeRequested, started, stream } = controller[kState];
  if (stream[kState].state !== 'readable' || closeRequested || !started) return false;
  if (isReadableStreamLocked(stream) && requestsOf(stream).length > 0) return true;
  return getDesiredSize(controller) > 0;
}

function callPullIfNeeded(controller) {
  pullWhile(controller, shouldCallPull, errorController);
}

function handleQueueDrain(controller) {
  const { closeRequested, queueTotalSize, stream } = controller[kState];
  if (queueTotalSize === 0 && closeRequested) {
    clearAlgorithms(controller);
    readableStreamClose(stream);
  } else {
    callPullIfNeeded(controller);
  }
}

function errorController(controller, error) {
  const { stream } = controller[kState];
  if (stream[kState].state !== 'readable') return;
  clearPendingPullIntos(controller);
  resetQueue(controller);
  clearAlgorithms(controller);
  readableStreamError(stream, error);
}

function close(controller) {
  const state = controller[kState];
  if (state.closeRequested || state.stream[kState].state !== 'readable') return;
  if (state.queueTotalSize > 0) {
    state.closeRequested = true;
    return;
  }
  const [first] = state.pendingPullIntos;
  if (first !== undefined && first.bytesFilled % first.elementSize !== 0) {
    const error = new ERR_INVALID_STATE.TypeError('Partial read');
    errorController(controller, error);
    throw error;
  }
  clearAlgorithms(controller);
  readableStreamClose(state.stream);
}

function enqueue(controller, { buffer, byteOffset, byteLength }) {
  const state = controller[kState];
  const { stream } = state;
  if (state.closeRequested || stream[kState].state !== 'readable') return;
  const own = transferArrayBuffer(buffer);
  const [first] = state.pendingPullIntos;
  if (first !== undefined) {
    if (first.buffer.detached) throw new ERR_INVALID_STATE.TypeError('Destination ArrayBuffer is detached');
    invalidateBYOBRequest(controller);
    first.buffer = transferArrayBuffer(first.buffer);
    if (first.readerType === 'none') enqueueDetachedDescriptor(controller, first);
  }
  if (hasDefaultReader(stream)) {
    processReadRequestsUsingQueue(controller);
    if (requestsOf(stream).length === 0) {
      enqueueChunk(controller, own, byteOffset, byteLength);
    } else {
      if (state.pendingPullIntos.length > 0) shiftPendingPullInto(controller);
      fulfillRequest(stream, new Uint8Array(own, byteOffset, byteLength), false);
    }
  } else {
    enqueueChunk(controller, own, byteOffset, byteLength);
    if (hasBYOBReader(stream)) {
      for (const descriptor of processDescriptorsUsingQueue(controller)) commitDescriptor(stream, descriptor);
    }
  }
  callPullIfNeeded(controller);
}

// -- a reader with its own memory

function pullInto(controller, view, min, request) {
  const state = controller[kState];
  const { stream } = state;
  const { byteOffset, byteLength } = view;
  const Constructor = globalThis[typedArrayName(view) ?? 'DataView'];
  const elementSize = Constructor.BYTES_PER_ELEMENT ?? 1;
  let buffer;
  try {
    buffer = transferArrayBuffer(view.buffer);
  } catch (error) {
    request.errorSteps(error);
    return;
  }
  const descriptor = {
    buffer,
    bufferByteLength: buffer.byteLength,
    byteLength,
    byteOffset,
    bytesFilled: 0,
    Constructor,
    elementSize,
    minimumFill: min * elementSize,
    readerType: 'byob',
  };
  if (state.pendingPullIntos.length > 0) {
    state.pendingPullIntos.push(descriptor);
    addRequest(stream, request);
    return;
  }
  if (stream[kState].state === 'closed') {
    request.closeSteps(new Constructor(buffer, byteOffset, 0));
    return;
  }
  if (state.queueTotalSize > 0) {
    if (fillDescriptorFromQueue(controller, descriptor)) {
      const filled = convertDescriptor(descriptor);
      handleQueueDrain(controller);
      request.chunkSteps(filled);
      return;
    }
    if (state.closeRequested) {
      const error = new ERR_INVALID_STATE.TypeError('ReadableStream closed');
      errorController(controller, error);
      request.errorSteps(error);
      return;
    }
  }
  state.pendingPullIntos.push(descriptor);
  addRequest(stream, request);
  callPullIfNeeded(controller);
}

function respondInClosedState(controller, first) {
  const { stream } = controller[kState];
  if (first.readerType === 'none') shiftPendingPullInto(controller);
  if (!hasBYOBReader(stream)) return;
  const filled = requestsOf(stream).map(() => shiftPendingPullInto(controller));
  for (const descriptor of filled) commitDescriptor(stream, descriptor);
}

function respondInReadableState(controller, bytesWritten, descriptor) {
  const { stream } = controller[kState];
  descriptor.bytesFilled += bytesWritten;
  if (descriptor.readerType === 'none') {
    enqueueDetachedDescriptor(controller, descriptor);
    for (const filled of processDescriptorsUsingQueue(controller)) commitDescriptor(stream, filled);
    return;
  }
  if (descriptor.bytesFilled < descriptor.minimumFill) return;
  shiftPendingPullInto(controller);
  const remainder = descriptor.bytesFilled % descriptor.elementSize;
  if (remainder > 0) {
    const end = descriptor.byteOffset + descriptor.bytesFilled;
    enqueueClonedChunk(controller, descriptor.buffer, end - remainder, remainder);
  }
  descriptor.bytesFilled -= remainder;
  const alsoFilled = processDescriptorsUsingQueue(controller);
  commitDescriptor(stream, descriptor);
  for (const filled of alsoFilled) commitDescriptor(stream, filled);
}

function respondInternal(controller, bytesWritten) {
  const state = controller[kState];
  const [first] = state.pendingPullIntos;
  invalidateBYOBRequest(controller);
  if (state.stream[kState].state === 'closed') respondInClosedState(controller, first);
  else respondInReadableState(controller, bytesWritten, first);
  callPullIfNeeded(controller);
}

// A source says how much it wrote: something while the stream is open, nothing when it is closed.
function checkResponse(stream, byteLength) {
  if (stream[kState].state === 'closed') {
    if (byteLength !== 0) throw new ERR_INVALID_ARG_VALUE('bytesWritten', byteLength);
  } else if (byteLength === 0) {
    throw new ERR_INVALID_ARG_VALUE('bytesWritten', byteLength);
  }
}

function respond(controller, bytesWritten) {
  const { pendingPullIntos, stream } = controller[kState];
  const [first] = pendingPullIntos;
  checkResponse(stream, bytesWritten);
  if (first.bytesFilled + bytesWritten > first.byteLength) {
    throw new ERR_INVALID_ARG_VALUE.RangeError('bytesWritten', bytesWritten);
  }
  first.buffer = transferArrayBuffer(first.buffer);
  respondInternal(controller, bytesWritten);
}

function respondWithNewView(controller, view) {
  const { pendingPullIntos, stream } = controller[kState];
  const [first] = pendingPullIntos;
  const { byteLength, byteOffset, buffer } = view;
  if (buffer.detached) throw new ERR_INVALID_STATE.TypeError('Viewed ArrayBuffer is detached');
  checkResponse(stream, byteLength);
  if (
    first.byteOffset + first.bytesFilled !== byteOffset ||
    first.bufferByteLength !== buffer.byteLength ||
    first.bytesFilled + byteLength > first.byteLength
  ) {
    throw new ERR_INVALID_ARG_VALUE.RangeError('view', view);
  }
  first.buffer = transferArrayBuffer(buffer);
  respondInternal(controller, byteLength);
}

function invalidateBYOBRequest(controller) {
  const { byobRequest } = controller[kState];
  if (byobRequest === null) return;
  byobRequest[kState].controller = undefined;
  byobRequest[kState].view = null;
  controller[kState].byobRequest = null;
}

function getBYOBRequest(controller) {
  const state = controller[kState];
  const [first] = state.pendingPullIntos;
  if (state.byobRequest === null && first !== undefined) {
    const { buffer, byteLength, byteOffset, bytesFilled } = first;
    const view = new Uint8Array(buffer, byteOffset + bytesFilled, byteLength - bytesFilled);
    const request = new ReadableStreamBYOBRequest(kCreate);
    request[kState] = { kind: 'ReadableStreamBYOBRequest', controller, view };
    state.byobRequest = request;
  }
  return state.byobRequest;
}

// -- the classes

function checkChunk(view, name) {
  if (!ArrayBuffer.isView(view) || !(view.buffer instanceof ArrayBuffer)) {
    throw new ERR_INVALID_ARG_TYPE(name, ['Buffer', 'TypedArray', 'DataView'], view);
  }
}

class ReadableStreamBYOBRequest {
  constructor(token = undefined) {
    if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  get view() {
    if (!isReadableStreamBYOBRequest(this)) throw new ERR_INVALID_THIS('ReadableStreamBYOBRequest');
    return this[kState].view;
  }

  respond(bytesWritten) {
    if (!isReadableStreamBYOBRequest(this)) throw new ERR_INVALID_THIS('ReadableStreamBYOBRequest');
    const count = enforceUnsigned(bytesWritten, 'bytesWritten');
    const { controller, view } = this[kState];
    if (controller === undefined) throw new ERR_INVALID_STATE.TypeError('This BYOB request has been invalidated');
    if (view.buffer.detached) throw new ERR_INVALID_STATE.TypeError('Viewed ArrayBuffer is detached');
    respond(controller, count);
  }

  respondWithNewView(view) {
    if (!isReadableStreamBYOBRequest(this)) throw new ERR_INVALID_THIS('ReadableStreamBYOBRequest');
    checkChunk(view, 'view');
    const { controller } = this[kState];
    if (controller === undefined) throw new ERR_INVALID_STATE.TypeError('This BYOB request has been invalidated');
    respondWithNewView(controller, view);
  }
}
finishClass(ReadableStreamBYOBRequest, ['respond', 'respondWithNewView', 'view'], (request) => ({
  view: request[kState].view,
  controller: request[kState].controller,
}));

class ReadableByteStreamController {
  constructor(token = undefined) {
    if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  get byobRequest() {
    if (!isReadableByteStreamController(this)) throw new ERR_INVALID_THIS('ReadableByteStreamController');
    return getBYOBRequest(this);
  }

  get desiredSize() {
    if (!isReadableByteStreamController(this)) throw new ERR_INVALID_THIS('ReadableByteStreamController');
    return getDesiredSize(this);
  }

  close() {
    if (!isReadableByteStreamController(this)) throw new ERR_INVALID_THIS('ReadableByteStreamController');
    this.#assertOpen();
    close(this);
  }

  enqueue(chunk) {
    if (!isReadableByteStreamController(this)) throw new ERR_INVALID_THIS('ReadableByteStreamController');
    checkChunk(chunk, 'chunk');
    if (chunk.byteLength === 0 || chunk.buffer.byteLength === 0) {
      throw new ERR_INVALID_STATE.TypeError('chunk ArrayBuffer is zero-length or detached');
    }
    this.#assertOpen();
    enqueue(this, chunk);
  }

  error(error = undefined) {
    if (!isReadableByteStreamController(this)) throw new ERR_INVALID_THIS('ReadableByteStreamController');
    errorController(this, error);
  }

  #assertOpen() {
    const { closeRequested, stream } = this[kState];
    if (closeRequested) throw new ERR_INVALID_STATE.TypeError('Controller is already closed');
    if (stream[kState].state !== 'readable') throw new ERR_INVALID_STATE.TypeError('ReadableStream is already closed');
  }

  [kCancelSteps](reason) {
    clearPendingPullIntos(this);
    resetQueue(this);
    const result = this[kState].cancelAlgorithm(reason);
    clearAlgorithms(this);
    return result;
  }

  [kPullSteps](request) {
    const { autoAllocateChunkSize, pendingPullIntos, queueTotalSize, stream } = this[kState];
    if (queueTotalSize > 0) {
      fillRequestFromQueue(this, request);
      return;
    }
    if (autoAllocateChunkSize !== undefined) {
      let buffer;
      try {
        buffer = new ArrayBuffer(autoAllocateChunkSize);
      } catch (error) {
        request.errorSteps(error);
        return;
      }
      pendingPullIntos.push({
        buffer,
        bufferByteLength: autoAllocateChunkSize,
        byteLength: autoAllocateChunkSize,
        byteOffset: 0,
        bytesFilled: 0,
        Constructor: Uint8Array,
        elementSize: 1,
        minimumFill: 1,
        readerType: 'default',
      });
    }
    addRequest(stream, request);
    callPullIfNeeded(this);
  }

  [kReleaseSteps]() {
    const [first] = this[kState].pendingPullIntos;
    if (first === undefined) return;
    first.readerType = 'none';
    this[kState].pendingPullIntos = [first];
  }
}
finishClass(ReadableByteStreamController, ['byobRequest', 'close', 'desiredSize', 'enqueue', 'error'], () => ({}));

function setUpByteController(stream, algorithms, highWaterMark, autoAllocateChunkSize) {
  const controller = new ReadableByteStreamController(kCreate);
  const state = {
    kind: 'ReadableByteStreamController',
    autoAllocateChunkSize,
    byobRequest: null,
    cancelAlgorithm: algorithms.cancel,
    closeRequested: false,
    highWaterMark,
    pendingPullIntos: [],
    pullAgain: false,
    pullAlgorithm: algorithms.pull,
    pulling: false,
    queue: [],
    queueTotalSize: 0,
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
  close,
  enqueue,
  errorController,
  getBYOBRequest,
  pullInto,
  ReadableByteStreamController,
  ReadableStreamBYOBRequest,
  respond,
  respondWithNewView,
  setUpByteController,
};
