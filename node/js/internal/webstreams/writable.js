// SPDX-License-Identifier: Apache-2.0
// WritableStream, its writer and its controller.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE, ERR_INVALID_THIS },
} = require('internal/errors');
const {
  answerNodeStreams,
  asyncMethod,
  convertStrategy,
  Deferred,
  extractHighWaterMark,
  extractSizeAlgorithm,
  finishClass,
  functionMember,
  kCreate,
  kState,
  markHandled,
  ofKind,
  rejectedDeferred,
  rejectedWith,
  resolvedDeferred,
  resolvedWith,
  SizedQueue,
  then,
  validateObjectLike,
  whenDone,
} = require('internal/webstreams/util');
const { markTransferMode } = require('internal/transferable');
const { makeWritableTransferable } = require('internal/webstreams/transfer');

const kAbortSteps = Symbol('[[AbortSteps]]');
const kErrorSteps = Symbol('[[ErrorSteps]]');
const kUninitialized = Symbol('kUninitialized');
const closeSentinel = Symbol('close sentinel');

const isWritableStream = ofKind('WritableStream');
const isWritableStreamDefaultWriter = ofKind('WritableStreamDefaultWriter');
const isWritableStreamDefaultController = ofKind('WritableStreamDefaultController');

// -- the stream: writable, erroring (waiting for the write that is on its way), errored or closed

function initialWritableState() {
  return {
    kind: 'WritableStream',
    backpressure: false,
    closeRequest: undefined,
    controller: undefined,
    inFlightCloseRequest: undefined,
    inFlightWriteRequest: undefined,
    pendingAbortRequest: undefined,
    state: 'writable',
    storedError: undefined,
    whenDone: undefined, // made for stream.finished()
    writer: undefined,
    writeRequests: [],
  };
}

function closeQueuedOrInFlight(stream) {
  const { closeRequest, inFlightCloseRequest } = stream[kState];
  return closeRequest !== undefined || inFlightCloseRequest !== undefined;
}

function hasOperationInFlight({ inFlightCloseRequest, inFlightWriteRequest }) {
  return inFlightWriteRequest !== undefined || inFlightCloseRequest !== undefined;
}

function writableStreamAbort(stream, reason) {
  const state = stream[kState];
  if (state.state === 'closed' || state.state === 'errored') return resolvedWith(undefined);
  state.controller[kState].abortController.abort(reason);
  if (state.state === 'closed' || state.state === 'errored') return resolvedWith(undefined);
  if (state.pendingAbortRequest !== undefined) return state.pendingAbortRequest.promise;
  const wasAlreadyErroring = state.state === 'erroring';
  const request = Object.assign(new Deferred(), {
    reason: wasAlreadyErroring ? undefined : reason,
    wasAlreadyErroring,
  });
  state.pendingAbortRequest = request;
  if (!wasAlreadyErroring) startErroring(stream, reason);
  return request.promise;
}

function writableStreamClose(stream) {
  const state = stream[kState];
  if (state.state === 'closed' || state.state === 'errored') {
    return rejectedWith(new ERR_INVALID_STATE.TypeError('WritableStream is closed'));
  }
  state.closeRequest = new Deferred();
  const { promise } = state.closeRequest;
  if (state.writer !== undefined && state.backpressure && state.state === 'writable') {
    state.writer[kState].ready.resolve();
  }
  controllerClose(state.controller);
  return promise;
}

function startErroring(stream, reason) {
  const state = stream[kState];
  state.state = 'erroring';
  state.storedError = reason;
  if (state.writer !== undefined) ensureRejected(state.writer, 'ready', reason);
  if (!hasOperationInFlight(state) && state.controller[kState].started) finishErroring(stream);
}

function finishErroring(stream) {
  const state = stream[kState];
  state.state = 'errored';
  state.controller[kErrorSteps]();
  for (const request of state.writeRequests) request.reject(state.storedError);
  state.writeRequests = [];
  const abort = state.pendingAbortRequest;
  if (abort === undefined) {
    rejectCloseAndClosed(stream);
    return;
  }
  state.pendingAbortRequest = undefined;
  if (abort.wasAlreadyErroring) {
    abort.reject(state.storedError);
    rejectCloseAndClosed(stream);
    return;
  }
  then(
    state.controller[kAbortSteps](abort.reason),
    () => {
      abort.resolve();
      rejectCloseAndClosed(stream);
    },
    (error) => {
      abort.reject(error);
      rejectCloseAndClosed(stream);
    },
  );
}

