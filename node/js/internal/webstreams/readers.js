// SPDX-License-Identifier: Apache-2.0
// ReadableStreamDefaultReader and ReadableStreamBYOBReader.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_STATE, ERR_INVALID_THIS, ERR_OUT_OF_RANGE },
} = require('internal/errors');
const { typedArrayName } = require('internal/util/types');
const {
  Deferred,
  enforceUnsigned,
  finishClass,
  kState,
  markHandled,
  rejectedDeferred,
  rejectedWith,
  resolvedDeferred,
  validateDictionary,
} = require('internal/webstreams/util');
const {
  isReadableStream,
  isReadableStreamBYOBReader,
  isReadableStreamDefaultReader,
  isReadableStreamLocked,
  kPullSteps,
  kReleaseSteps,
  readableStreamCancel,
  takeRequests,
} = require('internal/webstreams/operations');

// -- what both have

function initialize(reader, kind, stream) {
  const state = stream[kState];
  let closed;
  if (state.state === 'readable') closed = new Deferred();
  else if (state.state === 'closed') closed = resolvedDeferred();
  else closed = rejectedDeferred(state.storedError);
  reader[kState] = { kind, stream, closed, requests: [] };
  state.reader = reader;
}

const notAttached = () => new ERR_INVALID_STATE.TypeError('The reader is not attached to a stream');

function cancel(reader, isOwn, kind, reason) {
  if (!isOwn(reader)) return rejectedWith(new ERR_INVALID_THIS(kind));
  const { stream } = reader[kState];
  return stream === undefined ? rejectedWith(notAttached()) : readableStreamCancel(stream, reason);
}

function closedOf(reader, isOwn, kind) {
  return isOwn(reader) ? reader[kState].closed.promise : rejectedWith(new ERR_INVALID_THIS(kind));
}

// Requests that wait are rejected; the stream may have another reader afterwards.
function releaseReader(reader) {
  const state = reader[kState];
  const { stream } = state;
  const released = new ERR_INVALID_STATE.TypeError('Reader released');
  if (stream[kState].state === 'readable') {
    state.closed.reject(released);
    markHandled(state.closed.promise);
  } else {
    state.closed = rejectedDeferred(released);
  }
  stream[kState].controller[kReleaseSteps]();
  stream[kState].reader = undefined;
  state.stream = undefined;
  const error = new ERR_INVALID_STATE.TypeError('Releasing reader');
  for (const request of takeRequests(reader)) request.errorSteps(error);
}

function requestOf(result) {
  return {
    chunkSteps: (value) => result.resolve({ value, done: false }),
    closeSteps: (value) => result.resolve({ value, done: true }),
    errorSteps: (error) => result.reject(error),
  };
}

// -- chunks as they come

function readableStreamDefaultReaderRead(reader, request) {
  const state = reader[kState].stream[kState];
  state.disturbed = true;
  if (state.state === 'closed') request.closeSteps();
  else if (state.state === 'errored') request.errorSteps(state.storedError);
  else state.controller[kPullSteps](request);
}

function checkUnlocked(stream) {
  if (!isReadableStream(stream)) throw new ERR_INVALID_ARG_TYPE('stream', 'ReadableStream', stream);
  if (isReadableStreamLocked(stream)) throw new ERR_INVALID_STATE.TypeError('ReadableStream is locked');
}

class ReadableStreamDefaultReader {
  constructor(stream) {
    checkUnlocked(stream);
    initialize(this, 'ReadableStreamDefaultReader', stream);
  }

  get closed() {
    return closedOf(this, isReadableStreamDefaultReader, 'ReadableStreamDefaultReader');
  }

  cancel(reason = undefined) {
    return cancel(this, isReadableStreamDefaultReader, 'ReadableStreamDefaultReader', reason);
  }

  read() {
    if (!isReadableStreamDefaultReader(this)) return rejectedWith(new ERR_INVALID_THIS('ReadableStreamDefaultReader'));
    if (this[kState].stream === undefined) return rejectedWith(notAttached());
    const result = new Deferred();
    readableStreamDefaultReaderRead(this, requestOf(result));
    return result.promise;
  }

  releaseLock() {
    if (!isReadableStreamDefaultReader(this)) throw new ERR_INVALID_THIS('ReadableStreamDefaultReader');
    if (this[kState].stream !== undefined) releaseReader(this);
  }
}

// -- into memory that the caller brings

function readableStreamBYOBReaderRead(reader, view, min, request) {
  const state = reader[kState].stream[kState];
  state.disturbed = true;
  if (state.state === 'errored') {
    request.errorSteps(state.storedError);
    return;
  }
  require('internal/webstreams/byte_controller').pullInto(state.controller, view, min, request);
}

function checkView(view) {
  if (!ArrayBuffer.isView(view) || !(view.buffer instanceof ArrayBuffer)) {
    throw new ERR_INVALID_ARG_TYPE('view', ['Buffer', 'TypedArray', 'DataView'], view);
  }
  if (view.byteLength === 0) throw new ERR_INVALID_STATE.TypeError('View or Viewed ArrayBuffer is zero-length or detached');
}

function minimumOf(view, options) {
  validateDictionary(options, 'options');
  const min = options?.min === undefined ? 1 : enforceUnsigned(options.min, 'options.min');
  if (min === 0) throw new ERR_INVALID_ARG_VALUE('options.min', min, 'must be greater than 0');
  const most = typedArrayName(view) === undefined ? view.byteLength : view.length;
  if (min > most) throw new ERR_OUT_OF_RANGE('options.min', `<= ${most}`, min);
  return min;
}

class ReadableStreamBYOBReader {
  constructor(stream) {
    checkUnlocked(stream);
    if (stream[kState].controller[kState].kind !== 'ReadableByteStreamController') {
      throw new ERR_INVALID_ARG_VALUE('stream', stream, 'must be a byte stream');
    }
    initialize(this, 'ReadableStreamBYOBReader', stream);
  }

  get closed() {
    return closedOf(this, isReadableStreamBYOBReader, 'ReadableStreamBYOBReader');
  }

  cancel(reason = undefined) {
    return cancel(this, isReadableStreamBYOBReader, 'ReadableStreamBYOBReader', reason);
  }

  read(view, options = undefined) {
    if (!isReadableStreamBYOBReader(this)) return rejectedWith(new ERR_INVALID_THIS('ReadableStreamBYOBReader'));
    let min;
    try {
      checkView(view);
      min = minimumOf(view, options);
    } catch (error) {
      return rejectedWith(error);
    }
    if (this[kState].stream === undefined) return rejectedWith(notAttached());
    const result = new Deferred();
    readableStreamBYOBReaderRead(this, view, min, requestOf(result));
    return result.promise;
  }

  releaseLock() {
    if (!isReadableStreamBYOBReader(this)) throw new ERR_INVALID_THIS('ReadableStreamBYOBReader');
    if (this[kState].stream !== undefined) releaseReader(this);
  }
}

finishClass(ReadableStreamDefaultReader, ['cancel', 'closed', 'read', 'releaseLock'], (reader) => ({
  stream: reader[kState].stream,
  readRequests: reader[kState].requests.length,
  close: reader[kState].closed.promise,
}));
finishClass(ReadableStreamBYOBReader, ['cancel', 'closed', 'read', 'releaseLock'], (reader) => ({
  stream: reader[kState].stream,
  readIntoRequests: reader[kState].requests.length,
  close: reader[kState].closed.promise,
}));

module.exports = {
  ReadableStreamBYOBReader,
  readableStreamBYOBReaderRead,
  ReadableStreamDefaultReader,
  readableStreamDefaultReaderRead,
  releaseReader,
};
