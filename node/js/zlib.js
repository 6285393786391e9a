// SPDX-License-Identifier: Apache-2.0
// `zlib`: deflate and gzip, whole buffers and streams. Brotli and zstd refuse.
'use strict';

const {
  codes: { ERR_BUFFER_TOO_LARGE, ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, ERR_TRAILING_JUNK_AFTER_STREAM_END },
} = require('internal/errors');
const { validateFunction, validateUint32 } = require('internal/validators');
const { refuse, refuseAll } = require('internal/refuse');
const constants = require('internal/zlib/constants');

const host = internalBinding('zlib_host');

const lazyBuffer = () => require('buffer').Buffer;

const {
  DEFLATE,
  DEFLATERAW,
  GUNZIP,
  GZIP,
  INFLATE,
  INFLATERAW,
  UNZIP,
  Z_BLOCK,
  Z_DEFAULT_CHUNK,
  Z_DEFAULT_COMPRESSION,
  Z_DEFAULT_MEMLEVEL,
  Z_DEFAULT_STRATEGY,
  Z_DEFAULT_WINDOWBITS,
  Z_FINISH,
  Z_FIXED,
  Z_FULL_FLUSH,
  Z_MAX_LEVEL,
  Z_MAX_MEMLEVEL,
  Z_MAX_WINDOWBITS,
  Z_MIN_CHUNK,
  Z_MIN_LEVEL,
  Z_MIN_MEMLEVEL,
  Z_MIN_WINDOWBITS,
  Z_NO_FLUSH,
} = constants;

// -- options

function rangeOption(value, name, low, high, fallback) {
  if (value === undefined || value === null || Number.isNaN(value)) return fallback;
  if (typeof value !== 'number') throw new ERR_INVALID_ARG_TYPE(name, 'number', value);
  if (!Number.isFinite(value)) throw new ERR_OUT_OF_RANGE(name, 'a finite number', value);
  if (value < low || value > high) throw new ERR_OUT_OF_RANGE(name, `>= ${low} and <= ${high}`, value);
  return value;
}

function isBytes(value) {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}

function checkOptions(options, mode) {
  const given = options ?? {};
  const { dictionary } = given;
  if (dictionary !== undefined && !isBytes(dictionary)) {
    throw new ERR_INVALID_ARG_TYPE(
      'options.dictionary',
      ['Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'],
      dictionary,
    );
  }
  const mayBeZero = mode === INFLATE || mode === GUNZIP || mode === UNZIP;
  const windowBits =
    mayBeZero && (given.windowBits === 0 || given.windowBits === undefined)
      ? 0
      : rangeOption(
          given.windowBits,
          'options.windowBits',
          mode === GZIP ? 9 : Z_MIN_WINDOWBITS,
          Z_MAX_WINDOWBITS,
          Z_DEFAULT_WINDOWBITS,
        );
  return {
    chunkSize: rangeOption(given.chunkSize, 'options.chunkSize', Z_MIN_CHUNK, Infinity, Z_DEFAULT_CHUNK),
    flush: rangeOption(given.flush, 'options.flush', Z_NO_FLUSH, Z_BLOCK, Z_NO_FLUSH),
    finishFlush: rangeOption(given.finishFlush, 'options.finishFlush', Z_NO_FLUSH, Z_BLOCK, Z_FINISH),
    maxOutputLength: rangeOption(
      given.maxOutputLength,
      'options.maxOutputLength',
      1,
      Number.MAX_SAFE_INTEGER,
      undefined,
    ),
    forHost: {
      windowBits,
      level: rangeOption(given.level, 'options.level', Z_MIN_LEVEL, Z_MAX_LEVEL, Z_DEFAULT_COMPRESSION),
      memLevel: rangeOption(given.memLevel, 'options.memLevel', Z_MIN_MEMLEVEL, Z_MAX_MEMLEVEL, Z_DEFAULT_MEMLEVEL),
      strategy: rangeOption(given.strategy, 'options.strategy', Z_DEFAULT_STRATEGY, Z_FIXED, Z_DEFAULT_STRATEGY),
      dictionary,
    },
  };
}

