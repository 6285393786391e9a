// SPDX-License-Identifier: Apache-2.0
// `stream` is the npm package readable-stream, which is Node's own code, with what Node 24 has and it has not.
'use strict';

const { AbortError } = require('internal/errors');
const Stream = require('internal/deps/readable-stream/lib/stream');

const kDefaultHighWaterMark = 64 * 1024; // of Node since 22; the package is older

Stream.setDefaultHighWaterMark(false, kDefaultHighWaterMark);
Stream.duplexPair = function duplexPair(options) {
  return require('internal/streams/duplex_pair')(options);
};
const { finished } = Stream;
// The callback runs in the frame of AsyncLocalStorage that it was given in.
Stream.finished = function (...args) {
  if (require('internal/async_context_frame').current() === undefined) return finished(...args);
  const { AsyncResource } = require('async_hooks');
  const bind = (given) => (typeof given === 'function' ? AsyncResource.bind(given, 'STREAM_END_OF_STREAM') : given);
  return finished(...args.map(bind));
};
Object.defineProperties(Stream.finished, { ...Object.getOwnPropertyDescriptors(finished), prototype: {} });
Stream._isArrayBufferView = ArrayBuffer.isView;
Object.defineProperty(Stream.Writable.prototype, Symbol.asyncDispose, {
  __proto__: null,
  configurable: true,
  async value() {
    if (!this.destroyed) this.destroy(this.writableFinished ? null : new AbortError());
    await new Promise((resolve, reject) => {
      Stream.finished(this, (error) => (error && error.name !== 'AbortError' ? reject(error) : resolve()));
    });
  },
  writable: true,
});
Object.defineProperty(Stream.Duplex.prototype, Symbol.asyncDispose, {
  __proto__: null,
  ...Object.getOwnPropertyDescriptor(Stream.Writable.prototype, Symbol.asyncDispose),
});
Stream.Duplex.prototype.destroy = Stream.Writable.prototype.destroy; // it tells writes that wait
const { compose } = require('internal/deps/readable-stream/lib/internal/streams/operators').streamReturningOperators;
Object.defineProperty(Stream.Readable.prototype, 'compose', {
  __proto__: null,
  configurable: true,
  value: compose, // the Duplex itself
  writable: true,
});
delete Stream.Readable.prototype.asIndexedPairs; // was an experiment, and is gone

// Bridges to web streams.
const bridge = (name) => (stream, options) => require('internal/webstreams/adapters')[name](stream, options);
Stream.Readable.fromWeb = bridge('newStreamReadableFromReadableStream');
Stream.Readable.toWeb = bridge('newReadableStreamFromStreamReadable');
Stream.Writable.fromWeb = bridge('newStreamWritableFromWritableStream');
Stream.Writable.toWeb = bridge('newWritableStreamFromStreamWritable');
Stream.Duplex.fromWeb = bridge('newStreamDuplexFromReadableWritablePair');
Stream.Duplex.toWeb = bridge('newReadableWritablePairFromDuplex');

module.exports = Stream;
