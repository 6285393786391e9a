// SPDX-License-Identifier: Apache-2.0
// CompressionStream and DecompressionStream (https://compression.spec.whatwg.org) over the streams of `zlib`.
'use strict';

const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE },
} = require('internal/errors');
const { customInspectSymbol, enumerable, setToStringTag } = require('internal/util');
const { newReadableWritablePairFromDuplex } = require('internal/webstreams/adapters');

const COMPRESSORS = {
  '__proto__': null,
  'deflate': (zlib) => zlib.createDeflate(),
  'deflate-raw': (zlib) => zlib.createDeflateRaw(),
  'gzip': (zlib) => zlib.createGzip(),
  'brotli': (zlib) => zlib.createBrotliCompress(),
};
const DECOMPRESSORS = {
  '__proto__': null,
  'deflate': (zlib) => zlib.createInflate({ rejectGarbageAfterEnd: true }),
  'deflate-raw': (zlib) => zlib.createInflateRaw({ rejectGarbageAfterEnd: true }),
  'gzip': (zlib) => zlib.createGunzip({ rejectGarbageAfterEnd: true }),
  'brotli': (zlib) => zlib.createBrotliDecompress({ rejectGarbageAfterEnd: true }),
};

// A buffer source whose memory no other thread can change, as a Uint8Array.
function convertChunk(chunk) {
  if (typeof chunk === 'string') return chunk;
  if (chunk instanceof ArrayBuffer) return new Uint8Array(chunk);
  if (ArrayBuffer.isView(chunk) && chunk.buffer instanceof ArrayBuffer) {
    return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
  if (chunk === null) {
    const {
      codes: { ERR_STREAM_NULL_VALUES },
    } = require('internal/errors');
    throw new ERR_STREAM_NULL_VALUES();
  }
  throw new ERR_INVALID_ARG_TYPE('chunk', ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], chunk);
}

function makePair(name, format, makers) {
  const make = makers[`${format}`];
  if (make === undefined) {
    const error = new ERR_INVALID_ARG_VALUE('format', format);
    error.message = `Failed to construct '${name}': 1st argument '${format}' is not a valid enum value of type CompressionFormat.`;
    throw error;
  }
  const engine = make(require('zlib'));
  return newReadableWritablePairFromDuplex(engine, { convertChunk, destroyOnThrow: true });
}

function show(stream, Class, depth, options) {
  if (depth < 0) return stream;
  const { inspect } = require('internal/util/inspect');
  const { readable, writable } = stream;
  const inner = { ...options, depth: options.depth == null ? null : options.depth - 1 };
  return `${Class.name} ${inspect({ readable, writable }, inner)}`;
}

class CompressionStream {
  #pair;

  constructor(format) {
    this.#pair = makePair('CompressionStream', format, COMPRESSORS);
  }

  get readable() {
    return this.#pair.readable;
  }

  get writable() {
    return this.#pair.writable;
  }

  [customInspectSymbol](depth, options) {
    return show(this, CompressionStream, depth, options);
  }
}

class DecompressionStream {
  #pair;

  constructor(format) {
    this.#pair = makePair('DecompressionStream', format, DECOMPRESSORS);
  }

  get readable() {
    return this.#pair.readable;
  }

  get writable() {
    return this.#pair.writable;
  }

  [customInspectSymbol](depth, options) {
    return show(this, DecompressionStream, depth, options);
  }
}

for (const Class of [CompressionStream, DecompressionStream]) {
  setToStringTag(Class, Class.name);
  enumerable(Class, 'readable', 'writable');
}

module.exports = { CompressionStream, DecompressionStream };