function rejectCloseAndClosed(stream) {
  const state = stream[kState];
  if (state.closeRequest !== undefined) {
    state.closeRequest.reject(state.storedError);
    state.closeRequest = undefined;
  }
  state.whenDone?.reject(state.storedError);
  if (state.writer === undefined) return;
  const { closed } = state.writer[kState];
  closed.reject(state.storedError);
  markHandled(closed.promise);
}

function dealWithRejection(stream, error) {
  if (stream[kState].state === 'writable') startErroring(stream, error);
  else finishErroring(stream);
}

function updateBackpressure(stream, backpressure) {
  const state = stream[kState];
  if (state.writer !== undefined && backpressure !== state.backpressure) {
    if (backpressure) state.writer[kState].ready = new Deferred();
    else state.writer[kState].ready.resolve();
  }
  state.backpressure = backpressure;
}

function finishInFlightWrite(stream) {
  stream[kState].inFlightWriteRequest.resolve();
  stream[kState].inFlightWriteRequest = undefined;
}

function finishInFlightWriteWithError(stream, error) {
  stream[kState].inFlightWriteRequest.reject(error);
  stream[kState].inFlightWriteRequest = undefined;
  dealWithRejection(stream, error);
}

function finishInFlightClose(stream) {
  const state = stream[kState];
  state.inFlightCloseRequest.resolve();
  state.inFlightCloseRequest = undefined;
  if (state.state === 'erroring') {
    state.storedError = undefined; // closing won
    if (state.pendingAbortRequest !== undefined) {
      state.pendingAbortRequest.resolve();
      state.pendingAbortRequest = undefined;
    }
  }
  state.state = 'closed';
  state.whenDone?.resolve();
  state.writer?.[kState].closed.resolve();
}

function finishInFlightCloseWithError(stream, error) {
  const state = stream[kState];
  state.inFlightCloseRequest.reject(error);
  state.inFlightCloseRequest = undefined;
  if (state.pendingAbortRequest !== undefined) {
    state.pendingAbortRequest.reject(error);
    state.pendingAbortRequest = undefined;
  }
  dealWithRejection(stream, error);
}

function convertSink(sink) {
  const abort = functionMember(sink, 'abort', 'sink');
  const close = functionMember(sink, 'close', 'sink');
  const start = functionMember(sink, 'start', 'sink');
  if (sink.type !== undefined) throw new ERR_INVALID_ARG_VALUE.RangeError('type', sink.type);
  const write = functionMember(sink, 'write', 'sink');
  return {
    start: (controller) => (start === undefined ? undefined : Reflect.apply(start, sink, [controller])),
    write: asyncMethod(sink, write),
    close: asyncMethod(sink, close),
    abort: asyncMethod(sink, abort),
  };
}

class WritableStream {
  constructor(underlyingSink = undefined, strategy = undefined) {
    this[kState] = initialWritableState();
    markTransferMode(this, false, true);
    if (underlyingSink === kUninitialized) return;
    if (underlyingSink !== undefined) validateObjectLike(underlyingSink, 'sink');
    const converted = convertStrategy(strategy);
    const algorithms = convertSink(underlyingSink ?? { __proto__: null });
    const sizeAlgorithm = extractSizeAlgorithm(converted);
    setUpController(this, algorithms, extractHighWaterMark(converted, 1), sizeAlgorithm);
  }

  get locked() {
    if (!isWritableStream(this)) throw new ERR_INVALID_THIS('WritableStream');
    return this[kState].writer !== undefined;
  }

  abort(reason = undefined) {
    if (!isWritableStream(this)) return rejectedWith(new ERR_INVALID_THIS('WritableStream'));
    if (this[kState].writer !== undefined) {
      return rejectedWith(new ERR_INVALID_STATE.TypeError('WritableStream is locked'));
    }
    return writableStreamAbort(this, reason);
  }

