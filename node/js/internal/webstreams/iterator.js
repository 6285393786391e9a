// SPDX-License-Identifier: Apache-2.0
// for await over a ReadableStream: Web IDL's default asynchronous iterator objects.
'use strict';

const {
  codes: { ERR_INVALID_THIS },
} = require('internal/errors');
const { Deferred, kState, ofKind, rejectedWith, resolvedWith, then } = require('internal/webstreams/util');
const { readableStreamDefaultReaderRead, releaseReader } = require('internal/webstreams/readers');
const { readableStreamCancel } = require('internal/webstreams/operations');

const isIterator = ofKind('ReadableStream async iterator');
const AsyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype);

const kEnd = Symbol('end of iteration');

function nextSteps(iterator) {
  const state = iterator[kState];
  if (state.isFinished) return resolvedWith({ value: undefined, done: true });
  const next = new Deferred();
  readableStreamDefaultReaderRead(state.reader, {
    chunkSteps: (value) => next.resolve({ value, done: false }),
    closeSteps() {
      releaseReader(state.reader);
      next.resolve(kEnd);
    },
    errorSteps(error) {
      releaseReader(state.reader);
      next.reject(error);
    },
  });
  return then(
    next.promise,
    (result) => {
      if (result !== kEnd) return result;
      state.isFinished = true;
      return { value: undefined, done: true };
    },
    (error) => {
      state.isFinished = true;
      throw error;
    },
  );
}

function returnSteps(iterator, value) {
  const state = iterator[kState];
  const result = { value, done: true };
  if (state.isFinished) return resolvedWith(result);
  state.isFinished = true;
  const { reader } = state;
  const cancelled = state.preventCancel ? resolvedWith(undefined) : readableStreamCancel(reader[kState].stream, value);
  releaseReader(reader);
  return then(cancelled, () => result);
}

// One step after the other, whatever the caller does.
function chain(iterator, steps) {
  const state = iterator[kState];
  const { ongoing } = state;
  state.ongoing = ongoing === undefined ? steps() : then(ongoing, steps, steps);
  return state.ongoing;
}

const prototype = {
  __proto__: AsyncIteratorPrototype,
  next() {
    if (!isIterator(this)) return rejectedWith(new ERR_INVALID_THIS('ReadableStreamAsyncIterator'));
    return chain(this, () => nextSteps(this));
  },
  return(value) {
    if (!isIterator(this)) return rejectedWith(new ERR_INVALID_THIS('ReadableStreamAsyncIterator'));
    return chain(this, () => returnSteps(this, value));
  },
};

function makeIterator(reader, preventCancel) {
  const state = {
    kind: 'ReadableStream async iterator',
    isFinished: false,
    ongoing: undefined,
    preventCancel,
    reader,
  };
  return Object.defineProperty({ __proto__: prototype }, kState, { __proto__: null, value: state });
}

module.exports = { makeIterator };