// -- whole buffers

function inputBytes(buffer) {
  if (typeof buffer === 'string') return lazyBuffer().from(buffer);
  if (!isBytes(buffer)) {
    throw new ERR_INVALID_ARG_TYPE('buffer', ['string', 'Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'], buffer);
  }
  return buffer;
}

function outputBuffer(bytes, limit) {
  if (bytes === undefined) throw new ERR_BUFFER_TOO_LARGE(limit);
  return lazyBuffer().from(bytes.buffer, bytes.byteOffset, bytes.length);
}

const withInfo = (buffer, Engine, options) => (options?.info ? { buffer, engine: new Engine(options) } : buffer);

function syncForm(name, mode, getClass) {
  return {
    [name](buffer, options) {
      const input = inputBytes(buffer);
      const { finishFlush, maxOutputLength, forHost } = checkOptions(options, mode);
      const bytes = host.run(mode, forHost, input, finishFlush, maxOutputLength);
      return withInfo(outputBuffer(bytes, maxOutputLength), getClass(), options);
    },
  }[name];
}

function callbackForm(name, mode, getClass) {
  return {
    [name](buffer, options, callback) {
      if (typeof options === 'function') [options, callback] = [undefined, options];
      validateFunction(callback, 'callback');
      const input = inputBytes(buffer);
      const { finishFlush, maxOutputLength, forHost } = checkOptions(options, mode);
      host
        .runLater(mode, forHost, input, finishFlush, maxOutputLength)
        .then((bytes) => withInfo(outputBuffer(bytes, maxOutputLength), getClass(), options))
        .then(
          (result) => process.nextTick(callback, null, result),
          (error) => process.nextTick(callback, error),
        );
    },
  }[name];
}

// -- streams

let classes;

function makeClasses() {
  const { Transform, finished } = require('stream');

  class ZlibBase extends Transform {
    #handle;
    #finishFlush;
    #pending = Z_NO_FLUSH;
    #rejectsGarbage;

    constructor(options, mode) {
      const checked = checkOptions(options, mode);
      super({ autoDestroy: true, ...options });
      this.bytesWritten = 0;
      this._chunkSize = checked.chunkSize;
      this._level = checked.forHost.level;
      this._strategy = checked.forHost.strategy;
      this.#finishFlush = checked.finishFlush;
      this.#handle = host.create(mode, checked.forHost);
      this.#rejectsGarbage = Boolean(options?.rejectGarbageAfterEnd);
      this._flushFlag = checked.flush;
      this._handle = {
        close: () => {
          this._handle = null;
        },
      }; // minizlib, and with it tar, looks for it
    }

    // The same for packages that work synchronously: they call this with their own flush mode.
    _processChunk(chunk, flush, callback) {
      if (typeof callback === 'function') {
        this.#attempt(chunk, flush, callback);
        return undefined;
      }
      this.bytesWritten += chunk.length;
      return outputBuffer(this.#handle.step(chunk, flush, undefined));
    }

    #step(chunk, flush) {
      this.bytesWritten += chunk.length;
      const bytes = this.#handle.step(chunk, flush, undefined);
      for (let at = 0; at < bytes.length; at += this._chunkSize) {
        this.push(outputBuffer(bytes.subarray(at, at + this._chunkSize)));
      }
    }

    #attempt(chunk, flush, callback) {
      try {
        this.#step(chunk, flush);
      } catch (error) {
        callback(error);
        return;
      }
      callback();
    }

    _transform(chunk, encoding, callback) {
      const flush = Math.max(this._flushFlag, this.#pending);
      this.#pending = Z_NO_FLUSH;
      this.#attempt(chunk, flush, (error) => {
        if (error || !this.#rejectsGarbage || this.#handle.trailing() === 0) callback(error);
        else process.nextTick(callback, new ERR_TRAILING_JUNK_AFTER_STREAM_END()); // after what came out
      });
    }

    _flush(callback) {
      this.#attempt(lazyBuffer().alloc(0), this.#finishFlush, callback);
    }

    // A flush waits for what was written before it, like an empty chunk in the queue.
    flush(kind, callback) {
      if (typeof kind === 'function' || (kind === undefined && callback === undefined))
        [kind, callback] = [Z_FULL_FLUSH, kind];
      if (this.writableFinished) {
        if (callback) process.nextTick(callback);
      } else if (this.writableEnded) {
        if (callback) this.once('end', callback);
      } else {
        this.#pending = kind;
        this.write(lazyBuffer().alloc(0), '', callback);
      }
    }

    reset() {
      this.#handle.reset();
    }

    close(callback) {
      if (callback) finished(this, callback);
      this.destroy();
    }
  }
  Object.assign(ZlibBase.prototype, { params: refuse('Zlib.params') });

  // Callable without `new`, as ever.
  const define = (name, mode) => {
    const constructor = {
      [name]: function (options) {
        return Reflect.construct(ZlibBase, [options, mode], new.target ?? constructor);
      },
    }[name];
    Object.setPrototypeOf(constructor, ZlibBase);
    constructor.prototype = Object.create(ZlibBase.prototype, {
      constructor: { __proto__: null, configurable: true, value: constructor, writable: true },
    });
    return constructor;
  };
  return Object.fromEntries(Object.entries(modes).map(([name, mode]) => [name, define(name, mode)]));
}

