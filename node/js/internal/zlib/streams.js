// SPDX-License-Identifier: Apache-2.0
// The classes of `zlib`: Transforms that take their steps on threads. A step gives at most a chunk of output, so that a
// reader who is slow holds the stream back, however well the input was compressed.
'use strict';

const { Transform, finished } = require('stream');
const { Buffer } = require('buffer');
const {
  codes: { ERR_BUFFER_TOO_LARGE, ERR_TRAILING_JUNK_AFTER_STREAM_END },
} = require('internal/errors');
const { request } = require('internal/requests');
const { deprecateInstantiation } = require('internal/util');
const constants = require('internal/zlib/constants');
const { checkOptions, checkParams, familyOf } = require('internal/zlib/options');

const host = internalBinding('zlib_host');

const kFlush = Symbol('flush'); // on an empty chunk: the mode that flush() was called with
const kNone = Buffer.alloc(0);

const asBuffer = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

function ZlibBase(options, mode) {
  const checked = checkOptions(options, mode);
  const bytesOnly = { encoding: undefined, objectMode: false, writableObjectMode: false };
  Reflect.apply(Transform, this, [{ autoDestroy: true, ...options, ...bytesOnly }]);
  const family = familyOf(mode);
  this.bytesWritten = 0;
  this._handle = { close() {}, ...host.create(mode, checked.forHost) }; // minizlib, and with it tar, looks at close
  this._chunkSize = checked.chunkSize;
  this._defaultFlushFlag = checked.flush;
  this._finishFlushFlag = checked.finishFlush;
  this._defaultFullFlushFlag = family.full;
  this._info = options?.info;
  this._maxOutputLength = checked.maxOutputLength;
  this._rejectGarbageAfterEnd = options?.rejectGarbageAfterEnd === true;
}
Object.setPrototypeOf(ZlibBase.prototype, Transform.prototype);
Object.setPrototypeOf(ZlibBase, Transform);

Object.defineProperty(ZlibBase.prototype, '_closed', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get() {
    return !this._handle;
  },
});

ZlibBase.prototype.reset = function reset() {
  this._handle.reset();
};

ZlibBase.prototype._flush = function _flush(callback) {
  this._transform(kNone, '', callback);
};

ZlibBase.prototype._final = function _final(callback) {
  callback();
};

// A flush waits for what was written before it, like an empty chunk in the queue.
ZlibBase.prototype.flush = function flush(kind, callback) {
  if (typeof kind === 'function' || (kind === undefined && !callback)) {
    [kind, callback] = [this._defaultFullFlushFlag, kind];
  }
  if (this.writableFinished) {
    if (callback) process.nextTick(callback);
  } else if (this.writableEnded) {
    if (callback) this.once('end', callback);
  } else {
    const chunk = Buffer.alloc(0);
    chunk[kFlush] = kind;
    this.write(chunk, '', callback);
  }
};

ZlibBase.prototype.close = function close(callback) {
  if (callback) finished(this, callback);
  this.destroy();
};

ZlibBase.prototype._destroy = function _destroy(error, callback) {
  if (this._handle) this._handle.close();
  this._handle = null;
  callback(error);
};

// The most that two flush modes ask for: zlib's numbers are not in that order.
function strongest(a, b) {
  const order = [constants.Z_NO_FLUSH, constants.Z_BLOCK, 1, 2, 3, constants.Z_FINISH];
  return order.indexOf(a) > order.indexOf(b) ? a : b;
}

function flushFlagOf(stream, chunk) {
  if (typeof chunk[kFlush] === 'number') return chunk[kFlush];
  const isLast = stream.writableEnded && stream.writableLength === chunk.byteLength;
  if (!isLast) return stream._defaultFlushFlag;
  return stream._level === undefined
    ? Math.max(stream._defaultFlushFlag, stream._finishFlushFlag)
    : strongest(stream._defaultFlushFlag, stream._finishFlushFlag);
}

ZlibBase.prototype._transform = function _transform(chunk, encoding, callback) {
  step(this, chunk, flushFlagOf(this, chunk), callback);
};

// Also for packages that work synchronously: without a callback it returns all that comes out.
ZlibBase.prototype._processChunk = function _processChunk(chunk, flushFlag, callback) {
  if (typeof callback === 'function') {
    step(this, chunk, flushFlag, callback);
    return undefined;
  }
  const parts = [];
  let size = 0;
  let input = chunk;
  let more = true;
  let left = 0;
  while (more) {
    let bytes;
    [bytes, more, left] = this._handle.write(input, flushFlag, this._chunkSize);
    input = undefined;
    parts.push(asBuffer(bytes));
    size += bytes.length;
    if (size > this._maxOutputLength) {
      this.close();
      throw new ERR_BUFFER_TOO_LARGE(this._maxOutputLength);
    }
  }
  this.bytesWritten += chunk.byteLength - left;
  return parts.length === 1 ? parts[0] : Buffer.concat(parts, size);
};