  close() {
    if (!isWritableStream(this)) return rejectedWith(new ERR_INVALID_THIS('WritableStream'));
    if (this[kState].writer !== undefined) {
      return rejectedWith(new ERR_INVALID_STATE.TypeError('WritableStream is locked'));
    }
    if (closeQueuedOrInFlight(this)) {
      return rejectedWith(new ERR_INVALID_STATE.TypeError('Failure closing WritableStream'));
    }
    return writableStreamClose(this);
  }

  getWriter() {
    if (!isWritableStream(this)) throw new ERR_INVALID_THIS('WritableStream');
    return new WritableStreamDefaultWriter(this);
  }
}
makeWritableTransferable(WritableStream);
finishClass(WritableStream, ['abort', 'close', 'getWriter', 'locked'], (stream) => ({
  locked: stream[kState].writer !== undefined,
  state: stream[kState].state,
}));

answerNodeStreams(WritableStream, {
  'nodejs.stream.errored'() {
    return this[kState].state === 'errored';
  },
  'nodejs.stream.writable'() {
    return this[kState].state === 'writable';
  },
  'nodejs.webstream.isClosedPromise'() {
    return whenDone(this);
  },
  'nodejs.webstream.controllerErrorFunction'() {
    const { controller } = this[kState];
    return (error) => controller.error(error);
  },
});

// Streams that parts of this library make; `algorithms` as convertSink() returns them.
function createWritableStream(algorithms, highWaterMark = 1, sizeAlgorithm = () => 1) {
  const stream = new WritableStream(kUninitialized);
  setUpController(stream, algorithms, highWaterMark, sizeAlgorithm);
  return stream;
}

// -- the writer

// Rejects `closed` or `ready` of a writer, afresh when it is settled already.
function ensureRejected(writer, name, error) {
  const state = writer[kState];
  if (state[name].isPending) {
    state[name].reject(error);
    markHandled(state[name].promise);
  } else {
    state[name] = rejectedDeferred(error);
  }
}

function initialReady(state) {
  if (state.state === 'erroring') return rejectedDeferred(state.storedError);
  return !closeQueuedOrInFlight(state.controller[kState].stream) && state.backpressure ? new Deferred() : resolvedDeferred();
}

function initializeWriter(writer, stream) {
  const state = stream[kState];
  const own = { kind: 'WritableStreamDefaultWriter', stream, closed: undefined, ready: undefined };
  if (state.state === 'writable' || state.state === 'erroring') {
    own.ready = initialReady(state);
    own.closed = new Deferred();
  } else if (state.state === 'closed') {
    own.ready = resolvedDeferred();
    own.closed = resolvedDeferred();
  } else {
    own.ready = rejectedDeferred(state.storedError);
    own.closed = rejectedDeferred(state.storedError);
  }
  writer[kState] = own;
  state.writer = writer;
}

const notAttached = () => new ERR_INVALID_STATE.TypeError('Writer is not bound to a WritableStream');

function writerDesiredSize(writer) {
  const { controller, state } = writer[kState].stream[kState];
  if (state === 'errored' || state === 'erroring') return null;
  return state === 'closed' ? 0 : controllerDesiredSize(controller);
}

function writerWrite(writer, chunk) {
  const { stream } = writer[kState];
  const state = stream[kState];
  const { controller } = state;
  const size = chunkSize(controller, chunk);
  if (stream !== writer[kState].stream) return rejectedWith(new ERR_INVALID_STATE.TypeError('Mismatched WritableStreams'));
  if (state.state === 'errored') return rejectedWith(state.storedError);
  if (closeQueuedOrInFlight(stream) || state.state === 'closed') {
    return rejectedWith(new ERR_INVALID_STATE.TypeError('WritableStream is closed'));
  }
  if (state.state === 'erroring') return rejectedWith(state.storedError);
  const request = new Deferred();
  state.writeRequests.push(request);
  controllerWrite(controller, chunk, size);
  return request.promise;
}

function writerCloseWithErrorPropagation(writer) {
  const { stream } = writer[kState];
  const { state, storedError } = stream[kState];
  if (closeQueuedOrInFlight(stream) || state === 'closed') return resolvedWith(undefined);
  return state === 'errored' ? rejectedWith(storedError) : writableStreamClose(stream);
}

