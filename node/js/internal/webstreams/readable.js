// SPDX-License-Identifier: Apache-2.0
// ReadableStream: what programs read from, with its readers, controllers, pipes and branches.
'use strict';

const {
  codes: { ERR_ARG_NOT_ITERABLE, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE, ERR_INVALID_THIS },
} = require('internal/errors');
const {
  answerNodeStreams,
  asyncMethod,
  convertStrategy,
  enforceUnsigned,
  extractHighWaterMark,
  extractSizeAlgorithm,
  finishClass,
  functionMember,
  kState,
  markHandled,
  rejectedWith,
  resolvedWith,
  then,
  validateDictionary,
  validateObjectLike,
  whenDone,
} = require('internal/webstreams/util');
const {
  initialReadableState,
  isReadableStream,
  isReadableStreamLocked,
  readableStreamCancel,
} = require('internal/webstreams/operations');
const { markTransferMode } = require('internal/transferable');
const { makeReadableTransferable } = require('internal/webstreams/transfer');
const { ReadableStreamBYOBReader, ReadableStreamDefaultReader } = require('internal/webstreams/readers');
const controllers = require('internal/webstreams/default_controller');
const bytes = require('internal/webstreams/byte_controller');

const kUninitialized = Symbol('kUninitialized');

// In the order in which Web IDL reads a dictionary.
function convertSource(source) {
  const autoAllocateChunkSize =
    source.autoAllocateChunkSize === undefined
      ? undefined
      : enforceUnsigned(source.autoAllocateChunkSize, 'source.autoAllocateChunkSize');
  const cancel = functionMember(source, 'cancel', 'source');
  const pull = functionMember(source, 'pull', 'source');
  const start = functionMember(source, 'start', 'source');
  const { type } = source;
  if (type !== undefined && `${type}` !== 'bytes') throw new ERR_INVALID_ARG_VALUE('source.type', type);
  return { autoAllocateChunkSize, cancel, pull, start, type };
}

function setUpFromSource(stream, source, strategy) {
  const { autoAllocateChunkSize, cancel, pull, start, type } = convertSource(source);
  const algorithms = {
    start: (controller) => (start === undefined ? undefined : Reflect.apply(start, source, [controller])),
    pull: asyncMethod(source, pull),
    cancel: asyncMethod(source, cancel),
  };
  if (type === undefined) {
    const sizeAlgorithm = extractSizeAlgorithm(strategy);
    controllers.setUpDefaultController(stream, algorithms, extractHighWaterMark(strategy, 1), sizeAlgorithm);
    return;
  }
  if (strategy.size !== undefined) throw new ERR_INVALID_ARG_VALUE.RangeError('strategy.size', strategy.size);
  const highWaterMark = extractHighWaterMark(strategy, 0);
  if (autoAllocateChunkSize === 0) {
    throw new ERR_INVALID_ARG_VALUE('source.autoAllocateChunkSize', autoAllocateChunkSize);
  }
  bytes.setUpByteController(stream, algorithms, highWaterMark, autoAllocateChunkSize);
}

// { preventAbort, preventCancel, preventClose, signal } of pipeTo().
function convertPipeOptions(options) {
  validateDictionary(options, 'options');
  const preventAbort = Boolean(options?.preventAbort);
  const preventCancel = Boolean(options?.preventCancel);
  const preventClose = Boolean(options?.preventClose);
  const signal = options?.signal;
  if (signal !== undefined && !isAbortSignal(signal)) {
    throw new ERR_INVALID_ARG_TYPE('options.signal', 'AbortSignal', signal);
  }
  return { preventAbort, preventCancel, preventClose, signal };
}

function isAbortSignal(value) {
  return value instanceof require('internal/abort_controller').AbortSignal;
}

function checkPipe(source, destination) {
  if (!require('internal/webstreams/writable').isWritableStream(destination)) {
    throw new ERR_INVALID_ARG_TYPE('destination', 'WritableStream', destination);
  }
  if (isReadableStreamLocked(source)) throw new ERR_INVALID_STATE.TypeError('The ReadableStream is locked');
  if (destination.locked) throw new ERR_INVALID_STATE.TypeError('The WritableStream is locked');
}

class ReadableStream {
  constructor(underlyingSource = undefined, strategy = undefined) {
    this[kState] = initialReadableState();
    markTransferMode(this, false, true);
    if (underlyingSource === kUninitialized) return;
    if (underlyingSource !== undefined) validateObjectLike(underlyingSource, 'source');
    const converted = convertStrategy(strategy);
    setUpFromSource(this, underlyingSource ?? { __proto__: null }, converted);
  }

  get locked() {
    if (!isReadableStream(this)) throw new ERR_INVALID_THIS('ReadableStream');
    return isReadableStreamLocked(this);
  }

  static from(iterable) {
    return streamFrom(iterable);
  }

  cancel(reason = undefined) {
    if (!isReadableStream(this)) return rejectedWith(new ERR_INVALID_THIS('ReadableStream'));
    if (isReadableStreamLocked(this)) return rejectedWith(new ERR_INVALID_STATE.TypeError('ReadableStream is locked'));
    return readableStreamCancel(this, reason);
  }

  getReader(options = undefined) {
    if (!isReadableStream(this)) throw new ERR_INVALID_THIS('ReadableStream');
    validateDictionary(options, 'options');
    const mode = options?.mode;
    if (mode === undefined) return new ReadableStreamDefaultReader(this);
    if (`${mode}` !== 'byob') throw new ERR_INVALID_ARG_VALUE('options.mode', mode);
    return new ReadableStreamBYOBReader(this);
  }