// One step, and the next when there is room for it. `chunk` is undefined when only output is left of it.
function step(stream, chunk, flushFlag, callback) {
  const handle = stream._handle;
  if (!handle) {
    process.nextTick(callback);
    return;
  }
  const size = chunk === undefined ? 0 : chunk.byteLength;
  const run = () => handle.writeLater(chunk, flushFlag, stream._chunkSize);
  request('ZLIB', run, (error, result) => {
    if (stream.destroyed) callback();
    else if (error) stream.destroy(error);
    else takeOutput(stream, size, result, flushFlag, callback);
  });
}

function takeOutput(stream, size, [bytes, more, left], flushFlag, callback) {
  stream.bytesWritten += size - left;
  const hasRoom = bytes.length === 0 || stream.push(asBuffer(bytes));
  if (stream.destroyed) return; // by a reader
  if (!more) finishChunk(stream, left, callback);
  else if (hasRoom) step(stream, undefined, flushFlag, callback);
  else whenRead(stream, () => step(stream, undefined, flushFlag, callback));
}

// Waits for the reader to ask for more.
function whenRead(stream, go) {
  const read = stream._read;
  stream._read = (size) => {
    stream._read = read;
    go();
    stream._read(size);
  };
}

function finishChunk(stream, left, callback) {
  if (left > 0) {
    if (stream._rejectGarbageAfterEnd) {
      stream.destroy(new ERR_TRAILING_JUNK_AFTER_STREAM_END());
      return;
    }
    stream.push(null); // the compressed stream ended before its input did
  }
  callback();
}

// --- Families ---------------------------------------------------------------------------------------------------------

function Zlib(options, mode) {
  Reflect.apply(ZlibBase, this, [options, mode]);
  const [level, strategy] = checkParams(options?.level, options?.strategy);
  this._level = level;
  this._strategy = strategy;
  this._mode = mode;
}
Object.setPrototypeOf(Zlib.prototype, ZlibBase.prototype);
Object.setPrototypeOf(Zlib, ZlibBase);

// Sets another level, after what was written so far.
Zlib.prototype.params = function params(level, strategy, callback) {
  const checked = checkParams(level, strategy);
  if (this._level === checked[0] && this._strategy === checked[1]) {
    if (callback) process.nextTick(callback);
    return;
  }
  this.flush(constants.Z_SYNC_FLUSH, () => {
    if (this.destroyed) return;
    this._handle.params(...checked);
    [this._level, this._strategy] = checked;
    if (callback) callback();
  });
};

function Brotli(options, mode) {
  Reflect.apply(ZlibBase, this, [options, mode]);
}
Object.setPrototypeOf(Brotli.prototype, Zlib.prototype);
Object.setPrototypeOf(Brotli, Zlib);

// Callable without `new`, as ever, and as a parent that is called on `this`.
function define(name, mode, Parent) {
  const constructor = {
    [name]: function (options) {
      if (!(this instanceof constructor)) return deprecateInstantiation(constructor, 'DEP0184', options);
      Reflect.apply(Parent, this, [options, mode]);
      return this;
    },
  }[name];
  Object.setPrototypeOf(constructor, Parent);
  Object.setPrototypeOf(constructor.prototype, Parent.prototype);
  return constructor;
}

class Zstd extends ZlibBase {}

class ZstdCompress extends Zstd {
  constructor(options) {
    super(options, constants.ZSTD_COMPRESS);
  }
}

class ZstdDecompress extends Zstd {
  constructor(options) {
    super(options, constants.ZSTD_DECOMPRESS);
  }
}

module.exports = {
  Deflate: define('Deflate', constants.DEFLATE, Zlib),
  Inflate: define('Inflate', constants.INFLATE, Zlib),
  Gzip: define('Gzip', constants.GZIP, Zlib),
  Gunzip: define('Gunzip', constants.GUNZIP, Zlib),
  DeflateRaw: define('DeflateRaw', constants.DEFLATERAW, Zlib),
  InflateRaw: define('InflateRaw', constants.INFLATERAW, Zlib),
  Unzip: define('Unzip', constants.UNZIP, Zlib),
  BrotliCompress: define('BrotliCompress', constants.BROTLI_ENCODE, Brotli),
  BrotliDecompress: define('BrotliDecompress', constants.BROTLI_DECODE, Brotli),
  ZstdCompress,
  ZstdDecompress,
};
