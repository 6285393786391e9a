// SPDX-License-Identifier: Apache-2.0
// TransformStream and its controller: what is written to one side is read, transformed, from the other.
'use strict';

const {
  codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE, ERR_INVALID_THIS },
} = require('internal/errors');
const {
  asyncMethod,
  convertStrategy,
  Deferred,
  extractHighWaterMark,
  extractSizeAlgorithm,
  finishClass,
  functionMember,
  kCreate,
  kState,
  ofKind,
  rejectedWith,
  resolvedWith,
  then,
  validateObjectLike,
} = require('internal/webstreams/util');
const { createReadableStream } = require('internal/webstreams/readable');
const readableSide = require('internal/webstreams/default_controller');
const { createWritableStream, errorIfNeeded } = require('internal/webstreams/writable');
const { markTransferMode } = require('internal/transferable');
const { makeTransformTransferable } = require('internal/webstreams/transfer');

const isTransformStream = ofKind('TransformStream');
const isTransformStreamDefaultController = ofKind('TransformStreamDefaultController');

// -- the stream

function readableControllerOf(stream) {
  return stream[kState].readable[kState].controller;
}

function errorStream(stream, error) {
  readableSide.errorController(readableControllerOf(stream), error);
  errorWritableAndUnblock(stream, error);
}

function errorWritableAndUnblock(stream, error) {
  clearAlgorithms(stream[kState].controller);
  errorIfNeeded(stream[kState].writable[kState].controller, error);
  if (stream[kState].backpressure) setBackpressure(stream, false);
}

function setBackpressure(stream, backpressure) {
  const state = stream[kState];
  state.backpressureChange?.resolve();
  state.backpressureChange = new Deferred();
  state.backpressure = backpressure;
}

// -- the writable side's algorithms

function sinkWrite(stream, chunk) {
  const state = stream[kState];
  if (!state.backpressure) return performTransform(state.controller, chunk);
  return then(state.backpressureChange.promise, () => {
    const writable = state.writable[kState];
    if (writable.state === 'erroring') throw writable.storedError;
    return performTransform(state.controller, chunk);
  });
}

// The two sides end once, by whichever comes first; `proceed` runs when `algorithm` is through.
function finishOnce(stream, algorithm, onDone, onError) {
  const controller = stream[kState].controller[kState];
  if (controller.finish !== undefined) return controller.finish.promise;
  controller.finish = new Deferred();
  const { finish } = controller;
  const result = algorithm(controller);
  clearAlgorithms(stream[kState].controller);
  then(
    result,
    () => onDone(finish),
    (error) => onError(finish, error),
  );
  return finish.promise;
}

function sinkAbort(stream, reason) {
  const readable = stream[kState].readable[kState];
  return finishOnce(
    stream,
    ({ cancelAlgorithm }) => cancelAlgorithm(reason),
    (finish) => {
      if (readable.state === 'errored') {
        finish.reject(readable.storedError);
        return;
      }
      readableSide.errorController(readable.controller, reason);
      finish.resolve();
    },
    (finish, error) => {
      readableSide.errorController(readable.controller, error);
      finish.reject(error);
    },
  );
}

function sinkClose(stream) {
  const readable = stream[kState].readable[kState];
  return finishOnce(
    stream,
    ({ flushAlgorithm }) => flushAlgorithm(),
    (finish) => {
      if (readable.state === 'errored') {
        finish.reject(readable.storedError);
        return;
      }
      readableSide.close(readable.controller);
      finish.resolve();
    },
    (finish, error) => {
      readableSide.errorController(readable.controller, error);
      finish.reject(error);
    },
  );
}

// -- the readable side's

function sourceCancel(stream, reason) {
  const writable = stream[kState].writable[kState];
  return finishOnce(
    stream,
    ({ cancelAlgorithm }) => cancelAlgorithm(reason),
    (finish) => {
      if (writable.state === 'errored') {
        finish.reject(writable.storedError);
        return;
      }
      errorIfNeeded(writable.controller, reason);
      if (stream[kState].backpressure) setBackpressure(stream, false);
      finish.resolve();
    },
    (finish, error) => {
      errorIfNeeded(writable.controller, error);
      if (stream[kState].backpressure) setBackpressure(stream, false);
      finish.reject(error);
    },
  );
}

function sourcePull(stream) {
  setBackpressure(stream, false);
  return stream[kState].backpressureChange.promise;
}

function initialize(stream, started, writableMarks, readableMarks) {
  const state = {
    kind: 'TransformStream',
    backpressure: undefined,
    backpressureChange: undefined,
    controller: undefined,
    readable: undefined,
    writable: undefined,
  };
  stream[kState] = state;
  markTransferMode(stream, false, true);
  const start = () => started;
  state.writable = createWritableStream(
    {
      start,
      write: (chunk) => sinkWrite(stream, chunk),
      close: () => sinkClose(stream),
      abort: (reason) => sinkAbort(stream, reason),
    },
    ...writableMarks,
  );
  state.readable = createReadableStream(
    { start, pull: () => sourcePull(stream), cancel: (reason) => sourceCancel(stream, reason) },
    ...readableMarks,
  );
  setBackpressure(stream, true);
}

