// SPDX-License-Identifier: Apache-2.0
// Bridges between node:stream and web streams, one function for each direction: what toWeb() and fromWeb() do.
'use strict';

const {
  AbortError,
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_STREAM_PREMATURE_CLOSE },
} = require('internal/errors');
const { kEmptyObject } = require('internal/util');
const { validateBoolean, validateObject, validateOneOf } = require('internal/validators');
const { isReadableStream } = require('internal/webstreams/operations');
const { isWritableStream, WritableStream } = require('internal/webstreams/writable');
const { ReadableStream } = require('internal/webstreams/readable');
const { Deferred, noop } = require('internal/webstreams/util');
const { ByteLengthQueuingStrategy, CountQueuingStrategy } = require('internal/webstreams/queuing_strategies');

const lazyStream = () => require('stream');

// The web has a TypeError for what is wrong with compressed data, and an AbortError for an end that came too soon.
function translateError(error) {
  if (error?.code === 'ERR_STREAM_PREMATURE_CLOSE') return new AbortError(undefined, { cause: error });
  const isOfZlib = /^(Z_|BROTLI_|ERR__ERROR_)/.test(error?.code ?? '') && 'errno' in error;
  if (isOfZlib) return Object.assign(new TypeError(undefined, { cause: error }), { code: error.code });
  return error;
}

// What a callback throws is an uncaught exception, not a rejection.
function callOutside(callback, error) {
  try {
    callback(error);
  } catch (thrown) {
    process.nextTick(() => {
      throw thrown;
    });
  }
}

// -- from node:stream to the web

function isWritableNodeStream(stream) {
  return typeof stream?._writableState === 'object' || (typeof stream?.write === 'function' && typeof stream.on === 'function');
}

function isReadableNodeStream(stream) {
  return typeof stream?._readableState === 'object';
}

// Calls `settled` once, when `stream` has ended or failed; errors after that are nobody's.
function whenFinished(stream, options, settled) {
  const cleanup = lazyStream().finished(stream, options, (error) => {
    cleanup();
    stream.on('error', noop);
    settled(translateError(error));
  });
}

// `convertChunk` turns what is written into what the stream takes; when it, or the stream, throws and `destroyOnThrow`
// is set, that is the end of the stream.
function newWritableStreamFromStreamWritable(streamWritable, { convertChunk, destroyOnThrow = false } = kEmptyObject) {
  if (!isWritableNodeStream(streamWritable)) {
    throw new ERR_INVALID_ARG_TYPE('streamWritable', 'stream.Writable', streamWritable);
  }
  if (streamWritable.destroyed || lazyStream().isWritable(streamWritable) === false) {
    const closedStream = new WritableStream();
    closedStream.close();
    return closedStream;
  }
  const highWaterMark = streamWritable.writableHighWaterMark;
  const strategy = streamWritable.writableObjectMode ? new CountQueuingStrategy({ highWaterMark }) : { highWaterMark };
  let controller;
  let drained;
  let closed;
  whenFinished(streamWritable, {}, (error) => {
    if (error != null) drained?.reject(error);
    if (closed !== undefined) {
      if (error != null) closed.reject(error);
      else closed.resolve();
      closed = undefined;
      if (error == null) return;
    }
    controller.error(error ?? new AbortError());
  });
  streamWritable.on('drain', () => drained?.resolve());

  function write(chunk) {
    const hasRoom = streamWritable.write(convertChunk === undefined ? chunk : convertChunk(chunk));
    if (hasRoom && !streamWritable.writableNeedDrain) return undefined;
    drained = new Deferred();
    return drained.promise.finally(() => {
      drained = undefined;
    });
  }

  return new WritableStream(
    {
      start(given) {
        controller = given;
      },
      write(chunk) {
        try {
          return write(chunk);
        } catch (error) {
          if (destroyOnThrow) streamWritable.destroy(error);
          throw error;
        }
      },
      abort(reason) {
        streamWritable.destroy(reason);
      },
      close() {
        if (closed === undefined && !streamWritable.writableEnded) streamWritable.end();
        closed = new Deferred();
        return closed.promise;
      },
    },
    strategy,
  );
}

function strategyFor(streamReadable, options, type) {
  if (type === 'bytes') return { highWaterMark: options.strategy?.highWaterMark };
  if (options.strategy) return options.strategy;
  const highWaterMark = streamReadable.readableHighWaterMark;
  return streamReadable.readableObjectMode
    ? new CountQueuingStrategy({ highWaterMark })
    : new ByteLengthQueuingStrategy({ highWaterMark });
}