function releaseWriter(writer) {
  const state = writer[kState];
  const released = new ERR_INVALID_STATE.TypeError('Writer has been released');
  ensureRejected(writer, 'ready', released);
  ensureRejected(writer, 'closed', released);
  state.stream[kState].writer = undefined;
  state.stream = undefined;
}

class WritableStreamDefaultWriter {
  constructor(stream) {
    if (!isWritableStream(stream)) throw new ERR_INVALID_ARG_TYPE('stream', 'WritableStream', stream);
    if (stream[kState].writer !== undefined) throw new ERR_INVALID_STATE.TypeError('WritableStream is locked');
    initializeWriter(this, stream);
  }

  get closed() {
    if (!isWritableStreamDefaultWriter(this)) return rejectedWith(new ERR_INVALID_THIS('WritableStreamDefaultWriter'));
    return this[kState].closed.promise;
  }

  get desiredSize() {
    if (!isWritableStreamDefaultWriter(this)) throw new ERR_INVALID_THIS('WritableStreamDefaultWriter');
    if (this[kState].stream === undefined) throw notAttached();
    return writerDesiredSize(this);
  }

  get ready() {
    if (!isWritableStreamDefaultWriter(this)) return rejectedWith(new ERR_INVALID_THIS('WritableStreamDefaultWriter'));
    return this[kState].ready.promise;
  }

  abort(reason = undefined) {
    if (!isWritableStreamDefaultWriter(this)) return rejectedWith(new ERR_INVALID_THIS('WritableStreamDefaultWriter'));
    const { stream } = this[kState];
    return stream === undefined ? rejectedWith(notAttached()) : writableStreamAbort(stream, reason);
  }

  close() {
    if (!isWritableStreamDefaultWriter(this)) return rejectedWith(new ERR_INVALID_THIS('WritableStreamDefaultWriter'));
    const { stream } = this[kState];
    if (stream === undefined) return rejectedWith(notAttached());
    if (closeQueuedOrInFlight(stream)) {
      return rejectedWith(new ERR_INVALID_STATE.TypeError('Failure to close WritableStream'));
    }
    return writableStreamClose(stream);
  }

  releaseLock() {
    if (!isWritableStreamDefaultWriter(this)) throw new ERR_INVALID_THIS('WritableStreamDefaultWriter');
    if (this[kState].stream !== undefined) releaseWriter(this);
  }

  write(chunk = undefined) {
    if (!isWritableStreamDefaultWriter(this)) return rejectedWith(new ERR_INVALID_THIS('WritableStreamDefaultWriter'));
    if (this[kState].stream === undefined) return rejectedWith(notAttached());
    return writerWrite(this, chunk);
  }
}
finishClass(
  WritableStreamDefaultWriter,
  ['abort', 'close', 'closed', 'desiredSize', 'ready', 'releaseLock', 'write'],
  (writer) => ({
    stream: writer[kState].stream,
    close: writer[kState].closed.promise,
    ready: writer[kState].ready.promise,
    desiredSize: writer[kState].stream === undefined ? undefined : writerDesiredSize(writer),
  }),
);

// -- the controller

function controllerDesiredSize(controller) {
  const { highWaterMark, queue } = controller[kState];
  return highWaterMark - queue.size;
}

function chunkSize(controller, chunk) {
  const { sizeAlgorithm } = controller[kState];
  if (sizeAlgorithm === undefined) return 1; // the stream has failed
  try {
    return +sizeAlgorithm(chunk);
  } catch (error) {
    errorIfNeeded(controller, error);
    return 1;
  }
}

function errorIfNeeded(controller, error) {
  const { stream } = controller[kState];
  if (stream[kState].state === 'writable') errorController(controller, error);
}

function errorController(controller, error) {
  clearAlgorithms(controller);
  startErroring(controller[kState].stream, error);
}

function clearAlgorithms(controller) {
  Object.assign(controller[kState], {
    writeAlgorithm: undefined,
    closeAlgorithm: undefined,
    abortAlgorithm: undefined,
    sizeAlgorithm: undefined,
  });
}

function controllerClose(controller) {
  controller[kState].queue.enqueue(closeSentinel, 0);
  advanceQueue(controller);
}