const modes = {
  Deflate: DEFLATE,
  Inflate: INFLATE,
  Gzip: GZIP,
  Gunzip: GUNZIP,
  DeflateRaw: DEFLATERAW,
  InflateRaw: INFLATERAW,
  Unzip: UNZIP,
};

for (const [name, mode] of Object.entries(modes)) {
  const getClass = () => (classes ??= makeClasses())[name];
  Object.defineProperty(exports, name, { __proto__: null, configurable: true, enumerable: true, get: getClass });
  const lower = name[0].toLowerCase() + name.slice(1);
  exports[lower] = callbackForm(lower, mode, getClass);
  exports[`${lower}Sync`] = syncForm(`${lower}Sync`, mode, getClass);
  exports[`create${name}`] = {
    [`create${name}`](options) {
      const Class = getClass();
      return new Class(options);
    },
  }[`create${name}`];
}

exports.crc32 = function crc32(data, value = 0) {
  if (typeof data !== 'string' && !ArrayBuffer.isView(data)) {
    throw new ERR_INVALID_ARG_TYPE('data', ['Buffer', 'TypedArray', 'DataView', 'string'], data);
  }
  validateUint32(value, 'value');
  return host.crc32(data, value);
};

Object.assign(
  exports,
  refuseAll('zlib', [
    'BrotliCompress',
    'BrotliDecompress',
    'ZstdCompress',
    'ZstdDecompress',
    'brotliCompress',
    'brotliCompressSync',
    'brotliDecompress',
    'brotliDecompressSync',
    'zstdCompress',
    'zstdCompressSync',
    'zstdDecompress',
    'zstdDecompressSync',
    'createBrotliCompress',
    'createBrotliDecompress',
    'createZstdCompress',
    'createZstdDecompress',
  ]),
);

const statusNames = [
  'Z_OK',
  'Z_STREAM_END',
  'Z_NEED_DICT',
  'Z_ERRNO',
  'Z_STREAM_ERROR',
  'Z_DATA_ERROR',
  'Z_MEM_ERROR',
  'Z_BUF_ERROR',
  'Z_VERSION_ERROR',
];
const codes = Object.fromEntries(
  statusNames.flatMap((name) => [
    [name, constants[name]],
    [constants[name], name],
  ]),
);

Object.defineProperties(exports, {
  constants: { __proto__: null, enumerable: true, value: constants },
  codes: { __proto__: null, enumerable: true, value: Object.freeze(codes) },
});
// Deprecated, and still there: zlib.Z_BEST_SPEED and the like.
for (const [name, value] of Object.entries(constants)) {
  if (!name.startsWith('BROTLI') && !name.startsWith('ZSTD')) {
    Object.defineProperty(exports, name, { __proto__: null, enumerable: false, value });
  }
}
