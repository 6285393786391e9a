// SPDX-License-Identifier: Apache-2.0
// `zlib`: deflate, gzip, brotli and zstd, of whole buffers here and as streams in internal/zlib/streams.
'use strict';

const {
  codes: { ERR_BUFFER_TOO_LARGE, ERR_INVALID_ARG_TYPE },
} = require('internal/errors');
const { Buffer } = require('buffer');
const { validateFunction, validateUint32 } = require('internal/validators');
const { request } = require('internal/requests');
const constants = require('internal/zlib/constants');
const { checkOptions, isBytes } = require('internal/zlib/options');

const host = internalBinding('zlib_host');

const modes = {
  Deflate: constants.DEFLATE,
  Inflate: constants.INFLATE,
  Gzip: constants.GZIP,
  Gunzip: constants.GUNZIP,
  DeflateRaw: constants.DEFLATERAW,
  InflateRaw: constants.INFLATERAW,
  Unzip: constants.UNZIP,
  BrotliCompress: constants.BROTLI_ENCODE,
  BrotliDecompress: constants.BROTLI_DECODE,
  ZstdCompress: constants.ZSTD_COMPRESS,
  ZstdDecompress: constants.ZSTD_DECOMPRESS,
};

// -- whole buffers

function inputBytes(buffer) {
  if (typeof buffer === 'string') return Buffer.from(buffer);
  if (!isBytes(buffer)) {
    throw new ERR_INVALID_ARG_TYPE('buffer', ['string', 'Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'], buffer);
  }
  return buffer;
}

function result(bytes, name, options, limit) {
  if (bytes === undefined) throw new ERR_BUFFER_TOO_LARGE(limit);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!options?.info) return buffer;
  const engine = new exports[name](options);
  engine.close();
  return { buffer, engine };
}

function syncForm(name) {
  const mode = modes[name];
  const lower = `${name[0].toLowerCase()}${name.slice(1)}Sync`;
  return {
    [lower](buffer, options) {
      const input = inputBytes(buffer);
      const { finishFlush, maxOutputLength, forHost } = checkOptions(options, mode);
      return result(host.run(mode, forHost, input, finishFlush, maxOutputLength), name, options, maxOutputLength);
    },
  }[lower];
}

function callbackForm(name) {
  const mode = modes[name];
  const lower = name[0].toLowerCase() + name.slice(1);
  return {
    [lower](buffer, options, callback) {
      if (typeof options === 'function') [options, callback] = [undefined, options];
      validateFunction(callback, 'callback');
      const input = inputBytes(buffer);
      const { finishFlush, maxOutputLength, forHost } = checkOptions(options, mode);
      const run = () =>
        host
          .runLater(mode, forHost, input, finishFlush, maxOutputLength)
          .then((bytes) => result(bytes, name, options, maxOutputLength));
      request('ZLIB', run, callback);
    },
  }[lower];
}

// -- streams

const streams = () => require('internal/zlib/streams');

function lazyClass(name) {
  const define = (value) =>
    Object.defineProperty(exports, name, {
      __proto__: null,
      configurable: true,
      enumerable: true,
      value,
      writable: true,
    });
  Object.defineProperty(exports, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      define(streams()[name]);
      return exports[name];
    },
    set: define,
  });
}

function createForm(name) {
  return {
    __proto__: null,
    configurable: true,
    enumerable: true,
    value: function (options) {
      return new (streams()[name])(options);
    },
  };
}

exports.crc32 = function crc32(data, value = 0) {
  if (typeof data !== 'string' && !ArrayBuffer.isView(data)) {
    throw new ERR_INVALID_ARG_TYPE('data', ['Buffer', 'TypedArray', 'DataView', 'string'], data);
  }
  validateUint32(value, 'value');
  return host.crc32(data, value);
};

for (const name of Object.keys(modes)) {
  lazyClass(name);
  const lower = name[0].toLowerCase() + name.slice(1);
  exports[lower] = callbackForm(name);
  exports[`${lower}Sync`] = syncForm(name);
  Object.defineProperty(exports, `create${name}`, createForm(name));
}

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