  pipeThrough(transform, options = undefined) {
    if (!isReadableStream(this)) throw new ERR_INVALID_THIS('ReadableStream');
    validateObjectLike(transform, 'transform');
    const { readable } = transform;
    if (!isReadableStream(readable)) {
      throw new ERR_INVALID_ARG_TYPE('transform.readable', 'ReadableStream', readable);
    }
    const { writable } = transform;
    if (!require('internal/webstreams/writable').isWritableStream(writable)) {
      throw new ERR_INVALID_ARG_TYPE('transform.writable', 'WritableStream', writable);
    }
    const converted = convertPipeOptions(options);
    checkPipe(this, writable);
    markHandled(require('internal/webstreams/pipe').readableStreamPipeTo(this, writable, converted));
    return readable;
  }

  pipeTo(destination, options = undefined) {
    try {
      if (!isReadableStream(this)) throw new ERR_INVALID_THIS('ReadableStream');
      const converted = convertPipeOptions(options);
      checkPipe(this, destination);
      return require('internal/webstreams/pipe').readableStreamPipeTo(this, destination, converted);
    } catch (error) {
      return rejectedWith(error);
    }
  }

  tee() {
    if (!isReadableStream(this)) throw new ERR_INVALID_THIS('ReadableStream');
    return require('internal/webstreams/tee').readableStreamTee(this);
  }

  values(options = undefined) {
    if (!isReadableStream(this)) throw new ERR_INVALID_THIS('ReadableStream');
    validateDictionary(options, 'options');
    const preventCancel = Boolean(options?.preventCancel);
    const reader = new ReadableStreamDefaultReader(this);
    return require('internal/webstreams/iterator').makeIterator(reader, preventCancel);
  }
}
makeReadableTransferable(ReadableStream);
finishClass(
  ReadableStream,
  ['cancel', 'getReader', 'locked', 'pipeThrough', 'pipeTo', 'tee', 'values'],
  (stream) => ({
    locked: isReadableStreamLocked(stream),
    state: stream[kState].state,
    supportsBYOB: stream[kState].controller[kState].kind === 'ReadableByteStreamController',
  }),
);
Object.defineProperty(ReadableStream, 'from', { __proto__: null, enumerable: true });
Object.defineProperty(ReadableStream.prototype, Symbol.asyncIterator, {
  __proto__: null,
  configurable: true,
  enumerable: false,
  value: ReadableStream.prototype.values,
  writable: true,
});

answerNodeStreams(ReadableStream, {
  'nodejs.stream.disturbed'() {
    return this[kState].disturbed;
  },
  'nodejs.stream.errored'() {
    return this[kState].state === 'errored';
  },
  'nodejs.stream.readable'() {
    return this[kState].state === 'readable';
  },
  'nodejs.webstream.isClosedPromise'() {
    return whenDone(this);
  },
  'nodejs.webstream.controllerErrorFunction'() {
    const { controller } = this[kState];
    return (error) => controller.error(error);
  },
});

// Streams that parts of this library make: `algorithms` as for setUpDefaultController.
function createReadableStream(algorithms, highWaterMark = 1, sizeAlgorithm = () => 1) {
  const stream = new ReadableStream(kUninitialized);
  controllers.setUpDefaultController(stream, algorithms, highWaterMark, sizeAlgorithm);
  return stream;
}

function createReadableByteStream(algorithms) {
  const stream = new ReadableStream(kUninitialized);
  bytes.setUpByteController(stream, algorithms, 0, undefined);
  return stream;
}

// -- ReadableStream.from()

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

function asyncIteratorOf(iterable) {
  const asyncMethodOf = iterable?.[Symbol.asyncIterator];
  const isAsync = asyncMethodOf !== undefined && asyncMethodOf !== null;
  const method = isAsync ? asyncMethodOf : iterable?.[Symbol.iterator];
  if (typeof method !== 'function') throw new ERR_ARG_NOT_ITERABLE(iterable);
  const iterator = Reflect.apply(method, iterable, []);
  if (!isObject(iterator)) throw new ERR_INVALID_STATE.TypeError('The iterator method must return an object');
  return isAsync ? iterator : asyncFromSync(iterator);
}

// What `for await` makes of a sync iterator: its values are awaited.
function asyncFromSync(iterator) {
  const { next } = iterator;
  const settle = ({ value, done }) => then(resolvedWith(value), (awaited) => ({ value: awaited, done }));
  return {
    next: () => settle(Reflect.apply(next, iterator, [])),
    get return() {
      const method = iterator.return;
      if (method === undefined || method === null) return undefined;
      return (value) => {
        const result = Reflect.apply(method, iterator, [value]);
        if (!isObject(result)) throw new ERR_INVALID_STATE.TypeError('The iterator return() method must return an object');
        return settle(result);
      };
    },
  };
}

function checkedResult(result, method) {
  if (!isObject(result)) {
    throw new ERR_INVALID_STATE.TypeError(`The promise or iterator ${method}() method must return an object`);
  }
  return result;
}

function streamFrom(iterable) {
  const iterator = asyncIteratorOf(iterable);
  const { next } = iterator;
  const takeNext = asyncMethod(iterator, next);
  return createReadableStream(
    {
      start() {},
      pull: (controller) =>
        then(takeNext(), (result) => {
          const { done } = checkedResult(result, 'next');
          if (done) controllers.close(controller);
          else controllers.enqueue(controller, result.value);
        }),
      cancel(reason) {
        let method;
        try {
          method = iterator.return;
          if (method === undefined || method === null) return resolvedWith(undefined);
        } catch (error) {
          return rejectedWith(error);
        }
        return then(asyncMethod(iterator, method)(reason), (result) => {
          checkedResult(result, 'return');
        });
      },
    },
    0,
  );
}

module.exports = { createReadableByteStream, createReadableStream, ReadableStream };