function closedReadable(type) {
  const stream = new ReadableStream({ type });
  stream.cancel();
  return stream;
}

function newReadableStreamFromStreamReadable(streamReadable, options = kEmptyObject) {
  if (!isReadableNodeStream(streamReadable)) {
    throw new ERR_INVALID_ARG_TYPE('streamReadable', 'stream.Readable', streamReadable);
  }
  validateObject(options, 'options');
  if (options.type !== undefined) validateOneOf(options.type, 'options.type', ['bytes', undefined]);
  const { type } = options;
  const objectMode = streamReadable.readableObjectMode;
  if (streamReadable.destroyed || lazyStream().isReadable(streamReadable) === false) return closedReadable(type);

  let controller;
  let isCancelled = false;
  streamReadable.pause();
  whenFinished(streamReadable, { writable: false }, (error) => {
    if (error) controller.error(error);
    else if (!isCancelled) {
      controller.close();
      controller.byobRequest?.respond(0);
    }
  });
  streamReadable.on('data', (chunk) => {
    if (isCancelled) return;
    // A copy: the memory of a Buffer may be shared with others, and a byte stream takes memory away.
    if (!objectMode && ArrayBuffer.isView(chunk)) chunk = new Uint8Array(chunk);
    controller.enqueue(chunk);
    if (controller.desiredSize <= 0) streamReadable.pause();
  });
  return new ReadableStream(
    {
      type,
      start(given) {
        controller = given;
      },
      pull() {
        streamReadable.resume();
      },
      cancel(reason) {
        isCancelled = true;
        streamReadable.destroy(reason);
      },
    },
    strategyFor(streamReadable, options, type),
  );
}

function newReadableWritablePairFromDuplex(duplex, options = kEmptyObject) {
  if (!isWritableNodeStream(duplex) || !isReadableNodeStream(duplex)) {
    throw new ERR_INVALID_ARG_TYPE('duplex', 'stream.Duplex', duplex);
  }
  const { isReadable, isWritable } = lazyStream();
  if (duplex.destroyed) {
    const writable = new WritableStream();
    const readable = new ReadableStream({ type: options.readableType ?? options.type });
    writable.close();
    readable.cancel();
    return { readable, writable };
  }
  const writable = isWritable(duplex) ? newWritableStreamFromStreamWritable(duplex, options) : new WritableStream();
  if (!isWritable(duplex)) writable.close();
  const type = options.readableType ?? options.type;
  const readable = isReadable(duplex) ? newReadableStreamFromStreamReadable(duplex, { type }) : new ReadableStream({ type });
  if (!isReadable(duplex)) readable.cancel();
  return { writable, readable };
}

// -- from the web to node:stream

function validateStreamOptions(options) {
  validateObject(options, 'options');
  if (options.objectMode !== undefined) validateBoolean(options.objectMode, 'options.objectMode');
}

function readInto(readable, reader) {
  reader.read().then(
    ({ value, done }) => readable.push(done ? null : value),
    (error) => readable.destroy(error),
  );
}

function newStreamReadableFromReadableStream(readableStream, options = kEmptyObject) {
  if (!isReadableStream(readableStream)) {
    throw new ERR_INVALID_ARG_TYPE('readableStream', 'ReadableStream', readableStream);
  }
  validateStreamOptions(options);
  const { highWaterMark, encoding, objectMode = false, signal } = options;
  if (encoding !== undefined && !Buffer.isEncoding(encoding)) {
    throw new ERR_INVALID_ARG_VALUE('options.encoding', encoding);
  }
  const reader = readableStream.getReader();
  let isClosed = false;
  const readable = new (lazyStream().Readable)({
    objectMode,
    highWaterMark,
    encoding,
    signal,
    read() {
      readInto(readable, reader);
    },
    destroy(error, callback) {
      const done = () => callOutside(callback, error);
      if (isClosed) done();
      else reader.cancel(error).then(done, done);
    },
  });
  reader.closed.then(
    () => {
      isClosed = true;
    },
    (error) => {
      isClosed = true;
      readable.destroy(error);
    },
  );
  return readable;
}

// The writing half of a node stream over a writer of the web.
class Sink {
  #writer;
  #convert;
  isClosed = false;

  constructor(writer, convert) {
    this.#writer = writer;
    this.#convert = convert;
  }