function convertTransformer(transformer) {
  const cancel = functionMember(transformer, 'cancel', 'transformer');
  const flush = functionMember(transformer, 'flush', 'transformer');
  const { readableType } = transformer;
  if (readableType !== undefined) throw new ERR_INVALID_ARG_VALUE.RangeError('transformer.readableType', readableType);
  const start = functionMember(transformer, 'start', 'transformer');
  const transform = functionMember(transformer, 'transform', 'transformer');
  const { writableType } = transformer;
  if (writableType !== undefined) throw new ERR_INVALID_ARG_VALUE.RangeError('transformer.writableType', writableType);
  return { cancel, flush, start, transform };
}

class TransformStream {
  constructor(transformer = undefined, writableStrategy = undefined, readableStrategy = undefined) {
    if (transformer !== undefined) validateObjectLike(transformer, 'transformer');
    const ofWritable = convertStrategy(writableStrategy);
    const ofReadable = convertStrategy(readableStrategy);
    const own = transformer ?? { __proto__: null };
    const methods = convertTransformer(own);
    const readableMarks = [extractHighWaterMark(ofReadable, 0), extractSizeAlgorithm(ofReadable)];
    const writableMarks = [extractHighWaterMark(ofWritable, 1), extractSizeAlgorithm(ofWritable)];
    const started = new Deferred();
    initialize(this, started.promise, writableMarks, readableMarks);
    const controller = setUpController(this, own, methods);
    started.resolve(methods.start === undefined ? undefined : Reflect.apply(methods.start, own, [controller]));
  }

  get readable() {
    if (!isTransformStream(this)) throw new ERR_INVALID_THIS('TransformStream');
    return this[kState].readable;
  }

  get writable() {
    if (!isTransformStream(this)) throw new ERR_INVALID_THIS('TransformStream');
    return this[kState].writable;
  }
}
makeTransformTransferable(TransformStream);
finishClass(TransformStream, ['readable', 'writable'], (stream) => ({
  readable: stream[kState].readable,
  writable: stream[kState].writable,
  backpressure: stream[kState].backpressure,
}));

// -- the controller

function clearAlgorithms(controller) {
  Object.assign(controller[kState], {
    cancelAlgorithm: undefined,
    flushAlgorithm: undefined,
    transformAlgorithm: undefined,
  });
}

function enqueue(controller, chunk) {
  const { stream } = controller[kState];
  const readable = readableControllerOf(stream);
  if (!readableSide.canCloseOrEnqueue(readable)) throw new ERR_INVALID_STATE.TypeError('Unable to enqueue');
  try {
    readableSide.enqueue(readable, chunk);
  } catch (error) {
    errorWritableAndUnblock(stream, error);
    throw stream[kState].readable[kState].storedError;
  }
  const backpressure = !readableSide.shouldCallPull(readable);
  if (backpressure !== stream[kState].backpressure) setBackpressure(stream, true);
}

function performTransform(controller, chunk) {
  const { stream, transformAlgorithm } = controller[kState];
  if (transformAlgorithm === undefined) return resolvedWith(undefined); // cancelled while the write waited
  return then(transformAlgorithm(chunk, controller), undefined, (error) => {
    errorStream(stream, error);
    throw error;
  });
}

function terminate(controller) {
  const { stream } = controller[kState];
  readableSide.close(readableControllerOf(stream));
  errorWritableAndUnblock(stream, new ERR_INVALID_STATE.TypeError('TransformStream terminated'));
}

class TransformStreamDefaultController {
  constructor(token = undefined) {
    if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  get desiredSize() {
    if (!isTransformStreamDefaultController(this)) throw new ERR_INVALID_THIS('TransformStreamDefaultController');
    return readableSide.getDesiredSize(readableControllerOf(this[kState].stream));
  }

  enqueue(chunk = undefined) {
    if (!isTransformStreamDefaultController(this)) throw new ERR_INVALID_THIS('TransformStreamDefaultController');
    enqueue(this, chunk);
  }

  error(reason = undefined) {
    if (!isTransformStreamDefaultController(this)) throw new ERR_INVALID_THIS('TransformStreamDefaultController');
    errorStream(this[kState].stream, reason);
  }

  terminate() {
    if (!isTransformStreamDefaultController(this)) throw new ERR_INVALID_THIS('TransformStreamDefaultController');
    terminate(this);
  }
}
finishClass(TransformStreamDefaultController, ['desiredSize', 'enqueue', 'error', 'terminate'], (controller) => ({
  stream: controller[kState].stream,
}));

// Without a transform() chunks pass through.
function defaultTransform(chunk, controller) {
  try {
    enqueue(controller, chunk);
    return resolvedWith(undefined);
  } catch (error) {
    return rejectedWith(error);
  }
}

function setUpController(stream, transformer, { cancel, flush, transform }) {
  const controller = new TransformStreamDefaultController(kCreate);
  const flushAlgorithm = asyncMethod(transformer, flush);
  controller[kState] = {
    kind: 'TransformStreamDefaultController',
    cancelAlgorithm: asyncMethod(transformer, cancel),
    finish: undefined,
    flushAlgorithm: () => flushAlgorithm(controller),
    stream,
    transformAlgorithm: transform === undefined ? defaultTransform : asyncMethod(transformer, transform),
  };
  stream[kState].controller = controller;
  return controller;
}

// A stream that came from another isolate: its controller stayed there.
function transformOf(readable, writable) {
  const stream = Object.create(TransformStream.prototype);
  stream[kState] = { kind: 'TransformStream', controller: undefined, readable, writable };
  markTransferMode(stream, false, true);
  return stream;
}

module.exports = { isTransformStream, transformOf, TransformStream, TransformStreamDefaultController };