function controllerWrite(controller, chunk, size) {
  const { queue, stream } = controller[kState];
  try {
    queue.enqueue(chunk, size);
  } catch (error) {
    errorIfNeeded(controller, error);
    return;
  }
  if (!closeQueuedOrInFlight(stream) && stream[kState].state === 'writable') {
    updateBackpressure(stream, controllerDesiredSize(controller) <= 0);
  }
  advanceQueue(controller);
}

function advanceQueue(controller) {
  const { queue, started, stream } = controller[kState];
  if (!started || stream[kState].inFlightWriteRequest !== undefined) return;
  if (stream[kState].state === 'erroring') {
    finishErroring(stream);
    return;
  }
  if (queue.length === 0) return;
  const chunk = queue.peek();
  if (chunk === closeSentinel) processClose(controller);
  else processWrite(controller, chunk);
}

function processClose(controller) {
  const { closeAlgorithm, queue, stream } = controller[kState];
  const state = stream[kState];
  state.inFlightCloseRequest = state.closeRequest;
  state.closeRequest = undefined;
  queue.dequeue();
  const closed = closeAlgorithm();
  clearAlgorithms(controller);
  then(
    closed,
    () => finishInFlightClose(stream),
    (error) => finishInFlightCloseWithError(stream, error),
  );
}

function processWrite(controller, chunk) {
  const { queue, stream, writeAlgorithm } = controller[kState];
  const state = stream[kState];
  state.inFlightWriteRequest = state.writeRequests.shift();
  then(
    writeAlgorithm(chunk, controller),
    () => {
      finishInFlightWrite(stream);
      queue.dequeue();
      if (!closeQueuedOrInFlight(stream) && state.state === 'writable') {
        updateBackpressure(stream, controllerDesiredSize(controller) <= 0);
      }
      advanceQueue(controller);
    },
    (error) => {
      if (state.state === 'writable') clearAlgorithms(controller);
      finishInFlightWriteWithError(stream, error);
    },
  );
}

class WritableStreamDefaultController {
  constructor(token = undefined) {
    if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  get signal() {
    if (!isWritableStreamDefaultController(this)) throw new ERR_INVALID_THIS('WritableStreamDefaultController');
    return this[kState].abortController.signal;
  }

  error(error = undefined) {
    if (!isWritableStreamDefaultController(this)) throw new ERR_INVALID_THIS('WritableStreamDefaultController');
    errorIfNeeded(this, error);
  }

  [kAbortSteps](reason) {
    const result = this[kState].abortAlgorithm(reason);
    clearAlgorithms(this);
    return result;
  }

  [kErrorSteps]() {
    this[kState].queue.reset();
  }
}
finishClass(WritableStreamDefaultController, ['error', 'signal'], (controller) => ({
  stream: controller[kState].stream,
}));

// `algorithms`: { start(controller), write(chunk, controller), close(), abort(reason) }, of which the latter three
// return promises.
function setUpController(stream, algorithms, highWaterMark, sizeAlgorithm) {
  const { AbortController } = require('internal/abort_controller');
  const controller = new WritableStreamDefaultController(kCreate);
  const state = {
    kind: 'WritableStreamDefaultController',
    abortAlgorithm: algorithms.abort,
    abortController: new AbortController(),
    closeAlgorithm: algorithms.close,
    highWaterMark,
    queue: new SizedQueue(),
    sizeAlgorithm,
    started: false,
    stream,
    writeAlgorithm: algorithms.write,
  };
  controller[kState] = state;
  stream[kState].controller = controller;
  updateBackpressure(stream, controllerDesiredSize(controller) <= 0);
  then(
    resolvedWith(algorithms.start(controller)),
    () => {
      state.started = true;
      advanceQueue(controller);
    },
    (error) => {
      state.started = true;
      dealWithRejection(stream, error);
    },
  );
}

module.exports = {
  closeQueuedOrInFlight,
  createWritableStream,
  errorIfNeeded,
  isWritableStream,
  releaseWriter,
  WritableStream,
  writableStreamAbort,
  WritableStreamDefaultController,
  WritableStreamDefaultWriter,
  writerCloseWithErrorPropagation,
  writerWrite,
};