  write(chunks, callback) {
    const writer = this.#writer;
    const settled = (error) => callOutside(callback, error);
    writer.ready.then(
      () => Promise.all(chunks.map((chunk) => writer.write(this.#convert(chunk)))).then(() => settled(), settled),
      settled,
    );
  }

  destroy(error, callback) {
    const done = () => callOutside(callback, error);
    if (this.isClosed) done();
    else if (error != null) this.#writer.abort(error).then(done, done);
    else this.#writer.close().then(done, done);
  }

  final(callback) {
    const settled = (error) => callOutside(callback, error);
    if (this.isClosed) settled();
    else this.#writer.close().then(() => settled(), settled);
  }
}

function converter(decodeStrings, objectMode) {
  return ({ chunk, encoding }) => {
    if (typeof chunk !== 'string' || !decodeStrings || objectMode) return chunk;
    const bytes = Buffer.from(chunk, encoding);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
}

// `stream` ends with `writer`: too soon when it has not been ended itself.
function followWriter(stream, writer, sink) {
  writer.closed.then(
    () => {
      sink.isClosed = true;
      if (!stream.writableEnded) stream.destroy(new ERR_STREAM_PREMATURE_CLOSE());
    },
    (error) => {
      sink.isClosed = true;
      stream.destroy(error);
    },
  );
}

function newStreamWritableFromWritableStream(writableStream, options = kEmptyObject) {
  if (!isWritableStream(writableStream)) {
    throw new ERR_INVALID_ARG_TYPE('writableStream', 'WritableStream', writableStream);
  }
  validateStreamOptions(options);
  const { highWaterMark, decodeStrings = true, objectMode = false, signal } = options;
  validateBoolean(decodeStrings, 'options.decodeStrings');
  const writer = writableStream.getWriter();
  const sink = new Sink(writer, converter(decodeStrings, objectMode));
  const writable = new (lazyStream().Writable)({
    highWaterMark,
    objectMode,
    decodeStrings,
    signal,
    write: (chunk, encoding, callback) => sink.write([{ chunk, encoding }], callback),
    writev: (chunks, callback) => sink.write(chunks, callback),
    destroy: (error, callback) => sink.destroy(error, callback),
    final: (callback) => sink.final(callback),
  });
  followWriter(writable, writer, sink);
  return writable;
}

function newStreamDuplexFromReadableWritablePair(pair = kEmptyObject, options = kEmptyObject) {
  validateObject(pair, 'pair');
  const { readable, writable } = pair;
  if (!isReadableStream(readable)) throw new ERR_INVALID_ARG_TYPE('pair.readable', 'ReadableStream', readable);
  if (!isWritableStream(writable)) throw new ERR_INVALID_ARG_TYPE('pair.writable', 'WritableStream', writable);
  validateStreamOptions(options);
  const { allowHalfOpen = false, objectMode = false, encoding, decodeStrings = true, highWaterMark, signal } = options;
  validateBoolean(decodeStrings, 'options.decodeStrings');
  if (encoding !== undefined && !Buffer.isEncoding(encoding)) {
    throw new ERR_INVALID_ARG_VALUE('options.encoding', encoding);
  }
  const writer = writable.getWriter();
  const reader = readable.getReader();
  const sink = new Sink(writer, converter(decodeStrings, objectMode));
  let isReadableClosed = false;
  const duplex = new (lazyStream().Duplex)({
    allowHalfOpen,
    highWaterMark,
    objectMode,
    encoding,
    decodeStrings,
    signal,
    read() {
      readInto(duplex, reader);
    },
    write: (chunk, chunkEncoding, callback) => sink.write([{ chunk, encoding: chunkEncoding }], callback),
    writev: (chunks, callback) => sink.write(chunks, callback),
    final: (callback) => sink.final(callback),
    destroy(error, callback) {
      const both = [];
      if (!sink.isClosed) both.push(writer.abort(error));
      if (!isReadableClosed) both.push(reader.cancel(error));
      const done = () => callOutside(callback, error);
      Promise.all(both).then(done, done);
    },
  });
  followWriter(duplex, writer, sink);
  reader.closed.then(
    () => {
      isReadableClosed = true;
    },
    (error) => {
      isReadableClosed = true;
      sink.isClosed = true;
      duplex.destroy(error);
    },
  );
  return duplex;
}

module.exports = {
  newReadableStreamFromStreamReadable,
  newReadableWritablePairFromDuplex,
  newStreamDuplexFromReadableWritablePair,
  newStreamReadableFromReadableStream,
  newStreamWritableFromWritableStream,
  newWritableStreamFromStreamWritable,
};
